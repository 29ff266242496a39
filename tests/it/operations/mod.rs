//! Backup and restore of all programs, and the daily mail.

mod backup;
mod mail;
