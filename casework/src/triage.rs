//! Handling a report on the post's side: from its entry to the claim. These steps are kept sealed
//! to the post; the link from a report to its case is nowhere else.

use model::Day;
mod step;

pub use step::{Filed, Step};

use model::codes;

use crate::case::FactSheet;
use crate::entered::{BadText, Entered, filled, short};
use crate::procedure::Procedure;
use crate::report::Origin;

codes!(
    /// How far the handling of a report is.
    Stage {
        /// Nobody has decided anything.
        New = "new",
        /// Not a matter of this authority.
        NotOurs = "not-ours",
        /// Known before, from an earlier report or an inspection.
        Known = "known",
        /// Tells of what an earlier report told of.
        Joined = "joined",
        /// Says too little to be checked.
        NotEffective = "not-effective",
        /// Being checked.
        Verifying = "verifying",
        /// Checked, and not found.
        NotConfirmed = "not-confirmed",
        /// Checked and found: minor, put right, and without a penalty.
        Minor = "minor",
        /// Checked and found; the fact sheet waits for a second pair of eyes.
        Drafted = "drafted",
        /// Checked, found, and a case, or soon one.
        Confirmed = "confirmed",
        /// A reward was proposed; its claim tells the rest.
        Proposed = "proposed",
        /// The approver has sent it back. Only for lists: handling leads to "proposed".
        Returned = "returned",
        /// The reward was approved. Likewise.
        Approved = "approved",
    }
);

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// See [`Handling::possible`].
    #[error("{step} does not follow {}", .stage.code())]
    OutOfOrder {
        /// Where the handling is.
        stage: Stage,
        /// The step's code.
        step: &'static str,
    },
    /// Who has entered or drafted it is no second pair of eyes.
    #[error("a second person is needed")]
    SamePerson,
    /// A later day than that of the entry: by then somebody may have thought of a friend.
    #[error("only on the day of the entry")]
    TooLate,
    /// A channel that officers do not enter.
    #[error("the origin is not one that is entered by hand")]
    Origin,
    /// A note of the wrong length.
    #[error(transparent)]
    Text(#[from] BadText),
}

/// How a report got into the inbox by an officer's hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// The channel.
    pub origin: Origin,
    /// Who entered it.
    pub by: String,
    /// On which day.
    pub on: Day,
    /// Whether a second officer confirmed it on that day.
    pub vouched: bool,
}

/// How far a report is, and what it led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handling {
    /// Whether any step was taken: an entry by hand is the first one or none.
    begun: bool,
    /// How far.
    pub stage: Stage,
    /// How it came, if an officer entered it.
    pub by_hand: Option<ByHand>,
    /// Who of the post handles it.
    pub given_to: Option<String>,
    /// What the figures count it under.
    pub filed: Option<Filed>,
    /// The fact sheet that waits for a second pair of eyes: what, whether urgent, by whom.
    pub draft: Option<(FactSheet, bool, String)>,
    /// Its case, or the case that it is known from.
    pub case: Option<u64>,
    /// Its claim to a reward.
    pub claim: Option<u64>,
    /// The earlier report that it belongs to, and whether the two share the reward.
    pub joined: Option<(u64, bool)>,
    /// Later reports that belong to it, by number, and whether they share the reward.
    pub merged: Vec<(u64, bool)>,
    /// What the reporter was told before the decision was taken back, with its case: that it is
    /// looked at again must not show by an outcome that vanishes.
    pub told: Option<(Stage, Option<u64>)>,
}

// The variant stands first in the list of codes; a derive would need an attribute within the macro.
#[allow(clippy::derivable_impls)]
impl Default for Stage {
    fn default() -> Self {
        Self::New
    }
}

impl Stage {
    /// Stages of a report that stands behind a case, or will.
    pub const LEADING_TO_A_CASE: [Self; 4] = [Self::Confirmed, Self::Proposed, Self::Returned, Self::Approved];
}

