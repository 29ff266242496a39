//! Sealing: hybrid recipients, the outer layer, padding, enclosures, identity envelopes.

pub mod enclosure;
pub mod identity_envelope;
pub mod outer;
pub mod padded;
pub mod recipient;
pub mod sealed;
