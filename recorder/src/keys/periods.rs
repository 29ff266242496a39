//! Outer keys: one for each key statement's period, destroyed when the period is over and no letter sealed under it
//! can still arrive.

use std::fs;
use std::path::{Path, PathBuf};

use crypto::sealing::outer::{self, Header, PLAIN};
use crypto::sealing::recipient::HybridRecipient;
use model::{Day, Digest, LetterDigest};
use opening::{HybridIdentity, KeyFolder, KeyFolderError};
use zeroize::Zeroizing;

use crate::keys::letter_keys::{NoLetterKey, erase, sync};

const FOLDER: &str = "outer";
const KEY: &str = ".key";
const UNTIL: &str = ".until";
/// Days after the end of a period in which letters may still arrive: browsers' clocks differ, and a page that was
/// open over midnight continues with its key.
const LATE: u16 = 2;

/// The folder of outer keys.
pub(crate) struct Periods(PathBuf);

/// An outer key, which opens the outer layer of letters of its period.
pub(crate) struct OuterKey {
    name: String,
    identity: HybridIdentity,
    until: Option<Day>,
}

/// Why outer keys cannot be made, read or destroyed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPeriod {
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    #[error("the folder of outer keys cannot be read or written")]
    Folder(#[source] std::io::Error),
    #[error("the last day of {0} is not a day")]
    Until(String),
    #[error("an outer key cannot be destroyed")]
    Destroy(#[from] NoLetterKey),
}

/// The content under a letter's outer layer.
pub(crate) struct UnwrappedContent {
    pub(crate) header: Header,
    pub(crate) plain: Zeroizing<Vec<u8>>,
}

impl Periods {
    pub(crate) fn at(recorder: &Path) -> Self {
        Self(recorder.join(FOLDER))
    }

    /// Makes the key of a new period. The period's end is set when a statement that names the key is cosigned.
    pub(crate) fn begin(&self) -> Result<HybridRecipient, NoPeriod> {
        let folder = KeyFolder::create(&self.0)?;
        let key = HybridIdentity::generate().map_err(KeyFolderError::from)?;
        folder.keep_hybrid(&format!("{}{KEY}", name_of(&key.recipient())), &key)?;
        Ok(key.recipient())
    }

    /// Records the last day on which browsers seal to a key; false if this recorder has no such key.
    pub(crate) fn ends(&self, recipient: &HybridRecipient, until: Day) -> Result<bool, NoPeriod> {
        let name = name_of(recipient);
        let Some(known) = self.keys()?.into_iter().find(|key| key.name == name) else { return Ok(false) };
        let until = known.until.map_or(until, |known| known.max(until));
        let (new, place) = (self.0.join(format!("{name}{UNTIL}.new")), self.0.join(format!("{name}{UNTIL}")));
        let written = fs::write(&new, format!("{until}\n")).and_then(|()| fs::File::open(&new)?.sync_all());
        written.and_then(|()| fs::rename(&new, &place)).map_err(NoPeriod::Folder)?;
        sync(&self.0)?;
        Ok(true)
    }

    /// All keys, those that end last first, since most letters are sealed to them.
    pub(crate) fn keys(&self) -> Result<Vec<OuterKey>, NoPeriod> {
        let mut keys = Vec::new();
        for file in fs::read_dir(&self.0).map_err(NoPeriod::Folder)? {
            let file = file.map_err(NoPeriod::Folder)?.file_name().to_string_lossy().into_owned();
            let Some(name) = file.strip_suffix(KEY) else { continue };
            let identity = KeyFolder::open(&self.0).hybrid(&file)?;
            let until = match fs::read_to_string(self.0.join(format!("{name}{UNTIL}"))) {
                Ok(text) => Some(text.trim_end().parse().map_err(|_| NoPeriod::Until(name.to_owned()))?),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(NoPeriod::Folder(error)),
            };
            keys.push(OuterKey { name: name.to_owned(), identity, until });
        }
        keys.sort_by_key(|key| std::cmp::Reverse(key.until));
        Ok(keys)
    }

    /// The names of keys, in ascending order.
    pub(crate) fn names(keys: &[OuterKey]) -> Vec<Digest> {
        let mut names: Vec<Digest> = keys.iter().filter_map(|key| key.name().parse().ok()).collect();
        names.sort_unstable();
        names
    }

    /// Destroys a key and the record of its last day.
    pub(crate) fn destroy(&self, key: &OuterKey) -> Result<(), NoPeriod> {
        for suffix in [KEY, UNTIL] {
            erase(&self.0, &format!("{}{suffix}", key.name))?;
        }
        Ok(sync(&self.0)?)
    }
}

impl OuterKey {
    /// Opens the outer layer; none if the letter is not sealed to this key.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<UnwrappedContent> {
        let plain = self.identity.open(sealed, PLAIN).ok()?;
        let (header, _) = outer::split(plain.clone()).ok()?;
        Some(UnwrappedContent { header, plain })
    }

    /// Whether no letter sealed to this key can still arrive, provided that everything that had arrived on this day was
    /// taken in.
    pub(crate) fn is_over(&self, day: Day) -> bool {
        self.until.is_some_and(|until| until.plus_days(LATE) < day)
    }

    /// The key's name in entries: SHA-256 of its public half, in hexadecimal.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// SHA-256 of the public half, in hexadecimal.
fn name_of(recipient: &HybridRecipient) -> String {
    LetterDigest::of(recipient.to_string().as_bytes()).to_hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_period_ends_when_nothing_of_it_can_come_any_more() {
        let place = tempfile::tempdir().expect("a folder");
        let periods = Periods::at(place.path());
        let (first, second) = (periods.begin().expect("a key"), periods.begin().expect("a key"));
        assert!(periods.ends(&first, day("2026-11-30")).expect("noted"));
        assert!(periods.ends(&first, day("2026-11-20")).expect("a statement of before changes nothing"));
        assert!(periods.ends(&second, day("2026-12-30")).expect("noted"));
        assert!(
            !periods.ends(&HybridIdentity::generate().expect("a key").recipient(), day("2026-12-30")).expect("asked")
        );
        let keys = periods.keys().expect("keys");
        assert_eq!(keys.iter().map(OuterKey::name).collect::<Vec<_>>(), [name_of(&second), name_of(&first)]);
        assert!(!keys[1].is_over(day("2026-12-02")) && keys[1].is_over(day("2026-12-03")));
        assert!(!keys[0].is_over(day("2026-12-03")));
        let sealed = crypto::sealing::sealed::seal(&first, &vec![0; PLAIN]).expect("sealed");
        assert!(keys[1].identity.open(&sealed, PLAIN).is_ok());
        periods.destroy(&keys[1]).expect("destroyed");
        let left = periods.keys().expect("keys");
        assert_eq!(left.iter().map(OuterKey::name).collect::<Vec<_>>(), [name_of(&second)]);
        assert!(fs::read_dir(place.path().join(FOLDER)).expect("the folder").count() == 2, "nothing of it is left");
    }
}
