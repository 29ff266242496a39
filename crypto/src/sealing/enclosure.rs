//! Enclosures: all attachments of a letter as one sealed stream, sent in parts.
//!
//! The plaintext is a plain tar archive, filled with zeros to one of few sizes and sealed to a fresh hybrid identity,
//! whose seed is in the letter. The sealed stream is cut into parts of 4 MiB, each stored as an object of its own. Every
//! attempt to send it is sealed afresh: parts of two attempts never fit together.

use std::io::{self, Read, Write};
use std::iter;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::sealing::recipient::HybridRecipient;
use crate::sealing::sealed::{seal_stream, sealed_size};

const MIB: usize = 1024 * 1024;
/// Bytes of every part except the last.
pub const PART: usize = 4 * MIB;
/// Up to this size, sizes are powers of two.
const POWERS: usize = 16 * MIB;
/// Sizes between a power of two above [`POWERS`] and the next: a size is at most an eighth larger than what it holds,
/// which tells an observer three bits more than powers of two would.
const STEPS: usize = 8;
/// The largest plaintext: 2 GiB of photographs and video, 513 parts.
pub const LARGEST: usize = 2048 * MIB;

/// One of the 61 sizes that an enclosure may have: a power of two from 1 to 16 MiB, then an eighth of a power of two more
/// each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct EnclosureSize(usize);

/// The number of bytes is not an enclosure size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an enclosure has one of 61 sizes from 1 MiB to 2 GiB")]
pub struct BadSize;

impl EnclosureSize {
    /// The smallest size that holds a tar archive of `tar` bytes; refused above [`LARGEST`].
    pub fn holding(tar: usize) -> Result<Self, BadSize> {
        let power = tar.next_power_of_two().max(MIB);
        let size = if power <= POWERS { power } else { tar.next_multiple_of(power / 2 / STEPS) };
        Self::try_from(size)
    }

    /// Every size, smallest first.
    pub fn all() -> impl Iterator<Item = Self> {
        let doubled = |from: usize| iter::successors(Some(from), |size| Some(size * 2));
        let powers = doubled(MIB).take_while(|size| *size <= POWERS);
        let between = doubled(POWERS).take_while(|size| *size < LARGEST);
        let steps = between.flat_map(|size| (1..=STEPS).map(move |step| size + step * (size / STEPS)));
        powers.chain(steps).map(Self)
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

/// The X-Wing seed of the identity that opens a letter's enclosure; 64 lower-case hexadecimal characters in JSON. No
/// `Debug`.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EnclosureSeed([u8; 32]);

impl From<[u8; 32]> for EnclosureSeed {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl EnclosureSeed {
    /// The seed's bytes; they suffice to open the enclosure.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Serialize for EnclosureSeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(hex::encode(self.0)))
    }
}

impl<'de> Deserialize<'de> for EnclosureSeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut seed = Self([0; 32]);
        let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match hex::decode_to_slice(text.as_bytes(), &mut seed.0) {
            Ok(()) if lower => Ok(seed),
            _ => Err(D::Error::custom("a seed is 64 lower-case hexadecimal characters")),
        }
    }
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
            prop_assert!(tar <= POWERS || size.plain() - tar <= tar / STEPS, "at most an eighth is padding");
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
        assert_eq!(EnclosureSize::all().count(), 61);
        assert!(EnclosureSize::all().is_sorted_by(|one, next| one < next));
        assert_eq!(EnclosureSize::all().last().map(EnclosureSize::plain), Some(LARGEST));
    }
}
