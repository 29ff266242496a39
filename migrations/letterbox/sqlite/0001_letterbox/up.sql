-- Row keys are 63 bits that do not show the order of arrival: the first 63 of the mailbox hash, or random ones. An
-- implicit rowid would number the visitors. Days are stored, no times.
--
-- touched: random at every visit, so that visits to new and known mailboxes write as much.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    slot BLOB NOT NULL,
    touched BIGINT NOT NULL
);

-- sealed: empty once collected, while the enclosure is awaited. unused_slot: the first slot of a visit to a known
-- mailbox, for the same reason as touched.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed BLOB NOT NULL,
    unused_slot BLOB NOT NULL,
    received_on TEXT NOT NULL,
    UNIQUE (mailbox, digest)
);

-- The right to send a letter's enclosure, one for each letter. id: the letter's. lock: the hash of the token that
-- permits it. attempt: 0 before the first. folder: where the attempt's parts are, a random number. size: bytes before
-- sealing, one of a few sizes; it determines the number of parts. closed:
-- the exchange holds the attempt, and no other may begin.
CREATE TABLE enclosures (
    id INTEGER PRIMARY KEY NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
    lock BLOB NOT NULL UNIQUE CHECK (length(lock) = 32),
    attempt BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL,
    closed BOOLEAN NOT NULL
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
