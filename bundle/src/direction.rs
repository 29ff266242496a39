//! The two directions, and the keys that sign in each.

use crypto::keys::note_text::{ExchangeKey, PortalKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::record::{InwardRecord, OutwardRecord};

/// A direction of bundles.
pub trait Direction: Send + Sync + 'static {
    /// The key that signs bundles in this direction.
    type Key;
    /// What bundles in this direction consist of.
    type Record: Serialize + DeserializeOwned;
    /// The direction's name, in heads and file names.
    const NAME: &'static str;
    /// Whether a bundle carries the root's note that names its key.
    const NAMES_YEAR: bool;
}

/// From the portal to the console; signed by the portal's key, which the console's configuration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inward {}

/// From the console to the portal; signed by the exchange key, which the root names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outward {}

impl Direction for Inward {
    type Key = PortalKey;
    type Record = InwardRecord;
    const NAME: &'static str = "inward";
    const NAMES_YEAR: bool = false;
}

impl Direction for Outward {
    type Key = ExchangeKey;
    type Record = OutwardRecord;
    const NAME: &'static str = "outward";
    const NAMES_YEAR: bool = true;
}
