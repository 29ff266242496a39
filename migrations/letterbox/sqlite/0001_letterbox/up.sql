-- Row keys are 63 bits that do not show the order of arrival: the first 63 of the mailbox hash, or random ones. An
-- implicit rowid would number the visitors. Days are stored, no times.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    slot BLOB NOT NULL
);

CREATE TABLE letters (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed BLOB NOT NULL,
    received_on TEXT NOT NULL,
    UNIQUE (mailbox, digest)
);

CREATE INDEX letters_digest ON letters (digest);

-- size: bytes before sealing, one of a few sizes; it determines the number of parts.
CREATE TABLE enclosures (
    id INTEGER PRIMARY KEY NOT NULL,
    letter BIGINT NOT NULL UNIQUE REFERENCES letters (id) ON DELETE CASCADE,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL
);

CREATE TABLE key_statements (
    serial INTEGER PRIMARY KEY NOT NULL,
    statement TEXT NOT NULL
);

-- Notes that the post signs for everybody to read, one row each: 1 the newest checkpoint of the access log, 2 the
-- results.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id IN (1, 2)),
    note TEXT NOT NULL
);
