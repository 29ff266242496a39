-- The console's own role on PostgreSQL: its exchange reads and erases collected letters and replaces slots;
-- what officers enter for somebody is put in like any letter.
-- Run by the database's owner after `portal migrate`:
--   psql DATABASE -v exchange=ROLE -f deploy/exchange-role.sql

GRANT USAGE ON SCHEMA public TO :"exchange";
GRANT SELECT ON __diesel_schema_migrations TO :"exchange";
GRANT SELECT, INSERT, UPDATE (slot), DELETE ON mailboxes TO :"exchange";
GRANT SELECT, INSERT, UPDATE (sealed, unused_slot), DELETE ON letters TO :"exchange";
GRANT SELECT, INSERT, UPDATE (closed), DELETE ON enclosures TO :"exchange";
GRANT SELECT, INSERT, UPDATE (note) ON notes TO :"exchange";
GRANT SELECT ON key_statements TO :"exchange";
