//! Backup and restore of all programs, the daily mail, and their end.

mod backup;
mod confinement;
mod mail;
mod stop;
