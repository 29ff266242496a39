//! Exchanges, interrupted and attacked.

mod adversary;
mod copies;
mod interrupted;
