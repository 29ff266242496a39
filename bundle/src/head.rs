//! Heads: what a bundle says about itself, as a signed note at its beginning.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crypto::keys::note_key::NoteKey;
use crypto::keys::note_text::NoteText;
use model::{Day, Digest, Exact, hex_id};

use crate::direction::Direction;
use crate::error::WrongBundle;

/// First line of a head.
const FIRST: &str = "qingniao bundle v1";
const YES: &str = "yes";
/// Stands where there is nothing to name.
pub(crate) const NONE: &str = "-";

hex_id!(
    /// A random number that a side has from the moment it was made or restored: after that its numbers may repeat.
    Epoch, 8
);

/// The name of a bundle of the other direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BundleName {
    /// The epoch of the side that wrote it.
    pub epoch: Epoch,
    /// Its number, from 1.
    pub number: u64,
    /// SHA-256 of its head's text.
    pub digest: Digest,
}

/// Mailboxes that an outward bundle names all of, by row key, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxRange {
    /// The first row key.
    pub first: i64,
    /// The last row key.
    pub last: i64,
}

impl MailboxRange {
    /// All mailboxes.
    pub const ALL: Self = Self { first: 0, last: i64::MAX };
}

/// A bundle's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleHead<S> {
    /// The epoch of the side that wrote it.
    pub epoch: Epoch,
    /// The bundle's number, from 1, one more than that of the bundle before.
    pub number: u64,
    /// SHA-256 of the text of the head before; none for the first of an epoch.
    pub previous: Option<Digest>,
    /// The day on which it was made.
    pub made_on: Day,
    /// The newest bundle of the other side that this side had applied; none before the first.
    pub applied: Option<BundleName>,
    /// The numbers up to that one that this side never received, in ascending order.
    pub missing: Vec<u64>,
    /// The mailboxes of which it names all that exist; none in an inward bundle.
    pub mailboxes: Option<MailboxRange>,
    /// Whether more was waiting than this bundle holds: the next one goes on.
    pub more: bool,
    /// Bytes after the head.
    pub length: u64,
    /// SHA-256 of the bytes after the head.
    pub body: Digest,
    /// The direction.
    pub direction: PhantomData<S>,
}

impl<S: Direction> BundleHead<S> {
    /// The first bundle of an epoch, without a body.
    #[must_use]
    pub fn first(epoch: Epoch, made_on: Day) -> Self {
        Self {
            epoch,
            number: 1,
            previous: None,
            made_on,
            applied: None,
            missing: Vec::new(),
            mailboxes: None,
            more: false,
            length: 0,
            body: Digest::of(b""),
            direction: PhantomData,
        }
    }

    /// The bundle's name: its epoch, its number, and the digest of this text.
    #[must_use]
    pub fn name(&self) -> BundleName {
        BundleName { epoch: self.epoch, number: self.number, digest: Digest::of(self.to_text().as_bytes()) }
    }

    /// The text that is signed.
    #[must_use]
    pub fn to_text(&self) -> String {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
        let missing = self.missing.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let range = |range: MailboxRange| format!("{:016x} {:016x}", range.first, range.last);
        format!(
            "{FIRST}\n{}\nepoch {}\nnumber {}\nprevious {}\nmade-on {}\napplied {}\nmissing {}\nmailboxes {}\nmore {}\nlength {}\n\
             body {}\n",
            S::NAME,
            self.epoch.to_hex(),
            self.number,
            or_none(self.previous.map(|digest| digest.to_hex())),
            self.made_on,
            or_none(self.applied.map(|applied| applied.to_string())),
            if missing.is_empty() { NONE } else { &missing },
            or_none(self.mailboxes.map(range)),
            if self.more { YES } else { NONE },
            self.length,
            self.body.to_hex()
        )
    }

