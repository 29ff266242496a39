//! The intake as the configuration has it: where other systems send clues, and which systems those are.

use std::path::PathBuf;

use serde::Deserialize;

/// The intake as the configuration has it. Paths are relative to the console's folder.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeSettings {
    /// The address to listen on.
    pub listen: String,
    /// The intake's own certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// Who may send.
    pub senders: Vec<SenderSettings>,
}

/// Somebody who may send.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderSettings {
    /// By which its clues are known.
    pub name: String,
    /// The code of the origin of its clues.
    pub origin: String,
    /// By which it is known.
    pub certificate: PathBuf,
}
