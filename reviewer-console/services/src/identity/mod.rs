//! Identities of reporters. An officer asks for one with a reason. The custodian opens it with a key that nobody else
//! holds, or refuses.

pub mod ask_identity;
pub mod open_identity;
pub mod read_identities;
pub mod read_requests;
pub mod refuse_identity;
pub mod request;
