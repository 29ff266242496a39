//! Reports whose retention period may be over, and their erasure.

use database::DatabaseError;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use model::{Day, LetterDigest};

use crate::Register;
use crate::identity::requests;
use crate::schema::{enclosures, letters, mailboxes, unreadable};

/// A handled report whose letters were all opened, and whose letters or enclosures are still stored.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct RetainedReport {
    /// Number of the report.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// The stage of handling, as a code of `casework`.
    #[diesel(sql_type = Text)]
    pub stage: String,
    /// The day of its newest letter.
    #[diesel(sql_type = Text)]
    pub newest: String,
    /// The day of the last step of handling.
    #[diesel(sql_type = Nullable<Text>)]
    pub stepped_on: Option<String>,
    /// The account that took that step.
    #[diesel(sql_type = Nullable<Text>)]
    pub stepped_by: Option<String>,
}

/// Oldest first. The subquery selects the last step of handling.
const HANDLED: &str = "SELECT m.number, m.stage, max(l.received_on) AS newest, p.written_on AS stepped_on, \
    p.author AS stepped_by \
    FROM mailboxes m JOIN letters l ON l.mailbox = m.id \
    LEFT JOIN sealed_records p ON p.mailbox = m.id AND p.series = 'handling' AND p.number = \
      (SELECT max(number) FROM sealed_records x WHERE x.mailbox = m.id AND x.series = 'handling') \
    WHERE m.stage <> 'new' \
    GROUP BY m.id HAVING sum(l.kind IS NULL) = 0 AND (sum(length(l.sealed)) > 0 OR EXISTS \
      (SELECT 1 FROM enclosures e JOIN letters x ON x.digest = e.letter WHERE x.mailbox = m.id)) \
    ORDER BY m.number";

impl Register {
    /// Handled reports whose letters or enclosures are still stored, oldest first.
    pub fn handled_and_kept(&self) -> Result<Vec<RetainedReport>, DatabaseError> {
        self.readers.read(|connection| diesel::sql_query(HANDLED).load(connection))
    }

    /// All letters of a report that ever had a key of their own, those put aside included.
    pub fn letters_to_erase(&self, report: u64) -> Result<Vec<LetterDigest>, DatabaseError> {
        let number = i64::try_from(report).map_err(|_| DatabaseError::Corrupt)?;
        let digests = self.readers.read(move |connection| {
            let own = mailboxes::table.filter(mailboxes::number.eq(number));
            let mut digests: Vec<String> =
                own.inner_join(letters::table).select(letters::digest).order(letters::sequence).load(connection)?;
            let aside = own.inner_join(unreadable::table).select(unreadable::digest).order(unreadable::sequence);
            digests.extend(aside.load::<String>(connection)?);
            Ok(digests)
        })?;
        digests.into_iter().map(|digest| digest.parse().map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// Erases the bytes of letters, and the sealed contents of identity requests about them. Returns the rows of
    /// their enclosures, whose parts the caller must then remove. The report is marked as erased on this day.
    pub fn erase(&self, report: u64, letters: &[LetterDigest], on: Day) -> Result<Vec<i64>, DatabaseError> {
        let number = i64::try_from(report).map_err(|_| DatabaseError::Corrupt)?;
        let digests: Vec<String> = letters.iter().map(LetterDigest::to_hex).collect();
        let erased = self.writer.write(move |connection| {
            diesel::update(letters::table.filter(letters::digest.eq_any(&digests)))
                .set((letters::sealed.eq(Vec::new()), letters::enclosure.eq(false)))
                .execute(connection)?;
            diesel::update(unreadable::table.filter(unreadable::digest.eq_any(&digests)))
                .set(unreadable::sealed.eq(Vec::new()))
                .execute(connection)?;
            requests::erase(connection, &digests)?;
            let theirs = enclosures::table.filter(enclosures::letter.eq_any(&digests));
            let rows: Vec<i64> = theirs.select(enclosures::id).load(connection)?;
            let row = mailboxes::table.filter(mailboxes::number.eq(number));
            diesel::update(row).set(mailboxes::erased_on.eq(on.to_string())).execute(connection)?;
            Ok(rows)
        });
        erased.wait()
    }

    /// Deletes the rows of enclosures whose parts are removed.
    pub fn forget_enclosures(&self, rows: Vec<i64>) -> Result<(), DatabaseError> {
        let forgotten = self.writer.write(move |connection| {
            diesel::delete(enclosures::table.filter(enclosures::id.eq_any(rows))).execute(connection).map(|_| ())
        });
        forgotten.wait()
    }
}

#[cfg(test)]
mod tests {
    use crate::LetterKind;
    use crate::reports::admission::tests::letters;
    use crate::reports::sealed_records::{NewStep, StoredRecord, Transaction};
    use crate::tests::register;

    #[test]
    fn only_what_was_handled_and_opened_is_offered_and_erased_with_its_enclosures() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1), (1, 2, 2), (2, 1, 3)])).expect("asked").expect("taken in");
        let written_on = "2026-11-23".parse().expect("a day");
        let step = |number, author: &str| {
            let (author, attested) = (author.to_owned(), String::new());
            let record = StoredRecord { number, written_on, author, sealed: vec![1], attested };
            let steps = vec![NewStep { report: 1, record, stage: "not-ours" }];
            register.take_step(Transaction { steps, ..Transaction::default() }).expect("asked").expect("kept");
        };
        step(1, "wu");
        step(2, "zhou");
        assert_eq!(register.handled_and_kept().expect("asked"), [], "letters that nobody has opened");
        for (digest, kind) in [(1, LetterKind::Report.code()), (2, LetterKind::FollowUp.code())] {
            register.note_opened([digest; 32].into(), [digest; 32].into(), kind).expect("noted").expect("new");
        }
        let handled = register.handled_and_kept().expect("asked");
        assert_eq!(handled.len(), 1, "the other report was not handled");
        assert_eq!((handled[0].number, handled[0].stepped_by.as_deref()), (1, Some("zhou")));
        let row = register.note_enclosure([1; 32].into(), 1, 1_048_576, true).expect("noted");
        let own = register.letters_to_erase(1).expect("asked");
        assert_eq!(own, [[1; 32].into(), [2; 32].into()]);
        assert_eq!(register.erase(1, &own, written_on).expect("erased"), [row]);
        assert_eq!(register.handled_and_kept().expect("asked").len(), 1, "until its parts are gone");
        assert_eq!(register.erase(1, &own, written_on).expect("repeated"), [row]);
        register.forget_enclosures(vec![row]).expect("forgotten");
        assert!(register.handled_and_kept().expect("asked").is_empty());
        let report = register.report(1).expect("asked").expect("a report");
        assert!(report.letters.iter().all(|letter| !letter.kept && letter.enclosure.is_none()));
        assert_eq!(report.erased_on, Some(written_on));
        assert!(register.sealed([3; 32].into()).expect("asked").is_some(), "the other one stays");
    }
}
