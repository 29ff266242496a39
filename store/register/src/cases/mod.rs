//! Ledgers of cases and claims, fact sheets that wait, evidence, and events for other systems.

pub(crate) mod events;
pub(crate) mod evidence;
pub(crate) mod fact_sheets;
pub(crate) mod ledgers;
