//! What each record permits to be read, where several records permit it or several things are read together. A function that reads any of these takes a value that permits it, so one that
//! forgets the record does not compile.
//!
//! A record that permits one thing alone is not here: the one function that does it takes the record by value
//! (`OpenLetter` in `reports/open_letter.rs`; `ShowList` in `reports/inbox.rs`; `ListEnclosure` and `ReadFile` in
//! `reports/read_enclosure.rs`; `ReadEvidence` in `cases/read_evidence.rs`; `ListIdentityRequests` in
//! `identity/read_requests.rs`; `OpenIdentity` in `identity/open_identity.rs`; `ReadIdentity` in `identity/read_identities.rs`; `ReadLog` and `ExportLog` in
//! `audit/log.rs`; `ReadRoster` in `keys/key_roster.rs`). A permit is for a kind of thing: that it is for this very
//! case or claim is held by whoever reads it taking the number from the record.

use recorder_protocol::{
    CompareReports, ListCases, ListClaims, ReadCase, ReadClaim, ReadFigures, ReadHandling, ReadOrder, ReadPayments,
    ReadReplies, ReadSheets, Recorded, RenewSlots,
};
use register::RecordSeries;

/// Cases, with their fact sheets.
pub(crate) struct Cases;
/// Claims, with their awards.
pub(crate) struct Claims;
/// How reports were handled.
pub(crate) struct Handlings;
/// Orders to pay.
pub(crate) struct Orders;
/// What was paid.
pub(crate) struct Payments;
/// Answers to reporters.
pub(crate) struct Replies;
/// Fact sheets that wait for their day.
pub(crate) struct Sheets;

/// What is kept sealed to the post, with the series that it is kept in.
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
    // What approvers see: claims with the cases that they rest on; with one claim what the year's budget comes to.
    Recorded<ListClaims>: Claims, Cases;
    Recorded<ReadClaim>: Claims, Cases, Payments;
    // Whether an order follows from a claim is checked each time; finance is shown only whether it does.
    Recorded<ReadOrder>: Orders, Claims, Cases, Payments;
    // Finance is shown sums of claims by quarter.
    Recorded<ReadPayments>: Payments, Claims;
    // Only sums are shown.
    Recorded<ReadFigures>: Handlings, Cases;
    // Reporters are told what became of their reports.
    Recorded<RenewSlots>: Handlings, Claims, Cases, Replies;
    RuleCheck: Claims, Cases, Payments;
    ReportsCompared: Cases;
}

/// The program itself reads to apply a rule. Nobody is shown what was read, at most that a rule refuses something; and
/// each change that follows is recorded.
pub(crate) struct RuleCheck(());

impl RuleCheck {
    /// At an exchange: whose time has come.
    pub(crate) fn of_deadlines() -> Self {
        Self(())
    }

    /// Whether a case that a step names is there, and came before the report.
    pub(crate) fn of_a_known_case() -> Self {
        Self(())
    }

    /// Whether a sheet that waits is a case already.
    pub(crate) fn of_waiting_sheets() -> Self {
        Self(())
    }
}

/// Reports were compared, which is an entry; fact sheets are read for it too.
pub(crate) struct ReportsCompared(());

impl From<Recorded<CompareReports>> for ReportsCompared {
    fn from(recorded: Recorded<CompareReports>) -> Self {
        let CompareReports { .. } = recorded.into_action();
        Self(())
    }
}
