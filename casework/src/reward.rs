//! The reward: a share of the fine up to the cap, in whole fen; or, once for an exceptionally
//! grave case, an amount up to a higher cap.

use crypto::award::{Award, Line};

use crate::money::{Fen, Overflow};
use crate::policy::Policy;
use crate::report::Category;

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

/// Why no award can be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAward {
    /// The fine is no fine.
    #[error(transparent)]
    Fine(#[from] BadFine),
    /// A special amount above the cap for special ones.
    #[error("a special award is at most {0} yuan")]
    AboveSpecialCap(Fen),
    /// A special amount that is no more than the ordinary one.
    #[error("a special award is more than the ordinary one of {0} yuan")]
    NotMore(Fen),
    /// Violations of this category are not rewarded.
    #[error("this category is not rewarded")]
    NotRewarded,
    /// There is no such place among those who share.
    #[error("there is no such share")]
    NoShare,
}

/// Who shares a reward: how many, and which of them this is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub reporters: u32,
    /// Which, in the order of receipt.
    pub place: u32,
}

impl Share {
    /// A single reporter's.
    pub const WHOLE: Self = Self { reporters: 1, place: 1 };
}

/// The award for a verified violation, with its explanation. `special`: the amount proposed for
/// an exceptionally grave case instead of the ordinary one. `share`: this reporter's among several.
pub fn award(
    policy: &Policy,
    category: Category,
    fine: Fen,
    special: Option<Fen>,
    share: Share,
) -> Result<Award, NoAward> {
    let mut whole = undivided(policy, category, fine, special)?;
    let due = Fen(whole.due_fen).divided(share.reporters, share.place).ok_or(NoAward::NoShare)?;
    if share.reporters > 1 {
        let Share { reporters, place } = share;
        whole.lines.push(Line::Joint { reporters, place, share_fen: due.0 });
        whole.due_fen = due.0;
    }
    Ok(whole)
}

/// The award before it is divided among those who share it.
fn undivided(policy: &Policy, category: Category, fine: Fen, special: Option<Fen>) -> Result<Award, NoAward> {
    let ordinary = ordinary(fine, policy)?;
    let made = |lines, due: Fen| Ok(Award { policy: policy.document.clone(), lines, due_fen: due.0 });
    if !policy.rewards(category) {
        return match special {
            Some(_) => Err(NoAward::NotRewarded),
            None => made(vec![Line::NotRewarded { category: category.code().to_owned() }], Fen(0)),
        };
    }
    let mut lines = vec![if fine == Fen(0) {
        Line::NoFine {}
    } else {
        Line::Share { fine_fen: fine.0, basis_points: policy.rate_basis_points, share_fen: ordinary.share.0 }
    }];
    if ordinary.capped {
        lines.push(Line::Capped { cap_fen: policy.cap_fen.0 });
    }
    match special {
        None => made(lines, ordinary.due),
        Some(amount) if amount > policy.special_cap_fen => Err(NoAward::AboveSpecialCap(policy.special_cap_fen)),
        Some(amount) if amount <= ordinary.due => Err(NoAward::NotMore(ordinary.due)),
        Some(amount) => {
            lines.push(Line::Special { amount_fen: amount.0 });
            made(lines, amount)
        }
    }
}

