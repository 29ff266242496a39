//! What the console holds of the access log: the checkpoint that every later one must contain, the newest checkpoint
//! that a witness has cosigned, and contradictions.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::schema::{checkpoints, contradictions};

const HELD: &str = "held";
const WITNESSED: &str = "witnessed";

/// The checkpoints that the console holds, as signed notes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogHeld {
    /// The last checkpoint that was proved to continue the one before.
    pub held: Option<String>,
    /// The newest checkpoint that a witness has cosigned.
    pub witnessed: Option<String>,
    /// A checkpoint that contradicts the one held, until an auditor has acknowledged it.
    pub contradiction: Option<String>,
}

impl Register {
    /// Returns the checkpoints that the console holds.
    pub fn log_held(&self) -> Result<LogHeld, DatabaseError> {
        self.readers.read(|connection| {
            let note = |name: &str, connection: &mut AnyConnection| {
                checkpoints::table.find(name).select(checkpoints::note).first(connection).optional()
            };
            let (held, witnessed) = (note(HELD, connection)?, note(WITNESSED, connection)?);
            let open = contradictions::table.filter(contradictions::acknowledged_by.is_null());
            let contradiction =
                open.select(contradictions::found).order(contradictions::id).first(connection).optional()?;
            Ok(LogHeld { held, witnessed, contradiction })
        })
    }

    /// Stores a checkpoint that continues the one held. Of two stored at once the larger remains.
    pub fn hold_checkpoint(&self, size: u64, note: String) -> Result<(), DatabaseError> {
        self.keep_larger(HELD, size, note)
    }

    /// Stores a checkpoint that a witness has cosigned, unless a larger one is stored.
    pub fn keep_witnessed(&self, size: u64, note: String) -> Result<(), DatabaseError> {
        self.keep_larger(WITNESSED, size, note)
    }

    fn keep_larger(&self, name: &'static str, size: u64, note: String) -> Result<(), DatabaseError> {
        let size = i64::try_from(size).map_err(|_| DatabaseError::Corrupt)?;
        let kept = move |connection: &mut AnyConnection| {
            let known = checkpoints::table.find(name).select(checkpoints::size).first::<i64>(connection).optional()?;
            if known.is_some_and(|known| known > size) {
                return Ok(());
            }
            replace(connection, name, size, &note)
        };
        self.writer.write(kept).wait()
    }

    /// Records that a checkpoint contradicts the one held. Only one is recorded until it is acknowledged.
    pub fn note_contradiction(&self, found: String) -> Result<(), DatabaseError> {
        let noted = move |connection: &mut AnyConnection| {
            let open = contradictions::table.filter(contradictions::acknowledged_by.is_null());
            if open.count().get_result::<i64>(connection)? > 0 {
                return Ok(());
            }
            let held: String = checkpoints::table.find(HELD).select(checkpoints::note).first(connection)?;
            let row = (contradictions::held.eq(held), contradictions::found.eq(found));
            diesel::insert_into(contradictions::table).values(row).execute(connection).map(|_| ())
        };
        self.writer.write(noted).wait()
    }

    /// Accepts the log as it is now: its checkpoint replaces the one held, and the cosigned checkpoint is deleted,
    /// since it proves nothing of this log. Returns false if there was nothing to acknowledge.
    pub fn acknowledge_contradiction(&self, by: String, size: u64, note: String) -> Result<bool, DatabaseError> {
        let size = i64::try_from(size).map_err(|_| DatabaseError::Corrupt)?;
        let acknowledged = move |connection: &mut AnyConnection| {
            let open = contradictions::table.filter(contradictions::acknowledged_by.is_null());
            let changed = diesel::update(open).set(contradictions::acknowledged_by.eq(by)).execute(connection)?;
            if changed > 0 {
                diesel::delete(checkpoints::table.find(WITNESSED)).execute(connection)?;
                replace(connection, HELD, size, &note)?;
            }
            Ok(changed > 0)
        };
        self.writer.write(acknowledged).wait()
    }
}

fn replace(connection: &mut AnyConnection, name: &str, size: i64, note: &str) -> QueryResult<()> {
    diesel::delete(checkpoints::table.find(name)).execute(connection)?;
    let row = (checkpoints::name.eq(name), checkpoints::size.eq(size), checkpoints::note.eq(note));
    diesel::insert_into(checkpoints::table).values(row).execute(connection).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::register;

    #[test]
    fn the_larger_checkpoint_stays_until_an_auditor_goes_on() {
        let (register, _folder) = register();
        assert_eq!(register.log_held().expect("asked"), LogHeld::default());
        for (size, note) in [(1, "one"), (3, "three"), (2, "two")] {
            register.hold_checkpoint(size, note.to_owned()).expect("held");
        }
        register.keep_witnessed(2, "cosigned".to_owned()).expect("kept");
        register.note_contradiction("other".to_owned()).expect("noted");
        register.note_contradiction("another".to_owned()).expect("noted");
        let held = register.log_held().expect("asked");
        assert_eq!((held.held.as_deref(), held.witnessed.as_deref()), (Some("three"), Some("cosigned")));
        assert_eq!(held.contradiction.as_deref(), Some("other"), "the first");
        let go_on = || register.acknowledge_contradiction("shen".to_owned(), 1, "new".to_owned()).expect("asked");
        assert!(go_on());
        let held = register.log_held().expect("asked");
        assert_eq!(held, LogHeld { held: Some("new".to_owned()), ..LogHeld::default() });
        assert!(!go_on(), "nothing to acknowledge");
    }
}
