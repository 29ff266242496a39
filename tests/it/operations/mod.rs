//! Backup and mail.

mod backup;
mod mail;
