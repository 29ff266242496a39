//! The console's tables: accounts, sealed letters and papers, exchanges, statements; cases and
//! claims. What is in them says who may sign in, that letters came and how far they are, never what
//! they say; and of cases what their units may know.

mod accounts;
mod admission;
mod budgets;
mod clues;
mod devices;
mod dossiers;
mod erasure;
mod events;
mod evidence;
mod exchanges;
mod identity_requests;
mod listing;
mod log_held;
mod new_identity_request;
mod notices;
mod orders;
mod papers;
mod reports;
mod results;
mod schema;
mod sheets;
mod statements;
mod unreadable;

use std::path::Path;
use std::sync::Arc;

use database::{DatabaseUrl, Error, Migrated, Migrations, Readers, Writer};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub use accounts::{Account, NotChanged};
pub use admission::{Incoming, OtherOrder, Refused, TakenIn};
pub use budgets::StoredBudget;
pub use clues::Clue;
pub use dossiers::{Dossier, Dossiers, Entering, Filter, NotEntered, StoredEntry};
pub use erasure::Handled;
pub use events::Event;
pub use exchanges::Exchanged;
pub use identity_requests::{CONSENTED, IdentityAnswer, REFUSED, StoredIdentityRequest};
pub use listing::{Listed, Listing};
pub use log_held::LogHeld;
pub use new_identity_request::{NewIdentityRequest, WAITING};
pub use orders::{NewOrder, NewPayment, NewSlip, NoNote, OrderChange, StoredOrder, StoredPayment};
pub use papers::{Meanwhile, NewStep, Series, StoredPaper, Together};
pub use reports::{Report, StoredLetter, state_code};
pub use results::StoredResults;
pub use sheets::StoredSheet;
pub use unreadable::Unreadable;

/// Codes of what opened letters turned out to be.
pub mod kind {
    /// A report.
    pub const REPORT: &str = "report";
    /// Something added later.
    pub const FOLLOW_UP: &str = "follow-up";
    /// A wish to claim an award.
    pub const CLAIM: &str = "claim";
    /// The same, once it was entered in its claim.
    pub const CLAIM_ENTERED: &str = "claim-entered";
    /// Nothing: somebody looked.
    pub const COVER: &str = "cover";
}

const MIGRATIONS: Migrations = || {
    const ALL: EmbeddedMigrations = embed_migrations!("../../migrations/register");
    ALL
};

/// Brings the register to this version's schema.
pub fn migrate(file: &Path) -> Result<Migrated, Error> {
    database::migrate(&DatabaseUrl::Sqlite(file.to_owned()), MIGRATIONS)
}

/// An open register. Clones share it.
#[derive(Clone)]
pub struct Register {
    writer: Writer,
    readers: Arc<Readers>,
}

impl Register {
    /// Opens a migrated register.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        database::refuse_unknown_schema(&url, MIGRATIONS)?;
        Ok(Self { writer: Writer::start(url.clone())?, readers: Arc::new(Readers::of(url)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fresh register, and the folder that it lives in.
    pub(crate) fn register() -> (Register, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("register.sqlite");
        migrate(&file).expect("migrated");
        (Register::open(&file).expect("a register"), folder)
    }
}
