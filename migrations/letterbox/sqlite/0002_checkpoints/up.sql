-- The newest checkpoint of the access log, for anyone to fetch: one row.
CREATE TABLE checkpoints (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    note TEXT NOT NULL
);
