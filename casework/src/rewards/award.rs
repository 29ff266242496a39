//! Computes a reward: a share of the fine up to the cap, in whole fen; or, once for an exceptionally grave case, an
//! amount up to a higher cap. Every amount comes with the lines that explain it.

use model::{Award, Fen, Line, Overflow};

use crate::reports::Category;
use crate::rules::{AddOnEvent, Exclusion, Policy, Rounding, SeveralFines};

/// Why no award can be computed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAward {
    /// A fine below zero.
    #[error("a fine cannot be negative")]
    Negative,
    /// An amount above [`Fen::MOST`], alone or in a sum.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// A special amount above the cap for special awards, which is given.
    #[error("a special award is at most {0} yuan")]
    AboveSpecialCap(Fen),
    /// A special amount that does not exceed the ordinary one, which is given.
    #[error("a special award is more than the ordinary one of {0} yuan")]
    NotMore(Fen),
    /// Violations of this category are not rewarded.
    #[error("this category is not rewarded")]
    NotRewarded,
    /// The rules exclude this reporter.
    #[error("this reporter is excluded")]
    Excluded,
    /// These rules have no such exclusion or add-on, or an add-on was named twice.
    #[error("the rules do not have {0}")]
    NoRule(&'static str),
    /// There is no such place among those who share.
    #[error("there is no such share")]
    NoShare,
}

/// How a reward is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Number of reporters who share it.
    pub reporters: u32,
    /// This reporter's place in the order of receipt, from 1.
    pub place: u32,
}

impl Share {
    /// The share of a single reporter.
    pub const WHOLE: Self = Self { reporters: 1, place: 1 };
}

/// The facts from which an award is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The category of the violation that was found.
    pub category: Category,
    /// Fines of the decisions in force; empty or zero where there was no penalty.
    pub fines: Vec<Fen>,
    /// Why this reporter is excluded from rewards, if so.
    pub excluded: Option<Exclusion>,
    /// Events that add to the share, each at most once.
    pub add_ons: Vec<AddOnEvent>,
    /// The amount proposed for an exceptionally grave case instead of the ordinary one.
    pub special: Option<Fen>,
    /// This reporter's share among several.
    pub share: Share,
}

impl Facts {
    /// The facts for a single reporter and a single decision.
    #[must_use]
    pub fn of(category: Category, fine: Fen) -> Self {
        let (fines, share) = (vec![fine], Share::WHOLE);
        Self { category, fines, excluded: None, add_ons: Vec::new(), special: None, share }
    }

    /// Recovers the facts from an award's own lines; `None` if they hold an unknown code.
    #[must_use]
    fn told_by(made: &Award, category: Category) -> Option<Self> {
        let mut facts = Self { fines: Vec::new(), ..Self::of(category, Fen(0)) };
        for line in &made.lines {
            match line {
                Line::Several { fines_fen, .. } => facts.fines = fines_fen.iter().copied().map(Fen).collect(),
                Line::Share { fine_fen, .. } if facts.fines.is_empty() => facts.fines.push(Fen(*fine_fen)),
                Line::Excluded { exclusion } => facts.excluded = Some(Exclusion::of_code(exclusion)?),
                Line::AddOn { event, .. } => facts.add_ons.push(AddOnEvent::of_code(event)?),
                Line::Special { amount_fen } => facts.special = Some(Fen(*amount_fen)),
                Line::Joint { reporters, place, .. } => facts.share = Share { reporters: *reporters, place: *place },
                Line::Share { .. } | Line::Capped { .. } | Line::NoFine {} | Line::NotRewarded { .. } => {}
            }
        }
        Some(facts)
    }
}

/// Computes an award with its explanation.
pub fn award(policy: &Policy, facts: &Facts) -> Result<Award, NoAward> {
    let mut lines = Vec::new();
    let whole = undivided(policy, facts, &mut lines)?;
    let Share { reporters, place } = facts.share;
    let due = whole.divided(reporters, place).ok_or(NoAward::NoShare)?;
    if reporters > 1 {
        lines.push(Line::Joint { reporters, place, share_fen: due.0 });
    }
    Ok(Award { policy: policy.document.clone(), lines, due_fen: due.0 })
}

