//! Admitting letters: the rules that need to remember earlier ones.

use crypto::mailbox::LetterDigest;
use crypto::outer::Header;
use database::{AnyConnection, Error};
use diesel::prelude::*;

use crate::Register;
use crate::schema::{letters, mailboxes};

/// A letter whose outside the recorder has opened.
pub struct Admission {
    /// The outside.
    pub header: Header,
    /// SHA-256 of the sealed letter.
    pub digest: LetterDigest,
    /// SHA-256 of the inner file.
    pub inner_digest: LetterDigest,
    /// Its place in the order of first receipt.
    pub sequence: u64,
}

/// Why a letter is not admitted. It is kept as "unreadable" and stops nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The inner file was seen before: somebody put it into a new envelope.
    Repeated,
    /// Its keys are not those of the mailbox's first letter.
    ForeignKey,
}

impl Register {
    /// Admits a letter or says why not. Admitting the very same letter again changes nothing.
    pub fn admit(&self, admission: Admission) -> Result<Result<(), Refused>, Error> {
        let sequence = i64::try_from(admission.sequence).map_err(|_| Error::Corrupt)?;
        self.writer.write(move |connection| admit(connection, &admission, sequence)).wait()
    }
}

fn admit(connection: &mut AnyConnection, admission: &Admission, sequence: i64) -> QueryResult<Result<(), Refused>> {
    let digest = admission.digest.to_hex();
    let again = letters::table.filter(letters::digest.eq(&digest)).select(letters::id);
    if again.first::<i64>(connection).optional()?.is_some() {
        return Ok(Ok(()));
    }
    // Copies are looked for before the mailbox is made: a refused letter must not name its keys.
    let inner_digest = admission.inner_digest.to_hex();
    let copies = letters::table.filter(letters::inner_digest.eq(&inner_digest)).select(letters::id);
    if copies.first::<i64>(connection).optional()?.is_some() {
        return Ok(Err(Refused::Repeated));
    }
    let Some(mailbox) = mailbox(connection, &admission.header)? else {
        return Ok(Err(Refused::ForeignKey));
    };
    let letter = String::from(admission.header.letter);
    let same_id = letters::table.filter(letters::mailbox.eq(mailbox).and(letters::letter.eq(&letter)));
    if same_id.select(letters::id).first::<i64>(connection).optional()?.is_some() {
        return Ok(Err(Refused::Repeated));
    }
    diesel::insert_into(letters::table)
        .values((
            letters::mailbox.eq(mailbox),
            letters::letter.eq(letter),
            letters::digest.eq(digest),
            letters::inner_digest.eq(inner_digest),
            letters::sequence.eq(sequence),
        ))
        .execute(connection)?;
    Ok(Ok(()))
}

/// The mailbox's row, made with its first letter; none when the keys are not those of that letter.
fn mailbox(connection: &mut AnyConnection, header: &Header) -> QueryResult<Option<i64>> {
    let (reply_to, verify_with) = (header.reply_to.to_string(), String::from(header.verify_with));
    let known = mailboxes::table
        .filter(mailboxes::mailbox.eq(header.mailbox.to_hex()))
        .select((mailboxes::id, mailboxes::reply_to, mailboxes::verify_with))
        .first::<(i64, String, String)>(connection)
        .optional()?;
    if let Some((id, first_reply_to, first_verify_with)) = known {
        return Ok((first_reply_to == reply_to && first_verify_with == verify_with).then_some(id));
    }
    let values = (
        mailboxes::mailbox.eq(header.mailbox.to_hex()),
        mailboxes::reply_to.eq(reply_to),
        mailboxes::verify_with.eq(verify_with),
    );
    diesel::insert_into(mailboxes::table).values(values).execute(connection)?;
    let made = mailboxes::table.filter(mailboxes::mailbox.eq(header.mailbox.to_hex())).select(mailboxes::id);
    made.first(connection).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::mailbox::LetterId;
    use crypto::receipt::ReceiptCode;
    use opening::reporter::Reporter;

    fn header(reporter: u8, letter: u8) -> Header {
        let reporter = Reporter::new(ReceiptCode::from_random([reporter; 16]));
        Header {
            mailbox: reporter.mailbox(),
            letter: LetterId::from([letter; 16]),
            reply_to: reporter.identity().recipient(),
            verify_with: reporter.verification_key(),
        }
    }

    fn admission(header: Header, digest: u8, inner: u8) -> Admission {
        let sequence = u64::from(digest);
        Admission { header, digest: [digest; 32].into(), inner_digest: [inner; 32].into(), sequence }
    }

    fn register() -> (Register, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("register.sqlite");
        crate::migrate(&file).expect("migrated");
        (Register::open(&file).expect("a register"), folder)
    }

    #[test]
    fn a_repeated_ciphertext_is_refused_and_the_same_letter_is_not() {
        let (register, _folder) = register();
        assert_eq!(register.admit(admission(header(1, 1), 1, 1)).expect("asked"), Ok(()));
        assert_eq!(register.admit(admission(header(1, 1), 1, 1)).expect("asked"), Ok(()));
        assert_eq!(register.admit(admission(header(2, 2), 2, 1)).expect("asked"), Err(Refused::Repeated));
        assert_eq!(register.admit(admission(header(1, 1), 3, 3)).expect("asked"), Err(Refused::Repeated));
        assert_eq!(register.admit(admission(header(1, 4), 4, 4)).expect("asked"), Ok(()));
    }

    #[test]
    fn a_foreign_key_in_a_follow_up_is_refused() {
        let (register, _folder) = register();
        assert_eq!(register.admit(admission(header(1, 1), 1, 1)).expect("asked"), Ok(()));
        let forged = Header { mailbox: header(1, 1).mailbox, ..header(2, 2) };
        assert_eq!(register.admit(admission(forged, 2, 2)).expect("asked"), Err(Refused::ForeignKey));
    }
}
