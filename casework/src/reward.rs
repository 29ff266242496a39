//! The ordinary reward: a share of the fine, up to the cap, in whole fen.

use crate::money::{Fen, Overflow};
use crate::policy::Policy;

/// A reward with what it was computed from, for the sites to explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reward {
    /// The fine.
    pub fine: Fen,
    /// The share of the fine before the cap.
    pub share: Fen,
    /// What is due.
    pub due: Fen,
    /// Whether the cap made it smaller.
    pub capped: bool,
}

/// Why no reward can be computed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFine {
    /// A fine is zero or more.
    #[error("a fine cannot be negative")]
    Negative,
    /// Too large to compute with.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// The ordinary reward for a fine under a rule set.
pub fn ordinary(fine: Fen, policy: &Policy) -> Result<Reward, BadFine> {
    if fine < Fen(0) {
        return Err(BadFine::Negative);
    }
    let share = fine.share(policy.rate_basis_points)?;
    let due = share.min(policy.cap_fen);
    Ok(Reward { fine, share, due, capped: due < share })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy() -> Policy {
        Policy::parse(include_str!("../../policy/2022-01-30.toml")).expect("the rule set")
    }

    #[test]
    fn known_amounts() {
        let policy = policy();
        let cases = [
            (0, 0, false),
            (1, 0, false),
            (123_456_789, 6_172_839, false),
            (199_999_999, 9_999_999, false),
            (200_000_000, 10_000_000, false),
            (200_000_001, 10_000_000, false),
            (200_000_020, 10_000_000, true),
            (i64::MAX, 10_000_000, true),
        ];
        for (fine, due, capped) in cases {
            let reward = ordinary(Fen(fine), &policy).expect("a reward");
            assert_eq!((reward.due, reward.capped), (Fen(due), capped), "fine {fine}");
        }
        assert_eq!(ordinary(Fen(-1), &policy), Err(BadFine::Negative));
    }

    proptest! {
        #[test]
        fn never_above_the_cap_and_monotone(a in 0..=i64::MAX, b in 0..=i64::MAX) {
            let policy = policy();
            let (less, more) = (a.min(b), a.max(b));
            let (less, more) = (ordinary(Fen(less), &policy).expect("fits"), ordinary(Fen(more), &policy).expect("fits"));
            prop_assert!(less.due <= more.due && more.due <= policy.cap_fen);
        }
    }
}
