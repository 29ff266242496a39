//! Key statements: the public keys of all roles, signed down from an offline root.
//!
//! A statement consists of two C2SP signed notes. The root signs, for a year, the keys of all
//! roles and a statement key. The statement key **and the recorder's key** sign, for at most
//! thirty days and with a serial, the keys that letters are sealed to. Both must sign because the
//! statement key is stored beside the post's keys: alone it could name the post's own key as the
//! recorder's, and letters could be opened unrecorded. The browser verifies by the same rules.

use std::fmt::Write as _;

use model::{Day, Exact};
use serde::{Deserialize, Serialize};

use crate::keys::note_key::{BadNote, NoteKey};
use crate::log::witness::WitnessKey;
use crate::sealing::recipient::HybridRecipient;

/// First line of the root's note.
const KEYS: &str = "qingniao keys v1";
/// First line of the statement key's note.
const STATEMENT: &str = "qingniao statement v1";
/// Most days from the first to the last day of the year's keys: a year and a day.
pub const KEYS_DAYS: u16 = 366;
/// Most days from the first to the last day of a statement: a stolen statement key must soon be worthless.
pub const STATEMENT_DAYS: u16 = 30;
/// Days before their signing from which keys and statements are in force: devices' clocks are behind, and a reporter
/// with such a device must not be turned away on the day of a change.
pub const EARLY_DAYS: u16 = 1;

/// The keys that the root signs for a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearKeys {
    /// First day of validity.
    pub from: Day,
    /// Last day of validity, at most 366 days later.
    pub until: Day,
    /// The key that signs statements.
    pub statement: NoteKey,
    /// The custodian's encryption key, to which identity envelopes are sealed.
    pub custodian: HybridRecipient,
    /// The recorder's key, which signs access lists and, beside the statement key, statements.
    pub recorder: NoteKey,
    /// The key that signs checkpoints of the access log.
    pub log: NoteKey,
    /// The console's key that signs outward bundles, and nothing else.
    pub exchange: NoteKey,
    /// Keys of the witnesses that cosign checkpoints; may be empty.
    pub witnesses: Vec<WitnessKey>,
    /// Keys that sign vouchers; may be empty.
    pub vouchers: Vec<NoteKey>,
}

/// The keys that the statement key and the recorder's key sign for at most thirty days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Increases with every statement; a serial below one seen before is refused.
    pub serial: u64,
    /// First day of validity.
    pub from: Day,
    /// Last day of validity, at most 30 days later.
    pub until: Day,
    /// The post's encryption key, for the inner layer of letters.
    pub post: HybridRecipient,
    /// The post's signing key, which signs slots.
    pub post_signing: NoteKey,
    /// The recorder's encryption key, for the outer layer of letters.
    pub recorder: HybridRecipient,
}

/// Both notes as published, in one file, so that nobody fetches two that do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStatement {
    /// The note that the root signed.
    pub keys: String,
    /// The note that statement key and recorder signed.
    pub statement: String,
}

/// A key statement that has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedStatement {
    /// The keys that the root signed for a year.
    pub keys: YearKeys,
    /// The keys that were signed for at most thirty days.
    pub statement: Statement,
}

/// Why a key statement is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadStatement {
    /// The named part is not of its format.
    #[error("{0} is not of its format")]
    Form(&'static str),
    /// A signature is not by the root, the statement key or the recorder, as required.
    #[error("a signature is not by the key it must be by")]
    Signature,
    /// The period is longer than allowed.
    #[error("it holds for longer than is allowed")]
    TooLong,
    /// Today is before its first or after its last day.
    #[error("it is not in force today")]
    NotInForce,
    /// The serial is lower than one seen before.
    #[error("its serial goes back")]
    SerialBack,
}

impl From<BadNote> for BadStatement {
    fn from(bad: BadNote) -> Self {
        match bad {
            BadNote::Form(part) => Self::Form(part),
            BadNote::Signature => Self::Signature,
        }
    }
}

impl KeyStatement {
    /// Verifies signatures, formats and dates, and that the serial is not below `seen`.
    pub fn verify(&self, root: &NoteKey, today: Day, seen: Option<u64>) -> Result<VerifiedStatement, BadStatement> {
        let keys = YearKeys::parse(&root.verified_text(&self.keys)?)?;
        let text = keys.statement.verified_text(&self.statement)?;
        // The recorder confirms that the outer key is its own.
        keys.recorder.verified_text(&self.statement)?;
        let statement = Statement::parse(&text)?;
        if !in_force(keys.from, keys.until, today) || !in_force(statement.from, statement.until, today) {
            return Err(BadStatement::NotInForce);
        }
        if seen.is_some_and(|seen| statement.serial < seen) {
            return Err(BadStatement::SerialBack);
        }
        Ok(VerifiedStatement { keys, statement })
    }
}

