//! Handling a report on the post's side, from its entry to the claim. The steps are stored sealed to the post; the link
//! from a report to its case is stored nowhere else.

use super::{Classification, HandlingRefusal, HandlingStep, ReportStage};
use crate::cases::FactSheet;
use crate::reports::Origin;
use crate::rules::Procedure;
use crate::signed_entry::{SignedEntry, filled, short};
use model::Day;

/// An officer's entry of a report that came by telephone, on paper or in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredByOfficer {
    /// The channel through which it came.
    pub origin: Origin,
    /// The account that entered it.
    pub by: String,
    /// The day of the entry.
    pub on: Day,
    /// Whether a second officer confirmed it on that day.
    pub vouched: bool,
}

/// The state of a report's handling, computed from its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handling {
    /// Whether any step was taken. An officer's entry can only be the first step.
    begun: bool,
    /// The stage of the handling.
    pub stage: ReportStage,
    /// The entry, if an officer entered the report.
    pub by_hand: Option<EnteredByOfficer>,
    /// The account of the officer who handles it.
    pub given_to: Option<String>,
    /// Category, township and origin for the figures.
    pub filed: Option<Classification>,
    /// The fact sheet that a second officer must review: the sheet, whether it is urgent, and its author.
    pub draft: Option<(FactSheet, bool, String)>,
    /// Number of its case, or of the case from which the matter is known.
    pub case: Option<u64>,
    /// Number of its claim to a reward.
    pub claim: Option<u64>,
    /// Number of the earlier report that it belongs to, and whether the two share the reward.
    pub joined: Option<(u64, bool)>,
    /// Numbers of later reports that belong to it, and whether they share the reward.
    pub merged: Vec<(u64, bool)>,
    /// The outcome that was shown to the reporter before the decision was reconsidered, with its case. It is still
    /// shown, so that a vanishing outcome does not reveal the reconsideration.
    pub told: Option<(ReportStage, Option<u64>)>,
}

impl Handling {
    /// Codes of the steps that may follow now, regardless of the account.
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
        // A report that was joined to an earlier one takes no others. Who
        // shares the reward is settled once the first of them was proposed.
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

    /// Applies one new step. Checks its order and its texts.
    pub fn apply(self, step: &SignedEntry<HandlingStep>) -> Result<Self, HandlingRefusal> {
        let note = [("note", step.what.note())];
        match &step.what {
            // Later readers need the reason, so the note is required.
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

    /// Starts the handling anew. Kept are the entry, the officer, the
    /// classification, the merged reports and the outcome that was shown last.
    fn reconsidered(self) -> Self {
        let told = self.tells().or(self.told);
        let Self { begun, by_hand, given_to, filed, merged, .. } = self;
        Self { begun, by_hand, given_to, filed, merged, told, ..Self::default() }
    }

    /// The outcome that is shown to the reporter at this stage,
    /// with the case that it depends on; `None` if there is none.
    #[must_use]
    pub fn tells(&self) -> Option<(ReportStage, Option<u64>)> {
        match self.stage {
            ReportStage::NotOurs
            | ReportStage::Known
            | ReportStage::NotEffective
            | ReportStage::NotConfirmed
            | ReportStage::Minor => Some((self.stage, self.case)),
            // The outcome shown for a joined report depends on the earlier one.
            _ => None,
        }
    }

    /// Whether such a report may earn a reward: its channel is rewarded, and if an officer entered it, a second officer
    /// confirmed the entry on the same day.
    #[must_use]
    pub fn is_rewardable(&self, origin: Origin, rules: &Procedure) -> bool {
        match &self.by_hand {
            Some(entry) => entry.vouched && rules.rewards(entry.origin),
            // The channel claims an officer's entry, but no such entry was recorded.
            None => !Origin::BY_HAND.contains(&origin) && rules.rewards(origin),
        }
    }

    /// Numbers of the later reports that share the reward with this one, in ascending order.
    #[must_use]
    pub fn sharers(&self) -> Vec<u64> {
        let mut joint: Vec<u64> = self.merged.iter().filter(|(_, joint)| *joint).map(|(report, _)| *report).collect();
        joint.sort_unstable();
        joint
    }

    /// Computes the handling from its stored steps, oldest first.
    pub fn replay<'a>(steps: impl IntoIterator<Item = &'a SignedEntry<HandlingStep>>) -> Result<Self, HandlingRefusal> {
        steps.into_iter().try_fold(Self::default(), Self::followed_by)
    }
}

#[cfg(test)]
mod tests;
