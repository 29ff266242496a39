-- The day on which a report's letters and enclosures were last erased; its entries, steps and
-- answers stay.
ALTER TABLE mailboxes ADD COLUMN erased_on TEXT;
