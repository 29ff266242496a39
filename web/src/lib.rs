//! What the sites share: headers, files served from memory, languages, look, clock, logging.

pub mod clock;
pub mod files;
pub mod headers;
pub mod language;
pub mod logging;
pub mod look;
pub mod rule_files;
