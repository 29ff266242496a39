-- Statements that were signed, so that no serial is given out twice.
CREATE TABLE statements (
    serial INTEGER PRIMARY KEY NOT NULL,
    signed_on TEXT NOT NULL,
    note TEXT NOT NULL
);

-- The keys of a mailbox's first letter: a later letter with others is refused.
CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL UNIQUE,
    reply_to TEXT NOT NULL,
    verify_with TEXT NOT NULL
);

-- Letters admitted so far. inner_digest: the same inner file in a new envelope is a copy.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY NOT NULL,
    mailbox BIGINT NOT NULL REFERENCES mailboxes (id),
    letter TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    inner_digest TEXT NOT NULL UNIQUE,
    sequence BIGINT NOT NULL UNIQUE,
    UNIQUE (mailbox, letter)
);
