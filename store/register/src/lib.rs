//! The console's database, a folder for each noun: accounts, sealed letters and records, ledgers of cases and claims,
//! orders, exchanges, statements.
//!
//! The clear text shows who may sign in, that letters arrived and how far they are handled, never their content; and
//! of cases what their units may know. Everything else is sealed to the post.

mod accounts;
mod audit;
mod cases;
mod exchange;
mod figures;
mod finance;
mod identity;
mod intake;
mod keys;
mod reports;
mod schema;

use std::path::Path;
use std::sync::Arc;

use database::{DatabaseError, DatabaseUrl, Migrated, Migrations, Readers, Writer};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use accounts::account::{Account, NotChanged};
pub use audit::held_log::LogHeld;
pub use cases::events::Event;
pub use cases::fact_sheets::StoredSheet;
pub use cases::ledgers::{LedgerFilter, LedgerKind, NewLedgerEntry, NotEntered, StoredLedger, StoredLedgerEntry};
pub use exchange::bundles::{BundleState, PublicNoteKind};
pub use exchange::exchanges::ExchangeTotals;
pub use exchange::mailboxes::StoredMailbox;
pub use figures::results::StoredResults;
pub use finance::budgets::StoredBudget;
pub use finance::orders::{AwaitsSlip, NewOrder, NewPayment, NewSlip, OrderChange, StoredOrder, StoredPayment};
pub use identity::new_request::{NewIdentityRequest, WAITING};
pub use identity::requests::{CONSENTED, IdentityAnswer, REFUSED, StoredIdentityRequest};
pub use intake::clues::Clue;
pub use reports::admission::{Admission, IncomingCover, IncomingLetter, IncomingLetters, SequenceConflict};
pub use reports::enclosures::StoredEnclosure;
pub use reports::erasure::RetainedReport;
pub use reports::letter_refusal::LetterRefusal;
pub use reports::listing::{ListedReport, ReportSelection};
pub use reports::sealed_records::{Conflict, NewStep, RecordSeries, StoredRecord, Transaction};
pub use reports::stored_report::{AsideLetter, StoredLetter, StoredReport};
pub use reports::unopened::UnopenedLetter;
pub use reports::unreadable::UnreadableLetter;

model::codes! {
    /// The kind of an opened letter.
    LetterKind {
        /// A report, with the fields of the form.
        Report = "report",
        /// A later addition to the report.
        FollowUp = "follow-up",
        /// A choice about an award, not yet entered in its claim.
        Claim = "claim",
        /// A choice about an award that was entered in its claim, or never can be.
        ClaimEntered = "claim-entered",
    }
}

const MIGRATIONS: Migrations = || {
    const ALL: EmbeddedMigrations = embed_migrations!("../../migrations/register");
    ALL
};

/// Brings the register to this version's schema.
pub fn migrate(file: &Path) -> Result<Migrated, DatabaseError> {
    database::migrate(&DatabaseUrl::Sqlite(file.to_owned()), MIGRATIONS)
}

/// An open register. Clones share it.
#[derive(Clone)]
pub struct Register {
    writer: Writer,
    readers: Arc<Readers>,
}

impl Register {
    /// Opens a migrated register. Fails if the schema is not this version's.
    pub fn open(file: &Path) -> Result<Self, DatabaseError> {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        database::refuse_unknown_schema(&url, MIGRATIONS)?;
        Ok(Self { writer: Writer::start(url.clone())?, readers: Arc::new(Readers::of(url)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fresh register and its folder, which is deleted when dropped.
    pub(crate) fn register() -> (Register, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("register.sqlite");
        migrate(&file).expect("migrated");
        (Register::open(&file).expect("a register"), folder)
    }
}
