//! A claim: the right to one reward, from proposal to approval. Who approves sees the fact sheet,
//! the fine and the amount; which report stands behind is kept elsewhere, sealed to the post.

use crypto::award::Award;
use serde::{Deserialize, Serialize};

use crate::codes::codes;
use crate::entered::{BadText, Entered, filled, short};

codes!(
    /// How far a claim is.
    State {
        /// Waits for another person.
        Proposed = "proposed",
        /// Sent back to the post.
        Returned = "returned",
        /// Decided: the reporter is told.
        Approved = "approved",
    }
);

/// An entry of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// An amount with what it follows from.
    Proposed(Box<Proposal>),
    /// Approved as proposed.
    Approved {
        /// SHA-256 of the proposal's entry, in hexadecimal.
        proposal: String,
    },
    /// Sent back.
    Returned {
        /// Why.
        note: String,
    },
}

/// What is proposed. Frozen: a later rule set or fine does not change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The case.
    pub case: u64,
    /// The penalty decision's document number.
    pub document: String,
    /// SHA-256 of the rule set, in hexadecimal.
    pub rules: String,
    /// The amount and how it was reached.
    pub award: Award,
    /// Why the case is exceptionally grave; empty for an ordinary reward.
    pub grounds: String,
}

/// Why an entry is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not follow from this state.
    #[error("{entry} does not follow {}", .state.map_or("nothing", State::code))]
    OutOfOrder {
        /// Where the claim is; none before it is proposed.
        state: Option<State>,
        /// What was to be entered.
        entry: &'static str,
    },
    /// Who has proposed it does not decide it.
    #[error("whoever proposed it may not decide it")]
    OwnProposal,
    /// A text that is missing or too long.
    #[error(transparent)]
    Text(#[from] BadText),
}

/// A claim: what its entries lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is proposed now.
    pub proposal: Proposal,
    /// How far it is.
    pub state: State,
    /// Everybody who has ever proposed anything on it.
    pub proposers: Vec<String>,
    /// When it was approved.
    pub approved_on: Option<crypto::day::Day>,
}

impl Entry {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Proposed(_) => "proposed",
            Self::Approved { .. } => "approved",
            Self::Returned { .. } => "returned",
        }
    }
}

impl Claim {
    /// The claim that a proposal begins.
    pub fn proposed(entered: &Entered<Entry>) -> Result<Self, Refused> {
        let Entry::Proposed(proposal) = &entered.what else {
            return Err(Refused::OutOfOrder { state: None, entry: entered.what.code() });
        };
        check(proposal)?;
        let (proposal, proposers) = ((**proposal).clone(), vec![entered.by.clone()]);
        Ok(Self { proposal, state: State::Proposed, proposers, approved_on: None })
    }

    /// The claim after one more entry.
    pub fn after(mut self, entered: &Entered<Entry>) -> Result<Self, Refused> {
        match (&entered.what, self.state) {
            (Entry::Proposed(proposal), State::Returned) => {
                check(proposal)?;
                self.proposal = (**proposal).clone();
                self.proposers.push(entered.by.clone());
                self.state = State::Proposed;
            }
            (Entry::Approved { .. } | Entry::Returned { .. }, State::Proposed) => {
                if self.proposers.contains(&entered.by) {
                    return Err(Refused::OwnProposal);
                }
                if let Entry::Returned { note } = &entered.what {
                    filled(&[("note", note)])?;
                    self.state = State::Returned;
                } else {
                    self.approved_on = Some(entered.on);
                    self.state = State::Approved;
                }
            }
            (entry, state) => return Err(Refused::OutOfOrder { state: Some(state), entry: entry.code() }),
        }
        Ok(self)
    }

    /// The claim that these entries lead to.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entered<Entry>>) -> Result<Self, Refused> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(Refused::OutOfOrder { state: None, entry: "nothing" })?;
        entries.try_fold(Self::proposed(first)?, Self::after)
    }
}

/// A special award needs its grounds, an ordinary one has none.
fn check(proposal: &Proposal) -> Result<(), BadText> {
    let grounds = [("grounds", proposal.grounds.as_str())];
    if proposal.award.is_special() { filled(&grounds) } else { short(&grounds) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn proposal() -> Entry {
        let award = Award { policy: "rules".to_owned(), lines: Vec::new(), due_fen: 1 };
        let (document, rules, grounds) = ("2026-17".to_owned(), String::new(), String::new());
        Entry::Proposed(Box::new(Proposal { case: 1, document, rules, award, grounds }))
    }

    fn approved() -> Entry {
        Entry::Approved { proposal: String::new() }
    }

    fn entered(by: u8, what: Entry) -> Entered<Entry> {
        Entered { by: by.to_string(), on: "2026-11-24".parse().expect("a day"), what }
    }

    proptest! {
        #[test]
        fn nobody_approves_what_they_proposed(entries in proptest::collection::vec((0_u8..3, 0_u8..3), 0..30)) {
            let first = entered(0, proposal());
            let (mut claim, mut taken) = (Claim::proposed(&first).expect("a claim"), vec![first]);
            for (kind, by) in entries {
                let note = "why".to_owned();
                let what = [proposal(), approved(), Entry::Returned { note }][usize::from(kind)].clone();
                let next = entered(by, what);
                if let Ok(after) = claim.clone().after(&next) {
                    taken.push(next);
                    claim = after;
                }
            }
            prop_assert_eq!(Claim::replay(&taken), Ok(claim.clone()));
            let approved: Vec<usize> =
                (0..taken.len()).filter(|index| taken[*index].what == approved()).collect();
            prop_assert!(approved.len() <= 1, "approved once, and for good");
            for index in approved {
                prop_assert_eq!(index, taken.len() - 1);
                let by = &taken[index].by;
                prop_assert!(taken.iter().all(|one| one.by != *by || one.what.code() != "proposed"));
            }
        }
    }

    #[test]
    fn out_of_order_and_own_proposals_are_named() {
        let claim = Claim::proposed(&entered(0, proposal())).expect("a claim");
        assert_eq!(claim.clone().after(&entered(0, approved())), Err(Refused::OwnProposal));
        let done = claim.after(&entered(1, approved())).expect("approved");
        let twice = done.after(&entered(2, approved())).expect_err("twice");
        assert_eq!(twice.to_string(), "approved does not follow approved");
        assert!(Claim::proposed(&entered(1, approved())).is_err());
    }
}
