//! Integration tests: real processes, a real PostgreSQL, no browser. Folders are named after the nouns of the code.

mod accounts;
mod audit;
mod cases;
mod exchange;
mod figures;
mod identity;
mod intake;
mod operations;
mod portal;
mod reports;
mod rewards;
