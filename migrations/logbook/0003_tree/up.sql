-- The log as a Merkle tree. salt: 32 random bytes, without which a leaf tells nobody what was
-- done; none for entries from before the tree.
ALTER TABLE entries ADD COLUMN salt BLOB;

-- Hashes in the order of RFC 6962's storage by Crosby and Wallach: leaves, and each subtree after
-- its last leaf. Rows are never altered.
CREATE TABLE tree (
    place INTEGER PRIMARY KEY NOT NULL,
    hash BLOB NOT NULL
);

CREATE TRIGGER tree_stays BEFORE UPDATE ON tree
BEGIN
    SELECT RAISE (ABORT, 'the tree is never altered');
END;

CREATE TRIGGER tree_remains BEFORE DELETE ON tree
BEGIN
    SELECT RAISE (ABORT, 'the tree is never cut');
END;

-- Checkpoints that were signed: what leaves the house can be held against them.
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY NOT NULL,
    note TEXT NOT NULL
);

CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
BEGIN
    SELECT RAISE (ABORT, 'checkpoints are never altered');
END;

CREATE TRIGGER checkpoints_remain BEFORE DELETE ON checkpoints
BEGIN
    SELECT RAISE (ABORT, 'checkpoints are never deleted');
END;
