//! Handling a report on the post's side: from triage to the claim. These entries are kept sealed
//! to the post; the link from a report to its case is nowhere else.

use serde::{Deserialize, Serialize};

use crate::codes::codes;
use crate::entered::{BadText, filled, short};

codes!(
    /// How far the handling of a report is.
    Stage {
        /// Nobody has decided anything.
        New = "new",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// Known before, from an earlier report or an inspection.
        Known = "known",
        /// Says too little to be checked.
        NotEffective = "not-effective",
        /// Being checked.
        Verifying = "verifying",
        /// Checked, and not found.
        NotConfirmed = "not-confirmed",
        /// Checked, found, and a case.
        Confirmed = "confirmed",
        /// A reward was proposed; its claim tells the rest.
        Proposed = "proposed",
        /// The approver has sent it back. Only for lists: handling leads to "proposed".
        Returned = "returned",
        /// The reward was approved. Likewise.
        Approved = "approved",
    }
);

/// A step of handling. The note is for colleagues; the reporter never sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Not a matter of this authority.
    NotOurs {
        /// Why, and whose it is.
        note: String,
    },
    /// Known before.
    Known {
        /// The case that it is known from. The reporter is told once that case is decided.
        case: u64,
        /// Anything else.
        note: String,
    },
    /// Too little to be checked.
    NotEffective {
        /// What is missing.
        note: String,
    },
    /// To be checked.
    Verify {
        /// By whom and how.
        note: String,
    },
    /// Checked, and not found.
    NotConfirmed {
        /// What was looked at.
        note: String,
    },
    /// Checked and found: a fact sheet crossed, and a case was opened.
    Confirmed {
        /// The case.
        case: u64,
    },
    /// A reward was proposed.
    Proposed {
        /// The claim.
        claim: u64,
    },
    /// An earlier decision was wrong: everything is open again.
    Reconsidered {
        /// Why.
        note: String,
    },
}

/// The step does not follow from this stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// See [`Stage::possible`].
    #[error("{step} does not follow {}", .stage.code())]
    OutOfOrder {
        /// Where the handling is.
        stage: Stage,
        /// The step's code.
        step: &'static str,
    },
    /// A note of the wrong length.
    #[error(transparent)]
    Text(#[from] BadText),
}

/// How far a report is, and what it led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handling {
    /// How far.
    pub stage: Stage,
    /// Its case, or the case that it is known from.
    pub case: Option<u64>,
    /// Its claim to a reward.
    pub claim: Option<u64>,
    /// What the reporter was told before the decision was taken back, with its case: that it is
    /// looked at again must not show by an outcome that vanishes.
    pub told: Option<(Stage, Option<u64>)>,
}

impl Default for Handling {
    fn default() -> Self {
        Self { stage: Stage::New, case: None, claim: None, told: None }
    }
}

impl Step {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOurs { .. } => "not-ours",
            Self::Known { .. } => "known",
            Self::NotEffective { .. } => "not-effective",
            Self::Verify { .. } => "verify",
            Self::NotConfirmed { .. } => "not-confirmed",
            Self::Confirmed { .. } => "confirmed",
            Self::Proposed { .. } => "proposed",
            Self::Reconsidered { .. } => "reconsidered",
        }
    }

    /// The note, where there is one.
    #[must_use]
    pub fn note(&self) -> &str {
        match self {
            Self::NotOurs { note }
            | Self::Known { note, .. }
            | Self::NotEffective { note }
            | Self::Verify { note }
            | Self::NotConfirmed { note }
            | Self::Reconsidered { note } => note,
            Self::Confirmed { .. } | Self::Proposed { .. } => "",
        }
    }
}

impl Stage {
    /// Codes of the steps that may follow.
    #[must_use]
    pub fn possible(self) -> &'static [&'static str] {
        match self {
            Self::New => &["verify", "not-ours", "known", "not-effective"],
            Self::Verifying => &["confirmed", "not-confirmed", "known", "not-ours", "not-effective"],
            Self::NotOurs | Self::Known | Self::NotEffective | Self::NotConfirmed => &["reconsidered"],
            Self::Confirmed => &["proposed", "reconsidered"],
            Self::Proposed | Self::Returned | Self::Approved => &[],
        }
    }
}

