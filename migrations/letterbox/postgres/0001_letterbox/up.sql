-- Row keys are 63 bits that do not show the order of arrival: the first 63 of the mailbox hash, or random ones. Days
-- are stored, no times. (PostgreSQL's own xmin still orders transactions: SECURITY.md.)
--
-- touched: random at every visit, so that visits to new and known mailboxes write as much.
CREATE TABLE mailboxes (
    id BIGINT PRIMARY KEY NOT NULL,
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    slot BYTEA NOT NULL,
    touched BIGINT NOT NULL
);

-- bundle: number of the inward bundle that it went with; 0 before that, and again once acknowledged. acknowledged_on: the
-- day on which the console's acknowledgement was applied; empty before. sealed: emptied some days after that, while the
-- enclosure is awaited. unused_slot: the first slot of a visit to a known mailbox, for the same reason as touched.
CREATE TABLE letters (
    id BIGINT PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL CHECK (length(digest) = 32),
    sealed BYTEA NOT NULL,
    unused_slot BYTEA NOT NULL,
    received_on TEXT NOT NULL,
    bundle BIGINT NOT NULL DEFAULT 0,
    acknowledged_on TEXT NOT NULL DEFAULT '',
    UNIQUE (mailbox, digest)
);

-- What waits for a bundle is read in this order, some at a time.
CREATE INDEX letters_waiting ON letters (received_on, id) WHERE bundle = 0 AND acknowledged_on = '';

-- The right to send a letter's enclosure, one for each letter. id: the letter's. lock: the hash of the token that
-- permits it. attempt: 0 before the first. folder: where the attempt's parts are, a random number. size: bytes before
-- sealing, one of a few sizes; it determines the number of parts. closed: no attempt may begin, since this one went with a
-- bundle, or none is wanted. wanted: the console expects it. bundle, acknowledged_on: as for letters; the number is that of
-- the bundle with the last part.
CREATE TABLE enclosures (
    id BIGINT PRIMARY KEY NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
    lock BYTEA NOT NULL UNIQUE CHECK (length(lock) = 32),
    attempt BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL,
    closed BOOLEAN NOT NULL,
    wanted BOOLEAN NOT NULL DEFAULT FALSE,
    bundle BIGINT NOT NULL DEFAULT 0,
    acknowledged_on TEXT NOT NULL DEFAULT ''
);

CREATE TABLE key_statements (
    serial BIGINT PRIMARY KEY NOT NULL,
    statement TEXT NOT NULL
);

-- Notes that the post signs for everybody to read, one row each: 1 the newest checkpoint of the access log, 2 the
-- results.
CREATE TABLE notes (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id IN (1, 2)),
    note TEXT NOT NULL
);

-- How far the exchange is; one row. epoch: this portal's. last_head: the head of the last inward bundle, empty before the
-- first. applied: the console's bundles that were applied. lowest: numbers of inward bundles begin above this one. covered:
-- up to this row key every mailbox that the console knows has a slot here; -1 for none. keys_from: the first day of the
-- year's keys that signed the newest bundle, or empty.
CREATE TABLE exchange_state (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    epoch TEXT NOT NULL,
    last_head TEXT NOT NULL,
    applied TEXT NOT NULL,
    lowest BIGINT NOT NULL,
    covered BIGINT NOT NULL,
    keys_from TEXT NOT NULL
);

-- Ciphertext cannot be compressed; trying costs time on every letter.
ALTER TABLE mailboxes ALTER COLUMN slot SET STORAGE EXTERNAL;
ALTER TABLE letters ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE letters ALTER COLUMN unused_slot SET STORAGE EXTERNAL;
