//! Cases: reading, listing and entering; fact sheets on their way to becoming cases; events for other systems.

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
