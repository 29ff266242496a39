//! Reports, locked: their letters with numbers and days, no content.

use crypto::letters::mailbox::{LetterId, MailboxId};
use crypto::slots::slot::ReportState;
use database::{AnyConnection, DatabaseError};
use diesel::prelude::*;
use model::{Day, LetterDigest};

use crate::reports::enclosures::StoredEnclosure;
use crate::reports::letter_refusal::LetterRefusal;
use crate::schema::{enclosures, letters, mailboxes, unreadable};
use crate::{LetterKind, Register};

/// A letter of a report.
#[derive(Clone)]
pub struct StoredLetter {
    /// The letter's own id, which the reporter is told.
    pub id: LetterId,
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt.
    pub sequence: u64,
    /// The day on which the portal received it.
    pub received_on: Day,
    /// Code of [`crate::LetterKind`]; none until the letter was opened.
    pub kind: Option<String>,
    /// Whether the sealed letter is still stored.
    pub kept: bool,
    /// Its enclosure; none if the letter announces none.
    pub enclosure: Option<StoredEnclosure>,
}

/// A letter of a report that was put aside because it does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsideLetter {
    /// The letter's own id.
    pub id: LetterId,
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// Its place in the order of first receipt.
    pub sequence: u64,
}

/// A locked report: numbers and days of its letters, no content.
#[derive(Clone)]
pub struct StoredReport {
    /// The place of its first letter in the order of first receipt.
    pub number: u64,
    /// The mailbox that its letters came to.
    pub mailbox: MailboxId,
    /// The state shown to the reporter.
    pub state: ReportState,
    /// The stage of handling, as a code of `casework`.
    pub stage: String,
    /// Its letters, oldest first; cover letters leave none.
    pub letters: Vec<StoredLetter>,
    /// Letters put aside because they do not open, oldest first.
    pub aside: Vec<AsideLetter>,
    /// The day of the last erasure, which erased everything received until then.
    pub erased_on: Option<Day>,
    /// The feed that it came from; none for what people sent.
    pub feed: Option<String>,
}