impl Handling {
    /// The handling after one more, new step.
    pub fn after(self, step: &Step) -> Result<Self, Refused> {
        let note = [("note", step.note())];
        match step {
            // Whoever comes later must learn why.
            Step::NotOurs { .. }
            | Step::NotEffective { .. }
            | Step::NotConfirmed { .. }
            | Step::Reconsidered { .. } => {
                filled(&note)?;
            }
            _ => short(&note)?,
        }
        self.followed_by(step)
    }

    fn followed_by(self, step: &Step) -> Result<Self, Refused> {
        if !self.stage.possible().contains(&step.code()) {
            return Err(Refused::OutOfOrder { stage: self.stage, step: step.code() });
        }
        let to = |stage| Self { stage, ..self };
        Ok(match step {
            Step::NotOurs { .. } => to(Stage::NotOurs),
            Step::Known { case, .. } => Self { stage: Stage::Known, case: Some(*case), ..self },
            Step::NotEffective { .. } => to(Stage::NotEffective),
            Step::Verify { .. } => to(Stage::Verifying),
            Step::NotConfirmed { .. } => to(Stage::NotConfirmed),
            Step::Confirmed { case } => Self { stage: Stage::Confirmed, case: Some(*case), ..self },
            Step::Proposed { claim } => Self { stage: Stage::Proposed, claim: Some(*claim), ..self },
            Step::Reconsidered { .. } => Self { told: self.tells().or(self.told), ..Self::default() },
        })
    }

    /// The decision that the reporter is told of at this stage, with the case that it depends on.
    #[must_use]
    pub fn tells(self) -> Option<(Stage, Option<u64>)> {
        match self.stage {
            Stage::New | Stage::Verifying | Stage::Confirmed | Stage::Proposed | Stage::Returned | Stage::Approved => {
                None
            }
            Stage::NotOurs | Stage::Known | Stage::NotEffective | Stage::NotConfirmed => Some((self.stage, self.case)),
        }
    }

    /// The handling after all of these steps.
    pub fn replay<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Result<Self, Refused> {
        steps.into_iter().try_fold(Self::default(), Self::followed_by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(kind: u8) -> Step {
        let note = "why".to_owned();
        match kind {
            0 => Step::NotOurs { note },
            1 => Step::Known { case: 1, note },
            2 => Step::NotEffective { note },
            3 => Step::Verify { note },
            4 => Step::NotConfirmed { note },
            5 => Step::Confirmed { case: 1 },
            6 => Step::Proposed { claim: 1 },
            _ => Step::Reconsidered { note },
        }
    }

    proptest! {
        #[test]
        fn no_order_of_steps_breaks_a_rule(kinds in proptest::collection::vec(0_u8..8, 0..20)) {
            let (mut handling, mut taken) = (Handling::default(), Vec::new());
            for step in kinds.into_iter().map(step) {
                if let Ok(after) = handling.after(&step) {
                    taken.push(step);
                    handling = after;
                }
            }
            prop_assert_eq!(Handling::replay(&taken), Ok(handling));
            let has = |code| taken.iter().any(|step| step.code() == code);
            // Nothing is rewarded that was not confirmed, and nothing confirmed that was not checked.
            prop_assert!(handling.claim.is_none() || (has("confirmed") && handling.case.is_some()));
            prop_assert!(!has("confirmed") || has("verify"));
            prop_assert_eq!(handling.claim.is_some(), handling.stage == Stage::Proposed);
        }
    }

    #[test]
    fn a_step_out_of_order_is_refused_and_named() {
        let refused = Handling::default().after(&Step::Confirmed { case: 1 }).expect_err("not verified");
        assert_eq!(refused.to_string(), "confirmed does not follow new");
        let long = Step::Verify { note: "水".repeat(crate::entered::TEXT + 1) };
        assert_eq!(Handling::default().after(&long), Err(Refused::Text(BadText::TooLong("note"))));
    }
}
