-- First receipts: the order of reports, which no officer can change. Rows are never altered. mailbox: from the
-- outside of the letter.
CREATE TABLE first_receipts (
    sequence INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    recorded_at TEXT NOT NULL,
    mailbox TEXT NOT NULL
);

CREATE INDEX first_receipts_mailbox ON first_receipts (mailbox, sequence);

CREATE TRIGGER first_receipts_stay BEFORE UPDATE ON first_receipts
BEGIN
    SELECT RAISE (ABORT, 'first receipts are never altered');
END;

CREATE TRIGGER first_receipts_remain BEFORE DELETE ON first_receipts
BEGIN
    SELECT RAISE (ABORT, 'first receipts are never deleted');
END;

-- The access log. An entry is the text that its leaf covers. The columns from at to nonce are generated from it, so
-- that what is searched or shown cannot differ from what was hashed. salt: 32 random bytes, without which a leaf does
-- not reveal what was done. Rows are never altered.
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    salt BLOB NOT NULL,
    at TEXT GENERATED ALWAYS AS (json_extract(text, '$.at')) VIRTUAL,
    account TEXT GENERATED ALWAYS AS (json_extract(text, '$.account')) VIRTUAL,
    role TEXT GENERATED ALWAYS AS (json_extract(text, '$.role')) VIRTUAL,
    action TEXT GENERATED ALWAYS AS (json_extract(text, '$.action')) VIRTUAL,
    subject TEXT GENERATED ALWAYS AS (json_extract(text, '$.subject')) VIRTUAL,
    report BIGINT GENERATED ALWAYS AS (json_extract(text, '$.report')) VIRTUAL,
    purpose TEXT GENERATED ALWAYS AS (json_extract(text, '$.purpose')) VIRTUAL,
    nonce TEXT GENERATED ALWAYS AS (json_extract(text, '$.nonce')) VIRTUAL
);

-- A signed request is accepted only once.
CREATE UNIQUE INDEX entries_nonce ON entries (nonce);
CREATE INDEX entries_account ON entries (account, sequence);
CREATE INDEX entries_report ON entries (report, sequence);

CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE (ABORT, 'entries are never altered');
END;

CREATE TRIGGER entries_remain BEFORE DELETE ON entries
BEGIN
    SELECT RAISE (ABORT, 'entries are never deleted');
END;

-- Access records shown to reporters: one for each person, role, purpose and day, numbered by mailbox. sequence, salt:
-- the place of the entry whose leaf covers the record, and the salt under which it does.
CREATE TABLE openings (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL,
    number BIGINT NOT NULL,
    day TEXT NOT NULL,
    role TEXT NOT NULL,
    person INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    sequence BIGINT NOT NULL UNIQUE,
    salt BLOB NOT NULL,
    UNIQUE (mailbox, number),
    UNIQUE (mailbox, day, role, person, purpose)
);

CREATE TRIGGER openings_stay BEFORE UPDATE ON openings
BEGIN
    SELECT RAISE (ABORT, 'openings are never altered');
END;

CREATE TRIGGER openings_remain BEFORE DELETE ON openings
BEGIN
    SELECT RAISE (ABORT, 'openings are never deleted');
END;

-- The roster: accounts whose keys are accepted. Changed only together with an entry.
CREATE TABLE accounts (
    number INTEGER PRIMARY KEY NOT NULL,
    account TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL
);

-- Hashes in the order of RFC 6962's storage by Crosby and Wallach: leaves, and each subtree after its last leaf. Rows
-- are never altered.
CREATE TABLE tree (
    place INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL
);

CREATE TRIGGER tree_stays BEFORE UPDATE ON tree
BEGIN
    SELECT RAISE (ABORT, 'the tree is never altered');
END;

CREATE TRIGGER tree_remains BEFORE DELETE ON tree
BEGIN
    SELECT RAISE (ABORT, 'the tree is never cut');
END;

-- Signed checkpoints, against which published checkpoints can be compared.
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY NOT NULL,
    note TEXT NOT NULL
);

CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE (ABORT, 'checkpoints are never altered');
END;

CREATE TRIGGER checkpoints_remain BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE (ABORT, 'checkpoints are never deleted');
END;
