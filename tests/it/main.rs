//! The programs together: real processes, a real PostgreSQL, no browser. Folders are the nouns of the code.

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