    /// Reads the text back. Only the text that [`BundleHead::to_text`] writes is accepted.
    pub fn parse(text: &str) -> Result<Self, WrongBundle> {
        let read = || {
            let mut lines = text.lines();
            if lines.next()? != FIRST || lines.next()? != S::NAME {
                return None;
            }
            let mut field = |label: &str| lines.next()?.strip_prefix(label)?.strip_prefix(' ').map(str::to_owned);
            let epoch = field("epoch")?.parse().ok()?;
            let number = field("number")?.parse().ok()?;
            let previous = optional(&field("previous")?, |text| text.parse().ok()).ok()?;
            let made_on = field("made-on")?.parse().ok()?;
            let applied = optional(&field("applied")?, |text| text.parse().ok()).ok()?;
            let missing = optional(&field("missing")?, |text| {
                text.split(',').map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>()
            })
            .ok()?;
            let mailboxes = optional(&field("mailboxes")?, range).ok()?;
            let more = optional(&field("more")?, |text| (text == YES).then_some(())).ok()?.is_some();
            let (length, body) = (field("length")?.parse().ok()?, field("body")?.parse().ok()?);
            let missing = missing.unwrap_or_default();
            let direction = PhantomData;
            Some(Self { epoch, number, previous, made_on, applied, missing, mailboxes, more, length, body, direction })
        };
        // Written again it must be the same: every number and day in one spelling, nothing after the last line.
        read()
            .filter(|head| (1..=Exact::MOST).contains(&head.number) && head.to_text() == text)
            .ok_or(WrongBundle::Form)
    }
}

/// A value, or none where nothing is named; an error if it is neither.
pub(crate) fn optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, WrongBundle> {
    if text == NONE { Ok(None) } else { read(text).map(Some).ok_or(WrongBundle::Form) }
}

fn range(text: &str) -> Option<MailboxRange> {
    let (first, last) = text.split_once(' ')?;
    let key = |text: &str| i64::from_str_radix(text, 16).ok().filter(|key| *key >= 0);
    let range = MailboxRange { first: key(first)?, last: key(last)? };
    (range.first <= range.last).then_some(range)
}

impl fmt::Display for BundleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.epoch.to_hex(), self.number, self.digest.to_hex())
    }
}

/// The text is not the name of a bundle.
#[derive(Debug, thiserror::Error)]
#[error("not the name of a bundle")]
pub struct BadName;

impl FromStr for BundleName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let mut fields = text.split(' ');
        let mut next = || fields.next().ok_or(BadName);
        let (epoch, number, digest) = (next()?, next()?, next()?);
        let name = Self {
            epoch: epoch.parse().map_err(|_| BadName)?,
            number: number.parse().map_err(|_| BadName)?,
            digest: digest.parse().map_err(|_| BadName)?,
        };
        if name.to_string() == text { Ok(name) } else { Err(BadName) }
    }
}

impl<S: Direction> NoteText for BundleHead<S> {
    type Signer = S::Key;

    fn note_text(&self, _: &NoteKey) -> Option<String> {
        Some(self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direction::{Inward, Outward};

    fn full() -> BundleHead<Outward> {
        let name = BundleName { epoch: [1; 8].into(), number: 7, digest: Digest::of(b"x") };
        BundleHead {
            number: 12,
            previous: Some(Digest::of(b"before")),
            applied: Some(name),
            missing: vec![3, 5],
            mailboxes: Some(MailboxRange { first: 0, last: 255 }),
            more: true,
            length: 4096,
            ..BundleHead::first([2; 8].into(), "2026-11-28".parse().expect("a day"))
        }
    }

    #[test]
    fn a_head_comes_back_and_has_one_spelling() {
        let first = BundleHead::<Inward>::first([3; 8].into(), "2026-11-28".parse().expect("a day"));
        assert_eq!(BundleHead::parse(&first.to_text()), Ok(first.clone()));
        assert_eq!(BundleHead::parse(&full().to_text()), Ok(full()));
        assert_eq!(
            BundleHead::<Inward>::parse(&full().to_text()).err(),
            Some(WrongBundle::Form),
            "the other direction"
        );
        for (from, to) in [
            ("v1", "v2"),
            ("number 12", "number 012"),
            ("number 12", "number 0"),
            ("missing 3,5", "missing 3, 5"),
            ("2026-11-28", "2026-11-31"),
            ("0000000000000000 00000000000000ff", "00000000000000ff 0000000000000000"),
            ("00000000000000ff", "ffffffffffffffff"),
            ("more yes", "more no"),
            ("length 4096", "length +4096"),
            ("body ", "body -"),
            ("epoch 02", "epoch "),
        ] {
            let changed = full().to_text().replacen(from, to, 1);
            assert_ne!(changed, full().to_text(), "{from}");
            assert!(BundleHead::<Outward>::parse(&changed).is_err(), "{to}");
        }
        assert!(BundleHead::<Outward>::parse(&format!("{}more 1\n", full().to_text())).is_err());
        assert_ne!(full().name().digest, BundleHead { number: 13, ..full() }.name().digest);
    }
}
