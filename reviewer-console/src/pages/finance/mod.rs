//! Finance's desk.

pub(crate) mod budget;
pub(crate) mod desk;
pub(crate) mod payments;
