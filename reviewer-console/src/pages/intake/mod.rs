//! Reports that do not come through a reporter's browser: entered by hand or imported.

pub(crate) mod import;
pub(crate) mod manual_entry;
