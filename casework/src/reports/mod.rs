//! Reports: the codes of their fields, their handling, and the similarity between them.

mod fields;
mod handling;
mod handling_refusal;
mod similarity;
mod stage;
mod step;

pub use fields::{Category, Naming, Ongoing, Origin, ReporterKind, RewardWish};
pub use handling::{EnteredByOfficer, Handling};
pub use handling_refusal::HandlingRefusal;
pub use similarity::{Particulars, Similarity, similarities};
pub use stage::ReportStage;
pub use step::{Classification, HandlingStep};
