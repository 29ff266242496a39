//! Keys: the offline root's, key statements, who holds the post's, whose keys the recorder takes.

pub mod key_roster;
pub mod post_key_grants;
pub mod public_keys;
pub mod root;
pub mod statement;
