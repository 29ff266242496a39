//! The chain of bundles that one side has applied: which bundle comes next, and which are missing.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use model::Digest;

use crate::direction::Direction;
use crate::error::WrongBundle;
use crate::head::{BundleHead, BundleName, Epoch, NONE, optional};

/// A side that was restored goes on so far above the last number that it knows: those in between may have been used since
/// its backup.
pub const RESTORED: u64 = 1_000_000_000;

/// Most bundles that can be missing at once: about a year of one a day.
const MOST_MISSING: u64 = 500;

/// The bundles of the other side that were applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The other side's epoch; none before its first bundle.
    pub epoch: Option<Epoch>,
    /// The bundle with the highest number; none if this epoch's first one is still to come.
    pub last: Option<BundleName>,
    /// Numbers below it that never came.
    pub missing: BTreeSet<u64>,
}

/// Where a bundle stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It follows on the last one.
    Next,
    /// It is one that was missing.
    Late,
    /// Those with these numbers are missing before it.
    AfterGap(Vec<u64>),
}

impl Chain {
    /// Where a bundle stands; an error if it is not to be applied. `confirmed` is the epoch that a person has confirmed,
    /// if the other side was made anew or restored.
    pub fn place<D: Direction>(&self, head: &BundleHead<D>, confirmed: Option<Epoch>) -> Result<Place, WrongBundle> {
        let is_other = self.epoch.is_some_and(|known| known != head.epoch);
        if is_other && confirmed != Some(head.epoch) {
            return Err(WrongBundle::NewEpoch);
        }
        let Some(last) = self.last.filter(|_| !is_other) else {
            // The first that comes need not be the first that was written.
            return Ok(if head.previous.is_some() { Place::AfterGap(vec![head.number - 1]) } else { Place::Next });
        };
        if head.number == last.number && head.name().digest != last.digest {
            return Err(WrongBundle::Forked);
        }
        if head.number <= last.number {
            return if self.missing.contains(&head.number) { Ok(Place::Late) } else { Err(WrongBundle::Repeated) };
        }
        if head.number > last.number + 1 {
            let gap = head.number - last.number - 1;
            // A list of all of them must fit into a head, and into memory.
            if gap.saturating_add(self.missing.len() as u64) > MOST_MISSING {
                return Err(WrongBundle::Gap);
            }
            return Ok(Place::AfterGap((last.number + 1..head.number).collect()));
        }
        if head.previous == Some(last.digest) { Ok(Place::Next) } else { Err(WrongBundle::Forked) }
    }

    /// The chain after a bundle was applied.
    #[must_use]
    pub fn after<S: Direction>(&self, head: &BundleHead<S>, place: &Place) -> Self {
        let is_other = self.epoch.is_some_and(|known| known != head.epoch);
        let before = if is_other { Self::default() } else { self.clone() };
        let mut after = Self { epoch: Some(head.epoch), ..before };
        match place {
            Place::Late => {
                after.missing.remove(&head.number);
            }
            Place::Next => after.last = Some(head.name()),
            Place::AfterGap(missing) => {
                after.missing.extend(missing);
                after.last = Some(head.name());
            }
        }
        after
    }

    /// Forgets missing bundles that the other side has told it knows to be missing: what was in them comes again.
    pub fn sent_again(&mut self, upto: u64) {
        self.missing.retain(|number| *number > upto);
    }

    /// The digest of the last bundle, which the next one must name.
    #[must_use]
    pub fn last_digest(&self) -> Option<Digest> {
        self.last.map(|last| last.digest)
    }
}

/// The form in which a side stores it.
impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
        let missing: Vec<String> = self.missing.iter().map(u64::to_string).collect();
        let (epoch, last) = (self.epoch.map(|epoch| epoch.to_hex()), self.last.map(|last| last.to_string()));
        write!(f, "{};{};{}", or_none(epoch), or_none(last), missing.join(","))
    }
}

/// The text is not a chain's.
#[derive(Debug, thiserror::Error)]
#[error("not a chain of bundles")]
pub struct BadChain;

impl FromStr for Chain {
    type Err = BadChain;

