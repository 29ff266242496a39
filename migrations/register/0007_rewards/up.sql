-- Orders to pay. Which claim an order belongs to stands in the claim, by the order's digest; nothing here
-- points to a claim, a case or a report. id: from the digest, so that the order of rows says nothing.
-- note: the hash of the note that is paid for it; of a slip none before the custodian has made it.
-- noted: the custodian's signed request to make a slip's note, which names no letter, and the receipt for it.
CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    note TEXT UNIQUE,
    noted TEXT,
    state TEXT NOT NULL
);

-- Each order is paid once. Receipts count within a year.
CREATE TABLE payments (
    id INTEGER PRIMARY KEY NOT NULL,
    order_digest TEXT NOT NULL UNIQUE REFERENCES orders (digest),
    receipt TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    paid_on TEXT NOT NULL,
    account TEXT NOT NULL,
    attested TEXT NOT NULL
);

CREATE TRIGGER payments_stay BEFORE UPDATE ON payments
BEGIN
    SELECT RAISE (ABORT, 'payments are never altered');
END;

CREATE TRIGGER payments_remain BEFORE DELETE ON payments
BEGIN
    SELECT RAISE (ABORT, 'payments are never deleted');
END;

-- What a year has for rewards, in fen; the newest line counts, the earlier ones stay.
CREATE TABLE budgets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    entered_on TEXT NOT NULL,
    account TEXT NOT NULL,
    attested TEXT NOT NULL
);

-- Requests to the custodian to open an identity envelope. letter: the one that it came in. asking: which
-- mailbox, which order, to whom the answer is sealed; sealed to the custodian, since letter and order must not
-- stand together. answer: what was opened, sealed; none for a slip, which is printed and kept nowhere.
CREATE TABLE identity_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    letter TEXT NOT NULL,
    reason TEXT NOT NULL,
    document TEXT NOT NULL,
    asking BLOB NOT NULL,
    envelope BLOB NOT NULL,
    asked_on TEXT NOT NULL,
    account TEXT NOT NULL,
    attested TEXT NOT NULL,
    state TEXT NOT NULL,
    answered_on TEXT,
    answered_by TEXT,
    answered TEXT,
    answer BLOB
);
