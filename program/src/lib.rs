//! What all programs share: start and exit, clock, log, files, sockets and rule files.

pub mod clock;
pub mod errors;
pub mod files;
pub mod logging;
pub mod permissions;
pub mod process;
pub mod rule_files;
pub mod socket;

pub use clock::Clock;
pub use errors::chain;
