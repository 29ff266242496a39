-- The portal's own role on PostgreSQL: it may add letters and see which it has, but never read
-- what they hold. Run by the database's owner after `portal migrate`:
--   psql DATABASE -v portal=ROLE -f deploy/letterbox-role.sql

GRANT USAGE ON SCHEMA public TO :"portal";
GRANT SELECT ON __diesel_schema_migrations TO :"portal";
GRANT SELECT, INSERT ON mailboxes TO :"portal";
GRANT INSERT, SELECT (id, mailbox, digest) ON letters TO :"portal";
GRANT INSERT, SELECT, UPDATE (attempt, folder, size, complete) ON enclosures TO :"portal";
GRANT SELECT ON key_statements TO :"portal";
GRANT SELECT ON notes TO :"portal";
GRANT SELECT ON exchange_state TO :"portal";
