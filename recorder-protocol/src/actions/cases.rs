//! Actions on fact sheets and cases, and the roles that may request them.

use model::Digest;

use super::action;

action!(
    /// Crossing a fact sheet to the case side: it waits, sealed, for its day to become a case.
    CrossSheet by [Officer] {
        /// SHA-256 of the sealed sheet.
        digest: Digest,
    }
);

action!(
    /// Reading the fact sheets that wait.
    ReadSheets by [Officer] {
        /// Number of fact sheets read.
        sheets: u32,
    }
);

action!(
    /// Reading a file that belongs to a case.
    ReadEvidence by [Officer, CaseUnit, Approver] {
        /// Number of the case.
        case: u64,
        /// SHA-256 of the file.
        digest: Digest,
    }
);

action!(
    /// Showing the list of cases; a case unit's list has only its own.
    ListCases by [Officer, CaseUnit, Approver] {}
);

action!(
    /// Reading a case with its entries.
    ReadCase by [Officer, CaseUnit, Approver] {
        /// Number of the case.
        case: u64,
    }
);

action!(
    /// Making an entry in a case: its fact sheet, an assignment, a decision, its closure.
    EnterCase by [Officer, CaseUnit, Approver] {
        /// Number of the case.
        case: u64,
        /// The entry's place in the case, from 1.
        number: u64,
        /// Code of the case's entry.
        entry: String,
        /// SHA-256 of the entry, against which the stored entry is checked later.
        digest: Digest,
    }
);
