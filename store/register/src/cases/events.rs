//! Events about cases for other systems: an outbox in order, and the last event delivered to each receiver.

use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;

use crate::Register;
use crate::schema::{events, receivers};

/// An event and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The bytes to be sent, as text.
    pub event: String,
    /// The signature of these bytes, in base64.
    pub signature: String,
}

impl Register {
    /// The oldest event not yet delivered to a receiver, with its number.
    pub fn next_event(&self, receiver: &str) -> Result<Option<(i64, Event)>, DatabaseError> {
        let receiver = receiver.to_owned();
        let found: Option<(i64, String, String)> = self.readers.read(move |connection| {
            let delivered = delivered(connection, &receiver)?;
            let next = events::table.filter(events::id.gt(delivered)).order(events::id);
            next.first(connection).optional()
        })?;
        Ok(found.map(|(number, event, signature)| (number, Event { event, signature })))
    }

    /// Records that a receiver has everything up to this event. Durable when it returns.
    pub fn note_delivered(&self, receiver: &str, number: i64) -> Result<(), DatabaseError> {
        let name = receiver.to_owned();
        let noted = self.writer.write(move |connection| {
            let changed = diesel::update(receivers::table.find(&name)).set(receivers::delivered.eq(number));
            if changed.execute(connection)? == 0 {
                let row = (receivers::name.eq(&name), receivers::delivered.eq(number));
                diesel::insert_into(receivers::table).values(row).execute(connection)?;
            }
            Ok(())
        });
        noted.wait()
    }
}

fn delivered(connection: &mut AnyConnection, receiver: &str) -> QueryResult<i64> {
    let delivered = receivers::table.find(receiver).select(receivers::delivered).first(connection).optional()?;
    Ok(delivered.unwrap_or(0))
}

pub(crate) fn append(connection: &mut AnyConnection, event: Event) -> QueryResult<()> {
    let values = (events::event.eq(event.event), events::signature.eq(event.signature));
    diesel::insert_into(events::table).values(values).execute(connection).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::register;

    #[test]
    fn each_receiver_gets_every_event_in_order() {
        let (register, _folder) = register();
        for text in ["one", "two"] {
            let event = Event { event: text.to_owned(), signature: "s".to_owned() };
            register.writer.write(move |connection| append(connection, event)).wait().expect("appended");
        }
        let next = |receiver| register.next_event(receiver).expect("asked").map(|(number, one)| (number, one.event));
        assert_eq!(next("a"), Some((1, "one".to_owned())));
        register.note_delivered("a", 1).expect("noted");
        assert_eq!((next("a"), next("b")), (Some((2, "two".to_owned())), Some((1, "one".to_owned()))));
        register.note_delivered("a", 2).expect("noted");
        assert_eq!((next("a"), next("b")), (None, Some((1, "one".to_owned()))));
    }
}
