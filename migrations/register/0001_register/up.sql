-- Accounts and keys

-- Accounts of people. The private key in sealed_key and the post's keys in post_keys are sealed to the identity that
-- is derived from the account's password alone. recipient is the public half of that identity. bound is recipient
-- signed with the account's own key, so that nobody else can replace it. unit: the unit of a case-unit account.
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

-- Devices from which somebody has signed in: SHA-256 of the device cookie.
CREATE TABLE devices (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    account TEXT NOT NULL
);

-- Signed key statements, so that no serial is used twice.
CREATE TABLE statements (
    serial INTEGER PRIMARY KEY NOT NULL,
    signed_on TEXT NOT NULL,
    note TEXT NOT NULL
);

-- Reports

-- Mailboxes. mailbox: the id, a hash of lock and keys; whoever uses a key computes it again. number: the place of the
-- first letter in the order of first receipt, by which officers and auditors name the report; none as long as only
-- cover letters came, which say nothing. cover_on: until then the day of the last of them. stage: the stage of
-- handling; the case and the claim it led to are named only in sealed records. erased_on: the day on which its
-- letters and enclosures were last erased. feed: none for what people sent; lists keep the two apart.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL UNIQUE,
    lock TEXT NOT NULL,
    number BIGINT UNIQUE,
    cover_on TEXT,
    reply_to TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL DEFAULT 'new',
    erased_on TEXT,
    feed TEXT
);

-- Letters as received from the portal; cover letters leave no row. kind: none until the letter was opened. enclosure:
-- whether one follows, until it is erased. sealed: empty for erased letters. inner_digest: an equal inner file in a new
-- envelope is a copy. A digest belongs to one mailbox, since a letter that came through another is never admitted.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id),
    letter TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    inner_digest TEXT UNIQUE,
    sequence BIGINT NOT NULL UNIQUE,
    received_on TEXT NOT NULL,
    kind TEXT,
    enclosure BOOLEAN NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (mailbox, letter)
);

-- Letters that were refused or do not open; stored apart, so that they block nothing. came_through: the mailbox that
-- brought it, which may be anybody's. mailbox, sequence, letter: for a letter that was admitted and does not open.
-- outer_keys: for a letter whose outside does not open, the recorder's keys that were tried. sealed: empty if only
-- the digest is kept.
CREATE TABLE unreadable (
    id INTEGER PRIMARY KEY NOT NULL,
    came_through TEXT NOT NULL,
    digest TEXT NOT NULL,
    mailbox BIGINT REFERENCES mailboxes (id),
    sequence BIGINT,
    letter TEXT,
    received_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    outer_keys TEXT,
    sealed BLOB NOT NULL,
    UNIQUE (came_through, digest)
);

-- What is kept of letters that do not open, however many digests there are.
CREATE INDEX unreadable_kept ON unreadable (length(sealed)) WHERE length(sealed) > 0;

-- Enclosures by the digest of their letter. attempt: of which the parts are; parts of two never fit together. complete: all parts are in the console's own store.
CREATE TABLE enclosures (
    id INTEGER PRIMARY KEY NOT NULL,
    letter TEXT NOT NULL UNIQUE,
    attempt BIGINT NOT NULL,
    size BIGINT NOT NULL,
    complete BOOLEAN NOT NULL
);

-- The post's own records of a report, sealed to the post: answers, and the steps of handling. number counts within a
-- mailbox and series: of two officers who write at once the second gets a conflict. attested: the author's signed
-- request and the recorder's receipt, without which nothing is shown.
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

-- Clues taken in, by SHA-256 of feed and id: a clue sent again is the same clue.
CREATE TABLE clues (
    id INTEGER PRIMARY KEY NOT NULL,
    event TEXT NOT NULL UNIQUE,
    report BIGINT NOT NULL
);

-- Cases and claims

-- Cases and claims: nothing here refers to a report.
CREATE TABLE ledgers (
    id INTEGER PRIMARY KEY NOT NULL,
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    unit TEXT,
    UNIQUE (series, number)
);

-- Entries of cases and claims, as JSON. Never altered.
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

-- Keys that only one ledger of a series may have. A case may have several penalty decisions; each belongs to one
-- case, and is rewarded once for each share.
CREATE TABLE ledger_documents (
    id INTEGER PRIMARY KEY NOT NULL,
    ledger BIGINT NOT NULL REFERENCES ledgers (id),
    document TEXT NOT NULL UNIQUE
);

