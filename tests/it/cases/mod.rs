//! Cases, and the wall between them and reports.

mod case_life;
mod case_to_reward;
mod feeds;
mod wall;
