-- Checkpoints of the access log that the console holds. name: held, what every later state must
-- contain; witnessed, the newest one that a witness has cosigned.
CREATE TABLE checkpoints (
    name TEXT PRIMARY KEY NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Checkpoints that cannot both be true. acknowledged_by: the auditor who let the console go on; until
-- then it opens nothing.
CREATE TABLE contradictions (
    id INTEGER PRIMARY KEY NOT NULL,
    held TEXT NOT NULL,
    found TEXT NOT NULL,
    acknowledged_by TEXT
);
