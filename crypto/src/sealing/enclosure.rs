//! Enclosures: all attachments of a letter as one sealed stream, sent in parts.
//!
//! The plaintext is a plain tar archive, filled with zeros to one of few sizes and sealed to a fresh hybrid identity,
//! whose seed is in the letter. The sealed stream is cut into parts of 4 MiB, each stored as an object of its own.

use std::io::{self, Read, Write};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{seal_stream, sealed_size};

const MIB: usize = 1024 * 1024;
/// Bytes of every part except the last.
pub const PART: usize = 4 * MIB;
/// Above this size, sizes grow in steps of it.
pub const STEP: usize = 64 * MIB;
/// The largest plaintext: 2 GiB of photographs and video, 513 parts.
pub const LARGEST: usize = 2048 * MIB;

/// One of the sizes that an enclosure may have: a power of two from 1 to 64 MiB, then a multiple of 64 MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct EnclosureSize(usize);

/// The number of bytes is not an enclosure size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an enclosure is a power of two from 1 to 64 MiB or a multiple of 64 MiB up to 2 GiB")]
pub struct BadSize;

impl EnclosureSize {
    /// The smallest size that holds a tar archive of `tar` bytes; refused above [`LARGEST`].
    pub fn holding(tar: usize) -> Result<Self, BadSize> {
        let size = if tar <= STEP { tar.next_power_of_two().max(MIB) } else { tar.next_multiple_of(STEP) };
        Self::try_from(size)
    }

    /// Every size, smallest first.
    pub fn all() -> impl Iterator<Item = Self> {
        let powers = (0..=6).map(|power| Self(MIB << power));
        let steps = (2..=LARGEST / STEP).map(|count| Self(count * STEP));
        powers.chain(steps)
    }

    /// Size in bytes before sealing.
    #[must_use]
    pub fn plain(self) -> usize {
        self.0
    }

    /// Size in bytes after sealing.
    #[must_use]
    pub fn sealed(self) -> usize {
        sealed_size(self.0)
    }

    /// Number of parts that it is sent in.
    #[must_use]
    pub fn parts(self) -> u32 {
        u32::try_from(self.sealed().div_ceil(PART)).unwrap_or(u32::MAX)
    }

    /// Bytes of part `number`, from 0; `None` beyond the last.
    #[must_use]
    pub fn part_size(self, number: u32) -> Option<usize> {
        let start = (number as usize).checked_mul(PART)?;
        let left = self.sealed().checked_sub(start)?;
        (left > 0).then(|| left.min(PART))
    }
}

impl TryFrom<usize> for EnclosureSize {
    type Error = BadSize;

    fn try_from(bytes: usize) -> Result<Self, BadSize> {
        Self::all().find(|size| size.0 == bytes).ok_or(BadSize)
    }
}

impl From<EnclosureSize> for usize {
    fn from(size: EnclosureSize) -> Self {
        size.0
    }
}

/// A letter's reference to its enclosure: the seed of the identity that opens it, and its size.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct EnclosureKey {
    /// The X-Wing seed, 64 lower-case hexadecimal characters. It suffices to open the enclosure.
    #[serde(deserialize_with = "seed")]
    pub seed: String,
    /// Size in bytes before sealing.
    #[zeroize(skip)]
    pub size: EnclosureSize,
}

fn seed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let sound = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if sound { Ok(text) } else { Err(D::Error::custom("a seed is 64 lower-case hexadecimal characters")) }
}

/// Seals a tar archive of `tar_size` bytes as a stream, with one chunk in memory. Fails if the archive is shorter.
pub fn seal(
    tar: impl Read,
    tar_size: usize,
    recipient: &HybridRecipient,
    output: impl Write,
) -> io::Result<EnclosureSize> {
    let size = EnclosureSize::holding(tar_size).map_err(io::Error::other)?;
    let mut writer = seal_stream(recipient, output)?;
    let padding = io::repeat(0).take((size.0 - tar_size) as u64);
    let written = io::copy(&mut tar.take(tar_size as u64).chain(padding), &mut writer)?;
    if written != size.0 as u64 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is shorter than announced"));
    }
    writer.finish()?;
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_archive_finds_the_next_size(tar in 0..=LARGEST) {
            let size = EnclosureSize::holding(tar).expect("below the largest");
            prop_assert!(size.plain() >= tar);
            prop_assert!(EnclosureSize::all().all(|other| other >= size || other.plain() < tar));
        }
    }

    #[test]
    fn parts_add_up() {
        for size in EnclosureSize::all() {
            let parts: Vec<usize> = (0..size.parts()).map(|n| size.part_size(n).expect("a part")).collect();
            assert_eq!(parts.iter().sum::<usize>(), size.sealed());
            assert_eq!(size.part_size(size.parts()), None);
        }
        assert!(EnclosureSize::holding(LARGEST + 1).is_err());
    }
}
