-- The mailbox of each letter, from its outside; none when the outer layer does not come off.
ALTER TABLE first_receipts ADD COLUMN mailbox TEXT;
CREATE INDEX first_receipts_mailbox ON first_receipts (mailbox, sequence);

-- The access log. Rows are never altered. nonce: a signed request is taken but once.
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    report BIGINT,
    purpose TEXT,
    nonce TEXT UNIQUE,
    ask TEXT
);
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

-- What reporters are told: one for each person, role, purpose and day, numbered by mailbox.
CREATE TABLE openings (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL,
    number BIGINT NOT NULL,
    day TEXT NOT NULL,
    role TEXT NOT NULL,
    person INTEGER NOT NULL,
    purpose TEXT NOT NULL,
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

-- Whose keys are taken. Changed only together with an entry.
CREATE TABLE people (
    number INTEGER PRIMARY KEY NOT NULL,
    account TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL
);
