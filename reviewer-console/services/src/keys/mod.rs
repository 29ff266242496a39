//! Keys: the offline root, key statements, holders of the post's keys, and the recorder's roster.

pub mod key_roster;
pub mod post_key_grants;
pub mod public_keys;
pub mod publish;
pub mod root;
pub mod statement;
