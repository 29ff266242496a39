//! Keys: whose the recorder takes, and who holds the post's.

pub(crate) mod key_roster;
pub(crate) mod post_key_grants;
