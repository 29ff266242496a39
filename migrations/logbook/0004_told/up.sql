-- The entry whose leaf covers an opening, and the salt under which it does; none where the letter
-- had no known mailbox yet when its entry was made, and for openings from before.
ALTER TABLE openings ADD COLUMN sequence BIGINT;
ALTER TABLE openings ADD COLUMN salt BLOB;
CREATE UNIQUE INDEX openings_sequence ON openings (sequence);
