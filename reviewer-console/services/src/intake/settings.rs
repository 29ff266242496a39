//! Configuration of the intake: where other systems send clues, and which systems may.

use std::path::PathBuf;

use serde::Deserialize;

/// Configuration of the intake. Paths are relative to the console's folder.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeSettings {
    /// Address and port to listen on.
    pub listen: String,
    /// File of the intake's own certificate, in PEM.
    pub certificate: PathBuf,
    /// File of that certificate's key, in PEM.
    pub key: PathBuf,
    /// The systems that may send clues.
    pub senders: Vec<SenderSettings>,
}

/// A system that may send clues.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderSettings {
    /// Name of the feed, by which its clues are known.
    pub name: String,
    /// Code of the origin of its clues: `patrol`, `organisation`, `hotline` or `alarm`.
    pub origin: String,
    /// File of the certificate that identifies the sender, in PEM.
    pub certificate: PathBuf,
}
