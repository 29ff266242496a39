-- What the post signs for everybody to read, one row each: 1 the newest checkpoint of the access log,
-- 2 the results.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id IN (1, 2)),
    note TEXT NOT NULL
);
INSERT INTO notes (id, note) SELECT id, note FROM checkpoints;
DROP TABLE checkpoints;