impl Handling {
    /// Codes of the steps that may follow, whoever takes them.
    #[must_use]
    pub fn possible(&self) -> Vec<&'static str> {
        let mut steps = match self.stage {
            Stage::New => vec!["verify", "not-ours", "known", "joined", "not-effective", "given"],
            Stage::Verifying => vec![
                "drafted",
                "crossed",
                "confirmed",
                "not-confirmed",
                "minor",
                "known",
                "joined",
                "not-ours",
                "not-effective",
                "given",
            ],
            Stage::Drafted => vec!["crossed", "redraft"],
            Stage::NotOurs | Stage::Known | Stage::NotEffective | Stage::NotConfirmed | Stage::Minor => {
                vec!["reconsidered"]
            }
            Stage::Joined if self.joined.is_some_and(|(_, joint)| joint) => vec!["proposed", "reconsidered"],
            Stage::Joined => vec!["reconsidered"],
            Stage::Confirmed if self.case.is_none() => vec!["confirmed"],
            Stage::Confirmed => vec!["proposed", "reconsidered"],
            Stage::Proposed | Stage::Returned | Stage::Approved => vec![],
        };
        if self.by_hand.as_ref().is_some_and(|entry| !entry.vouched) {
            steps.push("vouched");
        }
        // Nothing is merged with what is itself only the later one of two; and who shares is settled
        // once the first of them was proposed.
        if !matches!(self.stage, Stage::Joined | Stage::Proposed | Stage::Returned | Stage::Approved) {
            steps.push("merged");
            if !self.merged.is_empty() {
                steps.push("parted");
            }
        }
        steps
    }

    /// The handling after one more, new step.
    pub fn after(self, step: &Entered<Step>) -> Result<Self, Refused> {
        let note = [("note", step.what.note())];
        match &step.what {
            // Whoever comes later must learn why.
            Step::NotOurs { .. }
            | Step::NotEffective { .. }
            | Step::NotConfirmed { .. }
            | Step::Minor { .. }
            | Step::Redraft { .. }
            | Step::Reconsidered { .. } => filled(&note)?,
            Step::Given { to } => filled(&[("to", to)])?,
            Step::Entered { origin } => {
                Origin::of_code(origin).filter(|origin| Origin::BY_HAND.contains(origin)).ok_or(Refused::Origin)?;
            }
            _ => short(&note)?,
        }
        self.followed_by(step)
    }

    fn followed_by(mut self, step: &Entered<Step>) -> Result<Self, Refused> {
        let code = step.what.code();
        let enters = matches!(step.what, Step::Entered { .. }) && !self.begun;
        if !enters && !self.possible().contains(&code) {
            return Err(Refused::OutOfOrder { stage: self.stage, step: code });
        }
        self.begun = true;
        if let Some(filed) = step.what.filed() {
            self.filed = Some(filed.clone());
        }
        match &step.what {
            Step::Entered { origin } => {
                let origin = Origin::of_code(origin).ok_or(Refused::Origin)?;
                self.by_hand = Some(ByHand { origin, by: step.by.clone(), on: step.on, vouched: false });
            }
            Step::Vouched {} => self.vouch(step)?,
            Step::Given { to } => self.given_to = Some(to.clone()),
            Step::NotOurs { .. } => self.stage = Stage::NotOurs,
            Step::Known { case, .. } => (self.stage, self.case) = (Stage::Known, Some(*case)),
            Step::Joined { report, joint, .. } => {
                (self.stage, self.joined) = (Stage::Joined, Some((*report, *joint)));
            }
            Step::Merged { report, joint } => {
                self.merged.retain(|(known, _)| known != report);
                self.merged.push((*report, *joint));
            }
            Step::Parted { report } => self.merged.retain(|(known, _)| known != report),
            Step::NotEffective { .. } => self.stage = Stage::NotEffective,
            Step::Verify { .. } | Step::Redraft { .. } => self.stage = Stage::Verifying,
            Step::NotConfirmed { .. } => self.stage = Stage::NotConfirmed,
            Step::Minor { .. } => self.stage = Stage::Minor,
            Step::Drafted { sheet, urgent } => {
                self.draft = Some((sheet.clone(), *urgent, step.by.clone()));
                self.stage = Stage::Drafted;
            }
            Step::Crossed {} => {
                let drafted = self.stage == Stage::Drafted;
                if drafted && self.draft.as_ref().is_some_and(|(_, _, by)| *by == step.by) {
                    return Err(Refused::SamePerson);
                }
                (self.stage, self.draft) = (Stage::Confirmed, None);
            }
            Step::Confirmed { case } => (self.stage, self.case) = (Stage::Confirmed, Some(*case)),
            Step::Proposed { claim } => (self.stage, self.claim) = (Stage::Proposed, Some(*claim)),
            Step::Reconsidered { .. } => self = self.reconsidered(),
        }
        Ok(self)
    }

    fn vouch(&mut self, step: &Entered<Step>) -> Result<(), Refused> {
        let Some(entry) = &mut self.by_hand else {
            return Err(Refused::OutOfOrder { stage: self.stage, step: step.what.code() });
        };
        if entry.by == step.by {
            return Err(Refused::SamePerson);
        }
        if entry.on != step.on {
            return Err(Refused::TooLate);
        }
        entry.vouched = true;
        Ok(())
    }

    /// Everything is open again but for how it came and what belongs to it.
    fn reconsidered(self) -> Self {
        let told = self.tells().or(self.told);
        let Self { begun, by_hand, given_to, filed, merged, .. } = self;
        Self { begun, by_hand, given_to, filed, merged, told, ..Self::default() }
    }

    /// The decision that the reporter is told of at this stage, with the case that it depends on.
    #[must_use]
    pub fn tells(&self) -> Option<(Stage, Option<u64>)> {
        match self.stage {
            Stage::NotOurs | Stage::Known | Stage::NotEffective | Stage::NotConfirmed | Stage::Minor => {
                Some((self.stage, self.case))
            }
            // What a joined report's reporter is told depends on the earlier one.
            _ => None,
        }
    }

    /// Whether such a report may earn a reward: it came through a channel that is rewarded, and if
    /// an officer entered it, a second one confirmed that on the same day.
    #[must_use]
    pub fn may_earn(&self, origin: Origin, rules: &Procedure) -> bool {
        match &self.by_hand {
            Some(entry) => entry.vouched && rules.rewards(entry.origin),
            // It says that an officer sealed it, and no officer's entry stands beside it.
            None => !Origin::BY_HAND.contains(&origin) && rules.rewards(origin),
        }
    }

    /// How many reports share the reward for this fact, when this is the first of them.
    #[must_use]
    pub fn sharers(&self) -> Vec<u64> {
        let mut joint: Vec<u64> = self.merged.iter().filter(|(_, joint)| *joint).map(|(report, _)| *report).collect();
        joint.sort_unstable();
        joint
    }

    /// The handling after all of these steps.
    pub fn replay<'a>(steps: impl IntoIterator<Item = &'a Entered<Step>>) -> Result<Self, Refused> {
        steps.into_iter().try_fold(Self::default(), Self::followed_by)
    }
}

#[cfg(test)]
mod tests;
