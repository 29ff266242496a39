-- The post's own papers on a report, sealed to the post: answers, and the steps of its handling.
-- number counts within a mailbox and series: of two officers who write at once the second is told.
-- attested: the author's signed request and the recorder's receipt, without which nothing is shown.
-- Answers from before have none: until now no version was in use.
CREATE TABLE papers (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id),
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    written_on TEXT NOT NULL,
    author TEXT NOT NULL,
    sealed BLOB NOT NULL,
    attested TEXT NOT NULL,
    UNIQUE (mailbox, series, number)
);
DROP TABLE replies;

-- How far the handling is. Which case and which claim it led to stands only in the papers.
ALTER TABLE mailboxes ADD COLUMN stage TEXT NOT NULL DEFAULT 'new';

-- The unit that a case-unit account belongs to.
ALTER TABLE accounts ADD COLUMN unit TEXT;

-- Cases and claims: nothing here points to a report. document: the standing penalty decision,
-- which belongs to one case.
CREATE TABLE dossiers (
    id INTEGER PRIMARY KEY NOT NULL,
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    unit TEXT,
    document TEXT UNIQUE,
    UNIQUE (series, number)
);

-- What was entered in them, as JSON. Never altered.
CREATE TABLE dossier_entries (
    id INTEGER PRIMARY KEY NOT NULL,
    dossier BIGINT NOT NULL REFERENCES dossiers (id),
    number BIGINT NOT NULL,
    entered_on TEXT NOT NULL,
    author TEXT NOT NULL,
    entry TEXT NOT NULL,
    attested TEXT NOT NULL,
    UNIQUE (dossier, number)
);

CREATE TRIGGER dossier_entries_stay BEFORE UPDATE ON dossier_entries
BEGIN
    SELECT RAISE (ABORT, 'entries of cases and claims are never altered');
END;

CREATE TRIGGER dossier_entries_remain BEFORE DELETE ON dossier_entries
BEGIN
    SELECT RAISE (ABORT, 'entries of cases and claims are never deleted');
END;
