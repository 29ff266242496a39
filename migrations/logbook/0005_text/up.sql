-- An entry is the text that its leaf covers; everything else is read out of it, so that nothing that
-- is searched or shown can differ from what was hashed.
DROP TRIGGER entries_stay;
DROP TRIGGER entries_remain;
ALTER TABLE entries RENAME TO entries_before;

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

INSERT INTO entries (sequence, text, salt)
SELECT
    sequence,
    json_object(
        'sequence', sequence, 'at', at, 'account', account, 'role', role, 'action', action,
        'subject', subject, 'report', report, 'purpose', purpose, 'nonce', nonce, 'ask', ask
    ),
    coalesce(salt, x'')
FROM entries_before ORDER BY sequence;
DROP TABLE entries_before;

-- A signed request is taken but once.
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