fn in_force(from: Day, until: Day, today: Day) -> bool {
    from <= today && today <= until
}

impl YearKeys {
    /// The text that the root signs.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{KEYS}\nfrom {}\nuntil {}\nstatement {}\ncustodian {}\nrecorder {}\nlog {}\nexchange {}\n",
            self.from, self.until, self.statement, self.custodian, self.recorder, self.log, self.exchange
        );
        // Writing to a String cannot fail.
        for key in &self.witnesses {
            let _ = writeln!(text, "witness {key}");
        }
        for key in &self.vouchers {
            let _ = writeln!(text, "voucher {key}");
        }
        text
    }

    /// Reads the text back. Lines must come in this order, and no others are allowed.
    pub fn parse(text: &str) -> Result<Self, BadStatement> {
        let mut lines = Lines::of(text, KEYS)?;
        let keys = Self {
            from: lines.take("from", |v| v.parse().ok())?,
            until: lines.take("until", |v| v.parse().ok())?,
            statement: lines.take("statement", note_key)?,
            custodian: lines.take("custodian", |v| v.parse().ok())?,
            recorder: lines.take("recorder", note_key)?,
            log: lines.take("log", note_key)?,
            exchange: lines.take("exchange", note_key)?,
            witnesses: lines.take_all("witness", |text| WitnessKey::parse(text).ok())?,
            vouchers: lines.take_all("voucher", note_key)?,
        };
        lines.end()?;
        check_span(keys.from, keys.until, KEYS_DAYS)?;
        Ok(keys)
    }
}

impl Statement {
    /// The text that the statement key and the recorder's key sign.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!(
            "{STATEMENT}\nserial {}\nfrom {}\nuntil {}\npost {}\npost-signing {}\nrecorder {}\n",
            self.serial, self.from, self.until, self.post, self.post_signing, self.recorder
        )
    }

    /// Reads the text back. Lines must come in this order, and no others are allowed.
    pub fn parse(text: &str) -> Result<Self, BadStatement> {
        let mut lines = Lines::of(text, STATEMENT)?;
        let statement = Self {
            serial: lines.take("serial", serial)?,
            from: lines.take("from", |v| v.parse().ok())?,
            until: lines.take("until", |v| v.parse().ok())?,
            post: lines.take("post", |v| v.parse().ok())?,
            post_signing: lines.take("post-signing", note_key)?,
            recorder: lines.take("recorder", |v| v.parse().ok())?,
        };
        lines.end()?;
        check_span(statement.from, statement.until, STATEMENT_DAYS)?;
        Ok(statement)
    }
}

fn serial(text: &str) -> Option<u64> {
    text.parse().ok().filter(|serial: &u64| *serial <= Exact::MOST && serial.to_string() == text)
}

fn note_key(text: &str) -> Option<NoteKey> {
    NoteKey::parse(text).ok()
}

fn check_span(from: Day, until: Day, days: u16) -> Result<(), BadStatement> {
    if until < from {
        return Err(BadStatement::Form("the last day"));
    }
    if until > from.plus_days(days) { Err(BadStatement::TooLong) } else { Ok(()) }
}

/// `label value` lines, read strictly in order.
struct Lines<'a>(std::iter::Peekable<std::str::Split<'a, char>>);

impl<'a> Lines<'a> {
    fn of(text: &'a str, first: &str) -> Result<Self, BadStatement> {
        let body = text.strip_suffix('\n').ok_or(BadStatement::Form("the last line"))?;
        let mut lines = body.split('\n').peekable();
        if lines.next() == Some(first) { Ok(Self(lines)) } else { Err(BadStatement::Form("the first line")) }
    }

    fn take<T>(&mut self, label: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, BadStatement> {
        let value = self.0.next().and_then(|line| line.strip_prefix(label)?.strip_prefix(' '));
        value.and_then(read).ok_or(BadStatement::Form(label))
    }

    fn take_all<T>(&mut self, label: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, BadStatement> {
        let mut all = Vec::new();
        while self.0.peek().is_some_and(|line| line.starts_with(label)) {
            all.push(self.take(label, &read)?);
        }
        Ok(all)
    }

    fn end(mut self) -> Result<(), BadStatement> {
        if self.0.next().is_none() { Ok(()) } else { Err(BadStatement::Form("the end")) }
    }
}
