//! The pages, in one folder for each subject. No page names another; what several pages share is in `labels` and
//! `fragments`.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod cases;
pub(crate) mod exchange;
pub(crate) mod figures;
pub(crate) mod finance;
pub(crate) mod identity;
pub(crate) mod intake;
pub(crate) mod keys;
pub(crate) mod reports;
pub(crate) mod rewards;
