//! Cases: read, listed, entered in; fact sheets on their way to them; what other systems are told.

pub mod case_events;
pub mod case_file;
pub mod cross_sheet;
pub mod enter_case;
pub mod fact_sheet_queue;
pub mod feeds;
pub mod list_cases;
pub mod read_case;
pub mod read_evidence;
pub mod reported_text;
pub mod review_sheet;
