-- Until now nothing was taken in: the tables of letters begin anew, with what the exchange brings.
DROP TABLE letters;
DROP TABLE mailboxes;

-- People. The private key in sealed_key and the post's keys in post_keys are sealed to the
-- identity that only the account's password gives; recipient is its public half, and bound the
-- account's own signature of it: nobody else can put another in its place.
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
    closed BOOLEAN NOT NULL
);

-- Desks from which somebody has signed in: SHA-256 of the device cookie.
CREATE TABLE devices (
    id INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    account TEXT NOT NULL
);

-- The keys of a mailbox's first letter: a later letter with others is refused. number: the place
-- of that letter in the order of first receipt, by which officers and auditors name the report.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL UNIQUE,
    number BIGINT NOT NULL UNIQUE,
    reply_to TEXT NOT NULL,
    verify_with TEXT NOT NULL,
    state TEXT NOT NULL
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

-- The post's answers, sealed to the post. number counts within the mailbox: of two officers who
-- answer at once the second is told.
CREATE TABLE replies (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id),
    number BIGINT NOT NULL,
    written_on TEXT NOT NULL,
    author TEXT NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (mailbox, number)
);

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

-- What the recorder must still be told: it was not there at the time.
CREATE TABLE notices (
    -- Never used twice: another process may forget what it has just handed over.
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    notice TEXT NOT NULL
);
