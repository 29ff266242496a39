//! Exchanges, interrupted and attacked.

mod adversary;
mod bundles;
mod copies;
mod interrupted;
