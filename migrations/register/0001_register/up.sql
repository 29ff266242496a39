-- Accounts and keys

-- People. The private key in sealed_key and the post's keys in post_keys are sealed to the
-- identity that only the account's password gives; recipient is its public half, and bound the
-- account's own signature of it: nobody else can put another in its place. unit:
-- the one that a case-unit account belongs to.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,
    salt BLOB NOT NULL,
    verifier BLOB NOT NULL,
    recipient TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    sealed_key BLOB NOT NULL,
    post_keys BLOB,
    bound TEXT NOT NULL,
    must_change BOOLEAN NOT NULL,
    closed BOOLEAN NOT NULL,
    unit TEXT
);

-- Desks from which somebody has signed in: SHA-256 of the device cookie.
CREATE TABLE devices (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    account TEXT NOT NULL
);

-- Statements that were signed, so that no serial is given out twice.
CREATE TABLE statements (
    serial INTEGER PRIMARY KEY NOT NULL,
    signed_on TEXT NOT NULL,
    note TEXT NOT NULL
);

-- Reports

-- The keys of a mailbox's first letter: a later letter with others is refused. number: the place
-- of that letter in the order of first receipt, by which officers and auditors name the report. stage: how far the
-- handling is; which case and which claim it led to stands only in sealed records. erased_on: the day on which its letters
-- and enclosures were last erased. feed: none for what people sent; lists keep the two apart.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL UNIQUE,
    number BIGINT NOT NULL UNIQUE,
    reply_to TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL DEFAULT 'new',
    erased_on TEXT,
    feed TEXT
);

-- Letters as the portal had them. kind: none until one was opened. sealed: empty once a letter
-- turned out to say nothing. inner_digest: the same inner file in a new envelope is a copy.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id),
    letter TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    inner_digest TEXT UNIQUE,
    sequence BIGINT NOT NULL UNIQUE,
    received_on TEXT NOT NULL,
    kind TEXT,
    sealed BLOB NOT NULL,
    UNIQUE (mailbox, letter)
);

-- Letters that were refused or do not open: kept, and in nobody's way. mailbox: of one that was
-- admitted and does not open.
CREATE TABLE unreadable (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT REFERENCES mailboxes (id),
    digest TEXT NOT NULL UNIQUE,
    sequence BIGINT NOT NULL,
    received_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    sealed BLOB NOT NULL
);

-- Enclosures by the digest of their letter. complete: all parts are in the console's own store.
CREATE TABLE enclosures (
    id INTEGER PRIMARY KEY NOT NULL,
    letter TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL
);

-- The post's own records of a report, sealed to the post: answers, and the steps of its handling.
-- number counts within a mailbox and series: of two officers who write at once the second is told.
-- attested: the author's signed request and the recorder's receipt, without which nothing is shown.
CREATE TABLE sealed_records (
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

-- Clues that were taken in, by SHA-256 of feed and id: what is sent again is one.
CREATE TABLE clues (
    id INTEGER PRIMARY KEY NOT NULL,
    event TEXT NOT NULL UNIQUE,
    report BIGINT NOT NULL
);

-- Cases and claims

-- Cases and claims: nothing here points to a report.
CREATE TABLE ledgers (
    id INTEGER PRIMARY KEY NOT NULL,
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    unit TEXT,
    UNIQUE (series, number)
);

-- What was entered in them, as JSON. Never altered.
CREATE TABLE ledger_entries (
    id INTEGER PRIMARY KEY NOT NULL,
    ledger BIGINT NOT NULL REFERENCES ledgers (id),
    number BIGINT NOT NULL,
    entered_on TEXT NOT NULL,
    author TEXT NOT NULL,
    entry TEXT NOT NULL,
    attested TEXT NOT NULL,
    UNIQUE (ledger, number)
);

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE (ABORT, 'entries of cases and claims are never altered');
END;

CREATE TRIGGER ledger_entries_remain BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE (ABORT, 'entries of cases and claims are never deleted');
END;

-- A case may have several penalty decisions; each belongs to one case, and is rewarded once a share.
CREATE TABLE ledger_documents (
    id INTEGER PRIMARY KEY NOT NULL,
    ledger BIGINT NOT NULL REFERENCES ledgers (id),
    document TEXT NOT NULL UNIQUE
);

-- Fact sheets that wait for their day to become cases, sealed to the post; those of reports and those
-- of inspections look alike. id is random: the order of rows says nothing. A row goes when its case
-- is opened.
CREATE TABLE waiting_sheets (
    id INTEGER PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL,
    attested TEXT NOT NULL
);

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

-- Money and identities

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

-- Exchange, figures and the access log

-- Exchanges that were begun; the number is the one that slots carry.
CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY NOT NULL,
    day TEXT NOT NULL,
    letters BIGINT NOT NULL,
    unreadable BIGINT NOT NULL,
    enclosures BIGINT NOT NULL,
    slots BIGINT NOT NULL,
    problem TEXT
);

-- Figures that the public was told, by quarter: never told again in another form, since the difference
-- would show what came in between.
CREATE TABLE results (
    quarter TEXT PRIMARY KEY NOT NULL,
    figures TEXT NOT NULL,
    attested TEXT NOT NULL
);

-- What the recorder must still be told: it was not there at the time.
CREATE TABLE notices (
    -- Never used twice: another process may forget what it has just handed over.
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    notice TEXT NOT NULL
);

-- Checkpoints of the access log that the console holds. name: held, what every later state must
-- contain; witnessed, the newest one that a witness has cosigned.
CREATE TABLE checkpoints (
    name TEXT PRIMARY KEY NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Checkpoints that cannot both be true. acknowledged_by: the auditor who let the console go on; until
-- then it opens nothing.
CREATE TABLE contradictions (
    id INTEGER PRIMARY KEY NOT NULL,
    held TEXT NOT NULL,
    found TEXT NOT NULL,
    acknowledged_by TEXT
);