/// Whether an award is what these rules give for the fine and the special amount in its own lines.
#[must_use]
pub fn adds_up(made: &Award, policy: &Policy, category: Category) -> bool {
    let (mut fine, mut special, mut share) = (Fen(0), None, Share::WHOLE);
    for line in &made.lines {
        match line {
            Line::Joint { reporters, place, .. } => share = Share { reporters: *reporters, place: *place },
            Line::Share { fine_fen, .. } => fine = Fen(*fine_fen),
            Line::Special { amount_fen } => special = Some(Fen(*amount_fen)),
            Line::Capped { .. } | Line::NoFine {} | Line::NotRewarded { .. } => {}
        }
    }
    award(policy, category, fine, special, share).is_ok_and(|again| again == *made)
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

    proptest! {
        #[test]
        fn an_award_is_what_its_lines_say(
            fine in 0..=Fen::MOST.0,
            special in proptest::option::of(0..60_000_000_i64),
            reporters in 1_u32..5,
        ) {
            let policy = policy();
            let share = Share { reporters, place: 1 };
            let Ok(award) = award(&policy, Category::CovertDischarge, Fen(fine), special.map(Fen), share) else {
                let ordinary = ordinary(Fen(fine), &policy).expect("fits").due;
                let amount = special.map(Fen).expect("an ordinary one never fails");
                prop_assert!(amount <= ordinary || amount > policy.special_cap_fen);
                return Ok(());
            };
            prop_assert!(Fen(award.due_fen) <= policy.special_cap_fen);
            prop_assert!(award.is_special() || Fen(award.due_fen) <= policy.cap_fen);
            let follows = award.lines.iter().fold(0, |due, line| match line {
                Line::Share { share_fen, .. } | Line::Joint { share_fen, .. } => *share_fen,
                Line::Capped { cap_fen } => due.min(*cap_fen),
                Line::Special { amount_fen } => *amount_fen,
                Line::NoFine {} | Line::NotRewarded { .. } => 0,
            });
            prop_assert_eq!(follows, award.due_fen);
            prop_assert!(adds_up(&award, &policy, Category::CovertDischarge));
            let more = Award { due_fen: award.due_fen + 1, ..award };
            prop_assert!(!adds_up(&more, &policy, Category::CovertDischarge));
        }
    }

    #[test]
    fn joint_reporters_share_to_the_fen() {
        let policy = policy();
        let of = |place| {
            let share = Share { reporters: 3, place };
            award(&policy, Category::CovertDischarge, Fen(2_000), None, share).map(|award| award.due_fen)
        };
        assert_eq!([of(1), of(2), of(3)], [Ok(34), Ok(33), Ok(33)]);
        assert_eq!([of(0), of(4)], [Err(NoAward::NoShare), Err(NoAward::NoShare)]);
        let one = award(&policy, Category::CovertDischarge, Fen(20), None, Share { reporters: 10, place: 2 });
        let one = one.expect("an award");
        assert_eq!((one.due_fen, one.lines.len()), (0, 2), "ten reporters and one fen");
    }

    #[test]
    fn explained_line_by_line() {
        let policy = policy();
        let of =
            |category, fine, special: Option<i64>| award(&policy, category, Fen(fine), special.map(Fen), Share::WHOLE);
        let share = |fine_fen, share_fen| Line::Share { fine_fen, basis_points: 500, share_fen };
        let plain = of(Category::CovertDischarge, 123_456_789, None).expect("an award");
        assert_eq!((plain.lines, plain.due_fen), (vec![share(123_456_789, 6_172_839)], 6_172_839));
        assert_eq!(plain.policy, policy.document);
        let capped = of(Category::CovertDischarge, 200_000_020, None).expect("an award");
        assert_eq!(capped.lines, [share(200_000_020, 10_000_001), Line::Capped { cap_fen: 10_000_000 }]);
        assert_eq!(of(Category::CovertDischarge, 0, None).expect("an award").lines, [Line::NoFine {}]);
        let other = of(Category::Other, 123_456_789, None).expect("an award");
        assert_eq!((other.lines, other.due_fen), (vec![Line::NotRewarded { category: "other".to_owned() }], 0));
        let special = of(Category::HazardousDumping, 0, Some(50_000_000)).expect("an award");
        assert_eq!((special.is_special(), special.due_fen), (true, 50_000_000));
        let refused = of(Category::HazardousDumping, 0, Some(50_000_001));
        assert_eq!(refused, Err(NoAward::AboveSpecialCap(Fen(50_000_000))));
        let less = of(Category::HazardousDumping, 123_456_789, Some(6_172_839));
        assert_eq!(less, Err(NoAward::NotMore(Fen(6_172_839))));
        assert_eq!(of(Category::Other, 100, Some(100)), Err(NoAward::NotRewarded));
        assert_eq!(of(Category::Other, -1, None), Err(NoAward::Fine(BadFine::Negative)));
    }
}
