//! Handling a report on the post's side: from its entry to the claim. These steps are kept sealed
//! to the post; the link from a report to its case is nowhere else.

use super::{Classification, HandlingRefusal, HandlingStep, ReportStage};
use crate::cases::FactSheet;
use crate::reports::Origin;
use crate::rules::Procedure;
use crate::signed_entry::{SignedEntry, filled, short};
use model::Day;

/// How a report got into the inbox by an officer's hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredByOfficer {
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
    pub stage: ReportStage,
    /// How it came, if an officer entered it.
    pub by_hand: Option<EnteredByOfficer>,
    /// Who of the post handles it.
    pub given_to: Option<String>,
    /// What the figures count it under.
    pub filed: Option<Classification>,
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
    pub told: Option<(ReportStage, Option<u64>)>,
}

impl Handling {
    /// Codes of the steps that may follow, whoever takes them.
    #[must_use]
    pub fn possible(&self) -> Vec<&'static str> {
        let mut steps = match self.stage {
            ReportStage::New => vec!["verify", "not-ours", "known", "joined", "not-effective", "given"],
            ReportStage::Verifying => vec![
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
            ReportStage::Drafted => vec!["crossed", "redraft"],
            ReportStage::NotOurs
            | ReportStage::Known
            | ReportStage::NotEffective
            | ReportStage::NotConfirmed
            | ReportStage::Minor => {
                vec!["reconsidered"]
            }
            ReportStage::Joined if self.joined.is_some_and(|(_, joint)| joint) => vec!["proposed", "reconsidered"],
            ReportStage::Joined => vec!["reconsidered"],
            ReportStage::Confirmed if self.case.is_none() => vec!["confirmed"],
            ReportStage::Confirmed => vec!["proposed", "reconsidered"],
            ReportStage::Proposed | ReportStage::Returned | ReportStage::Approved => vec![],
        };
        if self.by_hand.as_ref().is_some_and(|entry| !entry.vouched) {
            steps.push("vouched");
        }
        // Nothing is merged with what is itself only the later one of two; and who shares is settled
        // once the first of them was proposed.
        if !matches!(
            self.stage,
            ReportStage::Joined | ReportStage::Proposed | ReportStage::Returned | ReportStage::Approved
        ) {
            steps.push("merged");
            if !self.merged.is_empty() {
                steps.push("parted");
            }
        }
        steps
    }

    /// The handling after one more, new step.
    pub fn apply(self, step: &SignedEntry<HandlingStep>) -> Result<Self, HandlingRefusal> {
        let note = [("note", step.what.note())];
        match &step.what {
            // Whoever comes later must learn why.
            HandlingStep::NotOurs { .. }
            | HandlingStep::NotEffective { .. }
            | HandlingStep::NotConfirmed { .. }
            | HandlingStep::Minor { .. }
            | HandlingStep::Redraft { .. }
            | HandlingStep::Reconsidered { .. } => filled(&note)?,
            HandlingStep::Given { to } => filled(&[("to", to)])?,
            HandlingStep::Entered { origin } => {
                Origin::of_code(origin)
                    .filter(|origin| Origin::BY_HAND.contains(origin))
                    .ok_or(HandlingRefusal::Origin)?;
            }
            _ => short(&note)?,
        }
        self.followed_by(step)
    }

    fn followed_by(mut self, step: &SignedEntry<HandlingStep>) -> Result<Self, HandlingRefusal> {
        let code = step.what.code();
        let enters = matches!(step.what, HandlingStep::Entered { .. }) && !self.begun;
        if !enters && !self.possible().contains(&code) {
            return Err(HandlingRefusal::OutOfOrder { stage: self.stage, step: code });
        }
        self.begun = true;
        if let Some(filed) = step.what.filed() {
            self.filed = Some(filed.clone());
        }
        match &step.what {
            HandlingStep::Entered { origin } => {
                let origin = Origin::of_code(origin).ok_or(HandlingRefusal::Origin)?;
                self.by_hand = Some(EnteredByOfficer { origin, by: step.by.clone(), on: step.on, vouched: false });
            }
            HandlingStep::Vouched {} => self.vouch(step)?,
            HandlingStep::Given { to } => self.given_to = Some(to.clone()),
            HandlingStep::NotOurs { .. } => self.stage = ReportStage::NotOurs,
            HandlingStep::Known { case, .. } => (self.stage, self.case) = (ReportStage::Known, Some(*case)),
            HandlingStep::Joined { report, joint, .. } => {
                (self.stage, self.joined) = (ReportStage::Joined, Some((*report, *joint)));
            }
            HandlingStep::Merged { report, joint } => {
                self.merged.retain(|(known, _)| known != report);
                self.merged.push((*report, *joint));
            }
            HandlingStep::Parted { report } => self.merged.retain(|(known, _)| known != report),
            HandlingStep::NotEffective { .. } => self.stage = ReportStage::NotEffective,
            HandlingStep::Verify { .. } | HandlingStep::Redraft { .. } => self.stage = ReportStage::Verifying,
            HandlingStep::NotConfirmed { .. } => self.stage = ReportStage::NotConfirmed,
            HandlingStep::Minor { .. } => self.stage = ReportStage::Minor,
            HandlingStep::Drafted { sheet, urgent } => {
                self.draft = Some((sheet.clone(), *urgent, step.by.clone()));
                self.stage = ReportStage::Drafted;
            }
            HandlingStep::Crossed {} => {
                let drafted = self.stage == ReportStage::Drafted;
                if drafted && self.draft.as_ref().is_some_and(|(_, _, by)| *by == step.by) {
                    return Err(HandlingRefusal::SamePerson);
                }
                (self.stage, self.draft) = (ReportStage::Confirmed, None);
            }
            HandlingStep::Confirmed { case } => (self.stage, self.case) = (ReportStage::Confirmed, Some(*case)),
            HandlingStep::Proposed { claim } => (self.stage, self.claim) = (ReportStage::Proposed, Some(*claim)),
            HandlingStep::Reconsidered { .. } => self = self.reconsidered(),
        }
        Ok(self)
    }

    fn vouch(&mut self, step: &SignedEntry<HandlingStep>) -> Result<(), HandlingRefusal> {
        let Some(entry) = &mut self.by_hand else {
            return Err(HandlingRefusal::OutOfOrder { stage: self.stage, step: step.what.code() });
        };
        if entry.by == step.by {
            return Err(HandlingRefusal::SamePerson);
        }
        if entry.on != step.on {
            return Err(HandlingRefusal::TooLate);
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
    pub fn tells(&self) -> Option<(ReportStage, Option<u64>)> {
        match self.stage {
            ReportStage::NotOurs
            | ReportStage::Known
            | ReportStage::NotEffective
            | ReportStage::NotConfirmed
            | ReportStage::Minor => Some((self.stage, self.case)),
            // What a joined report's reporter is told depends on the earlier one.
            _ => None,
        }
    }

    /// Whether such a report may earn a reward: it came through a channel that is rewarded, and if
    /// an officer entered it, a second one confirmed that on the same day.
    #[must_use]
    pub fn is_rewardable(&self, origin: Origin, rules: &Procedure) -> bool {
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
    pub fn replay<'a>(steps: impl IntoIterator<Item = &'a SignedEntry<HandlingStep>>) -> Result<Self, HandlingRefusal> {
        steps.into_iter().try_fold(Self::default(), Self::followed_by)
    }
}

#[cfg(test)]
mod tests;
