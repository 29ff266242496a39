-- The feed that a report came from; none for what people sent. Lists keep the two apart, so that a
-- flood of alarms buries nobody's letter.
ALTER TABLE mailboxes ADD COLUMN feed TEXT;

-- Clues that were taken in, by SHA-256 of feed and id: what is sent again is one.
CREATE TABLE clues (
    id INTEGER PRIMARY KEY NOT NULL,
    event TEXT NOT NULL UNIQUE,
    report BIGINT NOT NULL
);

-- Fact sheets that wait for their day to become cases, sealed to the post; those of reports and those
-- of inspections look alike. id is random: the order of rows says nothing. A row goes when its case
-- is opened.
CREATE TABLE waiting_sheets (
    id INTEGER PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL,
    attested TEXT NOT NULL
);

-- A case may have several penalty decisions; each belongs to one case, and is rewarded once a share.
CREATE TABLE dossier_documents (
    id INTEGER PRIMARY KEY NOT NULL,
    dossier BIGINT NOT NULL REFERENCES dossiers (id),
    document TEXT NOT NULL UNIQUE
);
-- A claim's is for the whole of its decision: the first share of one.
INSERT INTO dossier_documents (dossier, document)
    SELECT id, document || CASE series WHEN 'claim' THEN ' #1' ELSE '' END FROM dossiers WHERE document IS NOT NULL;
-- The column stays, since SQLite cannot drop one that is unique; nothing reads it.
UPDATE dossiers SET document = NULL;

-- Files that belong to entries of cases, by SHA-256.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
);

-- What other systems are told of cases, in order; written in the transaction of the entry that it
-- tells of. signature: of the event's bytes, in base64.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    event TEXT NOT NULL,
    signature TEXT NOT NULL
);

-- How far each receiver has them.
CREATE TABLE receivers (
    name TEXT PRIMARY KEY NOT NULL,
    delivered BIGINT NOT NULL
);

-- Figures that the public was told, by quarter: never told again in another form, since the difference
-- would show what came in between.
CREATE TABLE results (
    quarter TEXT PRIMARY KEY NOT NULL,
    figures TEXT NOT NULL,
    attested TEXT NOT NULL
);
