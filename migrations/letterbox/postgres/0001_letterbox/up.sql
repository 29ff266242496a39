-- Every key is 63 bits that say nothing of the order of arrival: the first 63 of the mailbox
-- hash, or random ones. Days only, no times. (PostgreSQL's own xmin still orders transactions:
-- SECURITY.md.)
CREATE TABLE mailboxes (
    id BIGINT PRIMARY KEY NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    slot BYTEA NOT NULL
);

CREATE TABLE letters (
    id BIGINT PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL UNIQUE CHECK (length(digest) = 32),
    sealed BYTEA NOT NULL,
    received_on TEXT NOT NULL
);
CREATE INDEX letters_mailbox ON letters (mailbox);

-- size: bytes before sealing, one of few; the number of parts follows from it.
CREATE TABLE enclosures (
    id BIGINT PRIMARY KEY NOT NULL,
    letter BIGINT NOT NULL UNIQUE REFERENCES letters (id) ON DELETE CASCADE,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL
);

CREATE TABLE key_statements (
    serial BIGINT PRIMARY KEY NOT NULL,
    statement TEXT NOT NULL
);

-- What the post signs for everybody to read, one row each: 1 the newest checkpoint of the access log,
-- 2 the results.
CREATE TABLE notes (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id IN (1, 2)),
    note TEXT NOT NULL
);

-- Ciphertext is compressed by nothing; trying costs time on every letter.
ALTER TABLE mailboxes ALTER COLUMN slot SET STORAGE EXTERNAL;
ALTER TABLE letters ALTER COLUMN sealed SET STORAGE EXTERNAL;