-- Fact sheets that wait for their day to become cases, sealed to the post. Sheets of reports and of inspections look
-- alike. id is random, so that the order of rows shows nothing. A row is deleted when its case is opened.
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

-- Events about cases for other systems, in order; written in the transaction of the entry that they are about.
-- signature: of the event's bytes, in base64.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    event TEXT NOT NULL,
    signature TEXT NOT NULL
);

-- The last event delivered to each receiver.
CREATE TABLE receivers (
    name TEXT PRIMARY KEY NOT NULL,
    delivered BIGINT NOT NULL
);

-- Money and identities

-- Payment orders. The claim names its order by the order's digest; nothing here refers to a claim, a case or a
-- report. id: from the digest, so that the order of rows shows nothing. note: the hash of the note against which the
-- order is paid; for a slip, none until the custodian has made it. slip_request: the custodian's signed request to make a
-- slip's note, which names no letter, and the recorder's receipt for it.
CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    note TEXT UNIQUE,
    slip_request TEXT,
    state TEXT NOT NULL
);

-- Payments. Each order is paid once. Receipts count within a year.
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

-- Yearly budgets for rewards, in fen; the newest line counts, earlier ones remain.
CREATE TABLE budgets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    entered_on TEXT NOT NULL,
    account TEXT NOT NULL,
    attested TEXT NOT NULL
);

-- Requests to the custodian to open an identity envelope. letter: the letter that contained it. asking: the mailbox,
-- the order, and the recipient of the answer; sealed to the custodian, since letter and order must not be readable
-- together. answer: the opened identity, sealed; none for a slip, which is printed and stored nowhere.
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

-- Exchanges begun; slots carry their exchange's number.
CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY NOT NULL,
    day TEXT NOT NULL,
    letters BIGINT NOT NULL,
    unreadable BIGINT NOT NULL,
    enclosures BIGINT NOT NULL,
    slots BIGINT NOT NULL,
    problem TEXT
);

-- How far the exchange is on this side; one row. epoch: this console's. last_head: the head of the last outward bundle,
-- empty before the first. applied, applied_on: the portal's bundles that were applied, and the day on
-- which the newest was made. lowest: numbers of outward bundles begin above
-- this one. confirmed: the portal's epoch that a person has confirmed, or empty. reported_in, reported_upto: the outward
-- bundle that first told the portal of missing ones up to a number. told:
-- the newest outward bundle that the portal has applied. proposed: an epoch of the portal that waits to be
-- confirmed, or empty.
CREATE TABLE bundle_state (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    epoch TEXT NOT NULL,
    last_head TEXT NOT NULL,
    applied TEXT NOT NULL,
    applied_on TEXT NOT NULL,
    lowest BIGINT NOT NULL,
    confirmed TEXT NOT NULL,
    reported_in BIGINT NOT NULL,
    reported_upto BIGINT NOT NULL,
    told BIGINT NOT NULL,
    proposed TEXT NOT NULL
);

-- What the portal must still be told: a record of an outward bundle, in JSON. bundle: the last one that it was in, 0 for
-- none.
CREATE TABLE acknowledgements (
    id INTEGER PRIMARY KEY NOT NULL,
    record TEXT NOT NULL UNIQUE,
    bundle BIGINT NOT NULL
);

-- The newest of what every outward bundle brings to the portal: the key statement, in JSON, and the signed results.
CREATE TABLE public_notes (
    kind TEXT PRIMARY KEY NOT NULL,
    note TEXT NOT NULL
);

-- Published figures, by quarter. They are never published again in another form, since the difference would show what
-- arrived in between.
CREATE TABLE results (
    quarter TEXT PRIMARY KEY NOT NULL,
    figures TEXT NOT NULL,
    attested TEXT NOT NULL
);

-- Notices for the recorder, queued while it was unreachable.
CREATE TABLE notices (
    -- Never used twice: another process may delete the notice that it has just sent.
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    notice TEXT NOT NULL
);

-- Checkpoints of the access log that the console holds. name: held, the one that every later state must contain;
-- witnessed, the newest one that a witness has cosigned.
CREATE TABLE checkpoints (
    name TEXT PRIMARY KEY NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Checkpoints that contradict each other. acknowledged_by: the auditor who accepted the log as it is; until then the
-- console opens nothing.
CREATE TABLE contradictions (
    id INTEGER PRIMARY KEY NOT NULL,
    held TEXT NOT NULL,
    found TEXT NOT NULL,
    acknowledged_by TEXT
);
