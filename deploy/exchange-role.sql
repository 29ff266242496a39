-- The role of `portal pass` on PostgreSQL: it reads letters and erases them once they are acknowledged, replaces slots and
-- drops mailboxes, and publishes the post's notes.
-- Run by the database's owner after `portal migrate`:
--   psql DATABASE -v exchange=ROLE -f deploy/exchange-role.sql

GRANT USAGE ON SCHEMA public TO :"exchange";
GRANT SELECT ON __diesel_schema_migrations TO :"exchange";
GRANT SELECT, INSERT, UPDATE (slot), DELETE ON mailboxes TO :"exchange";
GRANT SELECT, UPDATE (sealed, unused_slot, bundle, acknowledged_on), DELETE ON letters TO :"exchange";
GRANT SELECT, UPDATE (complete, closed, wanted, bundle, acknowledged_on), DELETE ON enclosures TO :"exchange";
GRANT SELECT, INSERT, UPDATE (note) ON notes TO :"exchange";
GRANT SELECT, INSERT, DELETE ON key_statements TO :"exchange";
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_state TO :"exchange";
