//! What the recorder knows of reports.

pub(crate) mod erasure_check;