    fn from_str(text: &str) -> Result<Self, BadChain> {
        let fields: Vec<&str> = text.split(';').collect();
        let [epoch, last, missing] = fields[..] else { return Err(BadChain) };
        let missing = missing.split(',').filter(|number| !number.is_empty());
        Ok(Self {
            epoch: optional(epoch, |text| text.parse().ok()).map_err(|_| BadChain)?,
            last: optional(last, |text| text.parse().ok()).map_err(|_| BadChain)?,
            missing: missing.map(|number| number.parse().map_err(|_| BadChain)).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direction::Inward;

    type InwardHead = BundleHead<Inward>;

    fn first() -> InwardHead {
        BundleHead::first([1; 8].into(), "2026-11-28".parse().expect("a day"))
    }

    fn next(before: &InwardHead) -> InwardHead {
        BundleHead { number: before.number + 1, previous: Some(before.name().digest), ..before.clone() }
    }

    fn apply(chain: &mut Chain, head: &InwardHead) -> Result<Place, WrongBundle> {
        let place = chain.place(head, None)?;
        *chain = chain.after(head, &place);
        Ok(place)
    }

    #[test]
    fn bundles_come_in_order_once_and_late_ones_are_taken() {
        let one = first();
        let (two, mut chain) = (next(&one), Chain::default());
        let (three, four) = (next(&two), next(&next(&two)));
        assert_eq!(apply(&mut chain, &one), Ok(Place::Next));
        assert_eq!(apply(&mut chain, &one), Err(WrongBundle::Repeated));
        assert_eq!(apply(&mut chain, &four), Ok(Place::AfterGap(vec![2, 3])));
        assert_eq!(apply(&mut chain, &three), Ok(Place::Late));
        assert_eq!(apply(&mut chain, &three), Err(WrongBundle::Repeated));
        assert_eq!(chain.missing, BTreeSet::from([2]));
        assert_eq!(apply(&mut chain, &two), Ok(Place::Late));
        assert!(chain.missing.is_empty());
        assert_eq!(chain.last, Some(four.name()));
        for chain in [chain, Chain { missing: BTreeSet::from([2, 3]), ..Chain::default() }] {
            assert_eq!(chain.to_string().parse::<Chain>().expect("read"), chain);
        }
    }

    #[test]
    fn a_bundle_that_follows_on_another_is_refused() {
        let one = first();
        let mut chain = Chain::default();
        apply(&mut chain, &one).expect("the first");
        let other = InwardHead { length: 9, ..first() };
        assert_eq!(apply(&mut chain, &next(&other)), Err(WrongBundle::Forked));
        assert_eq!(apply(&mut chain, &InwardHead { previous: None, ..next(&one) }), Err(WrongBundle::Forked));
        assert_eq!(apply(&mut chain, &next(&one)), Ok(Place::Next));
    }

    #[test]
    fn a_new_epoch_is_taken_once_it_is_confirmed_and_never_goes_back() {
        let mut chain = Chain::default();
        let (one, two) = (first(), next(&first()));
        apply(&mut chain, &one).expect("the first");
        apply(&mut chain, &two).expect("the second");
        let anew = |number| InwardHead { epoch: [2; 8].into(), number, previous: None, ..first() };
        assert_eq!(chain.place(&anew(3), None), Err(WrongBundle::NewEpoch));
        assert_eq!(chain.place(&anew(3), Some([3; 8].into())), Err(WrongBundle::NewEpoch));
        assert_eq!(
            chain.place(&anew(1), Some([2; 8].into())),
            Ok(Place::Next),
            "epoch and number together are the name"
        );
        let place = chain.place(&anew(3), Some([2; 8].into())).expect("confirmed");
        chain = chain.after(&anew(3), &place);
        assert_eq!(chain.last, Some(anew(3).name()));
        assert_eq!(apply(&mut chain, &next(&two)), Err(WrongBundle::NewEpoch), "the old side is refused from now on");
    }

    /// One signed number of a portal that was taken over filled the memory, or shut out every later bundle.
    #[test]
    fn a_gap_is_bounded_and_one_number_is_one_bundle() {
        let mut chain = Chain::default();
        apply(&mut chain, &first()).expect("the first");
        let far = |number| InwardHead { number, previous: Some(first().name().digest), ..first() };
        assert_eq!(apply(&mut chain, &far(502 + 1)), Err(WrongBundle::Gap));
        assert_eq!(apply(&mut chain, &far(u64::MAX)), Err(WrongBundle::Gap));
        assert!(matches!(apply(&mut chain, &far(502)), Ok(Place::AfterGap(missing)) if missing.len() == 500));
        assert_eq!(apply(&mut chain, &far(504)), Err(WrongBundle::Gap), "all gaps together");
        let other = InwardHead { length: 7, ..far(502) };
        assert_eq!(apply(&mut chain, &other), Err(WrongBundle::Forked), "the same number, another content");
    }

    #[test]
    fn a_first_bundle_that_names_another_before_it_tells_of_a_gap() {
        let (one, mut chain) = (first(), Chain::default());
        assert_eq!(apply(&mut chain, &next(&one)), Ok(Place::AfterGap(vec![1])));
        assert_eq!(apply(&mut chain, &one), Ok(Place::Late));
    }

    #[test]
    fn what_comes_again_is_missing_no_more() {
        let mut chain = Chain { missing: BTreeSet::from([2, 5, 9]), ..Chain::default() };
        chain.sent_again(5);
        assert_eq!(chain.missing, BTreeSet::from([9]));
    }
}
