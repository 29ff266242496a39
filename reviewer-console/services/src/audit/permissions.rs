//! Which records permit which reads, where several records permit one read or one record permits several. A function
//! that reads any of these takes a value that permits it, so code that forgets the record does not compile.
//!
//! A record that permits a single read is not here: the one function that does it takes the record by value
//! (`OpenLetter` in `reports/open_letter.rs`; `ShowList` in `reports/inbox.rs`; `ListEnclosure` and `ReadFile` in
//! `reports/read_enclosure.rs`; `ReadEvidence` in `cases/read_evidence.rs`; `ListIdentityRequests` in
//! `identity/read_requests.rs`; `OpenIdentity` in `identity/open_identity.rs`; `ReadIdentity` in
//! `identity/read_identities.rs`; `ReadLog` and `ExportLog` in `audit/log.rs`; `ReadRoster` in `keys/key_roster.rs`). A
//! permit is for a kind of thing. It holds for one case or claim because the reading function takes the number from the
//! record.

use recorder_protocol::{
    CompareReports, ListCases, ListClaims, ReadCase, ReadClaim, ReadFigures, ReadHandling, ReadOrder, ReadPayments,
    ReadReplies, ReadSheets, Recorded, RenewSlots,
};
use register::RecordSeries;

/// Cases, with their fact sheets.
pub(crate) struct Cases;
/// Claims, with their awards.
pub(crate) struct Claims;
/// Steps of handling reports.
pub(crate) struct Handlings;
pub(crate) struct Orders;
pub(crate) struct Payments;
/// Sealed answers to reporters.
pub(crate) struct Replies;
/// Fact sheets that wait for their case day.
pub(crate) struct Sheets;

/// A kind of record that is stored sealed to the post, with its series in the register.
pub(crate) trait SealedSeries {
    const SERIES: RecordSeries;
}

impl SealedSeries for Handlings {
    const SERIES: RecordSeries = RecordSeries::Handling;
}

impl SealedSeries for Replies {
    const SERIES: RecordSeries = RecordSeries::Reply;
}

/// A value that permits reading `T`.
pub(crate) trait Permits<T> {}

macro_rules! permits {
    ($($record:ty: $($what:ty),+;)*) => { $($(impl Permits<$what> for $record {})+)* };
}

permits! {
    // A report's handling names its case and its claim, and is shown with both.
    Recorded<ReadHandling>: Handlings, Cases, Claims;
    Recorded<ReadReplies>: Replies;
    Recorded<ReadSheets>: Sheets;
    Recorded<ListCases>: Cases;
    Recorded<ReadCase>: Cases;
    // Approvers see claims with the cases that they rest on; with a single claim also the year's budget.
    Recorded<ListClaims>: Claims, Cases;
    Recorded<ReadClaim>: Claims, Cases, Payments;
    // Each reading checks that the order follows from a claim; finance is shown only whether it does.
    Recorded<ReadOrder>: Orders, Claims, Cases, Payments;
    // Finance is shown sums of claims by quarter.
    Recorded<ReadPayments>: Payments, Claims;
    // Only sums are shown.
    Recorded<ReadFigures>: Handlings, Cases;
    // Slots show reporters the outcome of their reports.
    Recorded<RenewSlots>: Handlings, Claims, Cases, Replies;
    RuleCheck: Claims, Cases, Payments;
    ReportsCompared: Cases;
}

/// Permits the program's own reads to apply a rule. Nobody is shown what was read, at most that a rule refuses
/// something; and each change that follows is recorded.
pub(crate) struct RuleCheck(());

impl RuleCheck {
    /// At an exchange: which claims have reached a deadline.
    pub(crate) fn of_deadlines() -> Self {
        Self(())
    }

    /// Whether a case that a step names exists and came before the report.
    pub(crate) fn of_a_known_case() -> Self {
        Self(())
    }

    /// Whether a waiting fact sheet is a case already.
    pub(crate) fn of_waiting_sheets() -> Self {
        Self(())
    }
}

/// Permit from a recorded comparison of reports, which also reads fact sheets.
pub(crate) struct ReportsCompared(());

impl From<Recorded<CompareReports>> for ReportsCompared {
    fn from(recorded: Recorded<CompareReports>) -> Self {
        let CompareReports { .. } = recorded.into_action();
        Self(())
    }
}
