//! Keys: which accounts' keys the recorder accepts, and who holds the post's keys.

pub(crate) mod key_roster;
pub(crate) mod post_key_grants;