impl Register {
    /// A report with its letters; none if there is no such number.
    pub fn report(&self, number: u64) -> Result<Option<StoredReport>, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let found = self.readers.read(|connection| {
            let row = mailboxes::table.filter(mailboxes::number.eq(number)).select((
                mailboxes::id,
                mailboxes::mailbox,
                mailboxes::state,
                mailboxes::stage,
                mailboxes::erased_on,
                mailboxes::feed,
            ));
            let Some(row) = row.first::<MailboxRow>(connection).optional()? else { return Ok(None) };
            let letters = letters_of(connection, row.0)?;
            let aside = unreadable::table.filter(unreadable::mailbox.eq(row.0));
            let aside = aside.select((unreadable::letter, unreadable::digest, unreadable::sequence));
            let aside = aside.order(unreadable::sequence);
            let aside = aside.load::<AsideRow>(connection)?;
            Ok(Some((row, letters, aside)))
        })?;
        let report = found.map(|(row, letters, aside)| report(number, row, letters, aside));
        report.map(|report| report.ok_or(DatabaseError::Corrupt)).transpose()
    }

    /// A sealed letter; none if it is no longer stored.
    pub fn sealed(&self, letter: LetterDigest) -> Result<Option<Vec<u8>>, DatabaseError> {
        let kept = letters::digest.eq(letter.to_hex()).and(letters::sealed.ne(Vec::new()));
        self.readers.read(|connection| letters::table.filter(kept).select(letters::sealed).first(connection).optional())
    }

    /// The day of the first letter ever received.
    pub fn first_day(&self) -> Result<Option<Day>, DatabaseError> {
        let first = letters::table.select(diesel::dsl::min(letters::received_on));
        let first: Option<String> = self.readers.read(|connection| first.first(connection))?;
        first.map(|day| day.parse().map_err(|_| DatabaseError::Corrupt)).transpose()
    }

    /// Numbers of the reports at one of these stages, oldest first. Letters are not read.
    pub fn reports_at(&self, stages: &[&str]) -> Result<Vec<u64>, DatabaseError> {
        let at = mailboxes::table.filter(mailboxes::stage.eq_any(stages).and(mailboxes::number.is_not_null()));
        let numbers: Vec<i64> = self.readers.read(|connection| {
            at.select(mailboxes::number.assume_not_null()).order(mailboxes::number).load(connection)
        })?;
        numbers.into_iter().map(|number| u64::try_from(number).map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// Number of people's letters that nobody has opened.
    pub fn count_unopened(&self) -> Result<u64, DatabaseError> {
        let count: i64 = self.readers.read(|connection| {
            let waiting = letters::kind.is_null().and(mailboxes::feed.is_null());
            letters::table.inner_join(mailboxes::table).filter(waiting).count().get_result(connection)
        })?;
        u64::try_from(count).map_err(|_| DatabaseError::Corrupt)
    }

    /// Records the kind of an opened letter; refuses a letter whose inside is a copy of another's.
    pub fn note_opened(
        &self,
        letter: LetterDigest,
        inner: LetterDigest,
        kind: &'static str,
    ) -> Result<Result<(), LetterRefusal>, DatabaseError> {
        let (digest, inner) = (letter.to_hex(), inner.to_hex());
        self.writer
            .write(move |connection| {
                let copies = letters::inner_digest.eq(&inner).and(letters::digest.ne(&digest));
                let copies = letters::table.filter(copies).select(letters::id);
                if copies.first::<i64>(connection).optional()?.is_some() {
                    return Ok(Err(LetterRefusal::Repeated));
                }
                let row = letters::table.filter(letters::digest.eq(&digest));
                diesel::update(row).set(letters::inner_digest.eq(&inner)).execute(connection)?;
                // The first recorded kind remains: it may have changed to `claim-entered` since.
                let first = letters::table.filter(letters::digest.eq(&digest).and(letters::kind.is_null()));
                diesel::update(first).set(letters::kind.eq(kind)).execute(connection)?;
                Ok(Ok(()))
            })
            .wait()
    }

    /// Whether a letter was ever admitted to this report; true also for letters put aside.
    pub fn is_letter_of(&self, number: u64, letter: LetterDigest) -> Result<bool, DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let digest = letter.to_hex();
        let found: Option<i64> = self.readers.read(|connection| {
            let own = mailboxes::table.filter(mailboxes::number.eq(number));
            let admitted = own.inner_join(letters::table).filter(letters::digest.eq(&digest));
            if let Some(id) = admitted.select(mailboxes::id).first(connection).optional()? {
                return Ok(Some(id));
            }
            let aside = own.inner_join(unreadable::table).filter(unreadable::digest.eq(&digest));
            aside.select(mailboxes::id).first(connection).optional()
        })?;
        Ok(found.is_some())
    }

    /// Numbers of reports with a choice about an award that is not entered yet.
    pub fn choices(&self) -> Result<Vec<u64>, DatabaseError> {
        let waiting = letters::table.inner_join(mailboxes::table).filter(letters::kind.eq(LetterKind::Claim.code()));
        let numbers: Vec<i64> = self.readers.read(|connection| {
            waiting.select(mailboxes::number.assume_not_null()).distinct().order(mailboxes::number).load(connection)
        })?;
        numbers.into_iter().map(|number| u64::try_from(number).map_err(|_| DatabaseError::Corrupt)).collect()
    }

    /// Records that the choice in such a letter was entered, or never can be.
    pub fn note_entered(&self, letter: LetterDigest) -> Result<(), DatabaseError> {
        let noted = self.writer.write(move |connection| {
            let row = letters::table
                .filter(letters::digest.eq(letter.to_hex()).and(letters::kind.eq(LetterKind::Claim.code())));
            diesel::update(row).set(letters::kind.eq(LetterKind::ClaimEntered.code())).execute(connection).map(|_| ())
        });
        noted.wait()
    }

    /// Sets the stage of handling that lists show.
    pub fn set_stage(&self, number: u64, stage: &'static str) -> Result<(), DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        let changed = self.writer.write(move |connection| {
            let row = mailboxes::table.filter(mailboxes::number.eq(number));
            diesel::update(row).set(mailboxes::stage.eq(stage)).execute(connection).map(|_| ())
        });
        changed.wait()
    }

    /// Sets the state shown to the reporter; "answered" never changes back.
    pub fn set_state(&self, number: u64, state: ReportState) -> Result<(), DatabaseError> {
        let number = i64::try_from(number).map_err(|_| DatabaseError::Corrupt)?;
        self.writer
            .write(move |connection| {
                let row = mailboxes::table
                    .filter(mailboxes::number.eq(number).and(mailboxes::state.ne(ReportState::Answered.code())));
                diesel::update(row).set(mailboxes::state.eq(state.code())).execute(connection).map(|_| ())
            })
            .wait()
    }
}

type MailboxRow = (i64, String, String, String, Option<String>, Option<String>);
type LetterRow = (String, String, i64, String, Option<String>, bool, bool, Option<(i64, bool)>);
type AsideRow = (Option<String>, String, Option<i64>);