/// The amount before it is divided among those who share it.
fn undivided(policy: &Policy, facts: &Facts, lines: &mut Vec<Line>) -> Result<Fen, NoAward> {
    let counted = checked_fine(policy, facts)?;
    if let Some(exclusion) = facts.excluded {
        if !policy.exclusions.iter().any(|code| code == exclusion.code()) {
            return Err(NoAward::NoRule(exclusion.code()));
        }
        lines.push(Line::Excluded { exclusion: exclusion.code().to_owned() });
        return if facts.special.is_some() { Err(NoAward::Excluded) } else { Ok(Fen(0)) };
    }
    if !policy.rewards(facts.category) {
        lines.push(Line::NotRewarded { category: facts.category.code().to_owned() });
        return if facts.special.is_some() { Err(NoAward::NotRewarded) } else { Ok(Fen(0)) };
    }
    let ordinary = ordinary(policy, facts, counted, lines)?;
    match facts.special {
        None => Ok(ordinary),
        Some(amount) if amount > policy.special_cap_fen => Err(NoAward::AboveSpecialCap(policy.special_cap_fen)),
        Some(amount) if amount <= ordinary => Err(NoAward::NotMore(ordinary)),
        Some(amount) => {
            lines.push(Line::Special { amount_fen: amount.0 });
            Ok(amount)
        }
    }
}

/// The share of the fine with its add-ons, up to the cap.
fn ordinary(policy: &Policy, facts: &Facts, fine: Fen, lines: &mut Vec<Line>) -> Result<Fen, NoAward> {
    if facts.fines.len() > 1 {
        let mut fines_fen: Vec<i64> = facts.fines.iter().map(|fine| fine.0).collect();
        fines_fen.sort_unstable_by_key(|fine| std::cmp::Reverse(*fine));
        let summed = policy.several_violations == SeveralFines::Sum;
        lines.push(Line::Several { fines_fen, summed, fine_fen: fine.0 });
    }
    let mut due = Fen(0);
    if fine == Fen(0) {
        lines.push(Line::NoFine {});
    } else {
        let share = fine.share(policy.rate_basis_points)?;
        due = match policy.rounding {
            Rounding::DownToFen => share,
            Rounding::DownToYuan => Fen(share.0 - share.0 % 100),
        };
        let (basis_points, share_fen) = (policy.rate_basis_points, due.0);
        lines.push(Line::Share { fine_fen: fine.0, basis_points, share_fen });
    }
    for event in &facts.add_ons {
        let code = event.code();
        let add_on = policy.add_ons.iter().find(|one| one.event == code).ok_or(NoAward::NoRule(code))?;
        due = due.plus(add_on.amount_fen)?;
        lines.push(Line::AddOn { event: code.to_owned(), amount_fen: add_on.amount_fen.0 });
    }
    if due > policy.cap_fen {
        lines.push(Line::Capped { cap_fen: policy.cap_fen.0 });
    }
    Ok(due.min(policy.cap_fen))
}

/// The fine that counts among those in force. Rejects negative fines and duplicate add-ons.
fn checked_fine(policy: &Policy, facts: &Facts) -> Result<Fen, NoAward> {
    if facts.fines.iter().any(|fine| *fine < Fen(0)) {
        return Err(NoAward::Negative);
    }
    let said_twice = |(index, event): (usize, &AddOnEvent)| facts.add_ons[..index].contains(event);
    if facts.add_ons.iter().enumerate().any(said_twice) {
        return Err(NoAward::NoRule("the same add-on twice"));
    }
    let counted = match policy.several_violations {
        SeveralFines::Highest => facts.fines.iter().copied().max().unwrap_or(Fen(0)),
        SeveralFines::Sum => facts.fines.iter().try_fold(Fen(0), |sum, fine| sum.plus(*fine))?,
    };
    // Not every JSON reader keeps larger amounts exactly.
    if counted > Fen::MOST { Err(Overflow.into()) } else { Ok(counted) }
}

/// Whether these rules give this award for the facts in its own lines.
#[must_use]
pub fn adds_up(made: &Award, policy: &Policy, category: Category) -> bool {
    Facts::told_by(made, category).is_some_and(|facts| award(policy, &facts).is_ok_and(|again| again == *made))
}

/// Whether these rules give this award for the facts in its lines, but with these fines.
#[must_use]
pub fn follows_from(made: &Award, policy: &Policy, category: Category, fines: &[Fen]) -> bool {
    let facts = Facts::told_by(made, category).map(|facts| Facts { fines: fines.to_vec(), ..facts });
    facts.is_some_and(|facts| award(policy, &facts).is_ok_and(|again| again == *made))
}

#[cfg(test)]
mod tests;
