//! Exchanges, their totals, and the mailboxes whose slots they renew.

pub(crate) mod bundles;
pub(crate) mod exchanges;
pub(crate) mod mailboxes;
