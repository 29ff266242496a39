//! Fact sheets and cases: what is recorded before it may be done.

use model::Digest;

use super::action;

action!(
    /// A fact sheet crosses: it waits, sealed, for its day to become a case.
    CrossSheet by [Officer] {
        /// SHA-256 of the sealed sheet.
        digest: Digest,
    }
);

action!(
    /// Reading the fact sheets that wait.
    ReadSheets by [Officer] {
        /// How many.
        sheets: u32,
    }
);

action!(
    /// Reading a file that belongs to a case.
    ReadEvidence by [Officer, CaseUnit, Approver] {
        /// The case.
        case: u64,
        /// SHA-256 of the file.
        digest: Digest,
    }
);

action!(
    /// Showing the list of cases; a case unit's holds its own.
    ListCases by [Officer, CaseUnit, Approver] {}
);

action!(
    /// Reading a case.
    ReadCase by [Officer, CaseUnit, Approver] {
        /// Its number.
        case: u64,
    }
);

action!(
    /// An entry in a case: its fact sheet, an assignment, a decision, its closure.
    EnterCase by [Officer, CaseUnit, Approver] {
        /// The case.
        case: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code.
        entry: String,
        /// SHA-256 of the entry: what stands in the file later can be held against this.
        digest: Digest,
    }
);