fn letters_of(connection: &mut AnyConnection, mailbox: i64) -> QueryResult<Vec<LetterRow>> {
    type Row = (String, String, i64, String, Option<String>, bool, bool);
    let rows: Vec<Row> = letters::table
        .filter(letters::mailbox.eq(mailbox))
        .select((
            letters::letter,
            letters::digest,
            letters::sequence,
            letters::received_on,
            letters::kind,
            letters::enclosure,
            // Not the letter itself: a reporter may send a hundred thousand.
            letters::sealed.ne(Vec::new()),
        ))
        .order(letters::sequence)
        .load(connection)?;
    rows.into_iter()
        .map(|(id, digest, sequence, day, kind, announced, kept)| {
            let found = enclosures::table.filter(enclosures::letter.eq(&digest));
            let stored = found.select((enclosures::size, enclosures::complete)).first(connection).optional()?;
            Ok((id, digest, sequence, day, kind, announced, kept, stored))
        })
        .collect()
}

fn letter((id, digest, sequence, day, kind, announced, kept, stored): LetterRow) -> Option<StoredLetter> {
    let enclosure = match stored {
        _ if !announced => None,
        Some((size, whole)) => Some(StoredEnclosure { size: Some(u64::try_from(size).ok()?), whole }),
        None => Some(StoredEnclosure { size: None, whole: false }),
    };
    Some(StoredLetter {
        id: id.parse().ok()?,
        digest: digest.parse().ok()?,
        sequence: u64::try_from(sequence).ok()?,
        received_on: day.parse().ok()?,
        kind,
        kept,
        enclosure,
    })
}

fn report(
    number: i64,
    (_, mailbox, told, stage, erased_on, feed): MailboxRow,
    rows: Vec<LetterRow>,
    aside: Vec<AsideRow>,
) -> Option<StoredReport> {
    let put_aside = |(id, digest, sequence): AsideRow| {
        let (id, digest) = (id?.parse().ok()?, digest.parse().ok()?);
        Some(AsideLetter { id, digest, sequence: u64::try_from(sequence?).ok()? })
    };
    Some(StoredReport {
        number: u64::try_from(number).ok()?,
        mailbox: mailbox.parse().ok()?,
        state: ReportState::of_code(&told)?,
        stage,
        letters: rows.into_iter().map(letter).collect::<Option<_>>()?,
        aside: aside.into_iter().map(put_aside).collect::<Option<_>>()?,
        erased_on: erased_on.map(|day| day.parse()).transpose().ok()?,
        feed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReportSelection;
    use crate::reports::admission::tests::{header, letters};
    use crate::tests::register;

    #[test]
    fn what_is_opened_is_listed_by_kind_and_what_does_not_open_is_put_aside() {
        let (register, _folder) = register();
        register.take_in(letters([(1, 1, 1), (1, 2, 2), (3, 1, 4)])).expect("asked").expect("taken in");
        let listed = |listing| {
            let (listed, count) = register.reports(listing, 0, 10).expect("listed");
            assert_eq!(listed.len() as u64, count);
            listed.into_iter().map(|one| (one.number, one.letters, one.unopened)).collect::<Vec<_>>()
        };
        assert_eq!(listed(ReportSelection::Unopened), [(4, 1, 1), (1, 2, 2)]);
        let opened = |digest: u8, inner: u8, kind| {
            register.note_opened([digest; 32].into(), [inner; 32].into(), kind).expect("noted")
        };
        assert_eq!(opened(1, 1, LetterKind::Report.code()), Ok(()));
        assert_eq!(opened(2, 2, LetterKind::FollowUp.code()), Ok(()));
        assert_eq!(opened(4, 1, LetterKind::Report.code()), Err(LetterRefusal::Repeated));
        register.put_aside([4; 32].into(), LetterRefusal::Repeated).expect("put aside");
        assert_eq!(listed(ReportSelection::All), [(1, 2, 0)]);
        assert!(listed(ReportSelection::Unopened).is_empty());
        assert_eq!(register.unreadable(10).expect("listed")[0].reason, "repeated");
        let report = register.report(1).expect("asked").expect("a report");
        assert_eq!((report.letters.len(), report.letters[0].kept), (2, true));
        assert_eq!(register.sealed([1; 32].into()).expect("asked"), Some(vec![1; 8]));
        let aside = register.report(4).expect("asked").expect("a report").aside;
        let still_told = AsideLetter { id: header(3, 1).letter, digest: [4; 32].into(), sequence: 4 };
        assert_eq!(aside, [still_told], "the reporter is still told that it came");
        register.put_aside([4; 32].into(), LetterRefusal::Inner).expect("twice at once");
        register.set_state(1, ReportState::Answered).expect("set");
        register.set_state(1, ReportState::Read).expect("set");
        assert_eq!(register.report(1).expect("asked").expect("a report").state, ReportState::Answered);
    }
}
