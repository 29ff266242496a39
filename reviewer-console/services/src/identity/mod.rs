//! Identities of reporters: an officer asks for one with a reason, the custodian opens it with a key that is in no other
//! hands, or refuses.

pub mod ask_identity;
pub mod open_identity;
pub mod read_identities;
pub mod read_requests;
pub mod refuse_identity;
pub mod request;
