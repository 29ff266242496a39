-- First receipts: the order of reports, which no officer can change. Rows are never altered.
CREATE TABLE first_receipts (
    sequence INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    recorded_at TEXT NOT NULL
);

CREATE TRIGGER first_receipts_stay BEFORE UPDATE ON first_receipts
BEGIN
    SELECT RAISE (ABORT, 'first receipts are never altered');
END;

CREATE TRIGGER first_receipts_remain BEFORE DELETE ON first_receipts
BEGIN
    SELECT RAISE (ABORT, 'first receipts are never deleted');
END;
