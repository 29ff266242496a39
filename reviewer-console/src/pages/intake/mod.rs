//! What comes in otherwise than through a browser.

pub(crate) mod import;
pub(crate) mod manual_entry;
