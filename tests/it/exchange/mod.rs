//! Exchanges, interrupted and attacked.

mod adversary;
mod interrupted;
