//! Cases: the list, one case and its forms, fact sheets on their way to it.

pub(crate) mod case;
pub(crate) mod case_list;
pub(crate) mod evidence;
pub(crate) mod fact_sheet;
pub(crate) mod fact_sheet_queue;
mod forms;
pub(crate) mod fragments;
pub(crate) mod labels;
pub(crate) mod sheet_review;
