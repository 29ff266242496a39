//! Entries that follow a decision on a reward: it is offered, chosen, refused, paid, or lapses.

use casework::rewards::{Claim, ClaimEntry, ClaimRefusal};
use recorder_protocol::FollowReward;
use register::{NotEntered, OrderChange};

use crate::actor::Actor;
use crate::error::ConsoleError;
use crate::ledger::written;
use crate::rewards::claim_file::{ClaimFile, following_entering};

/// Why nothing was entered.
#[derive(Debug, PartialEq, Eq)]
pub enum NotFollowed {
    /// The rules refuse the entry.
    Refused(ClaimRefusal),
    /// The claim changed in the meantime, or the order that is to be withdrawn was paid.
    Conflict,
}

/// Outcome of entering a choice.
#[derive(Debug, PartialEq, Eq)]
pub enum ChoiceEntered {
    /// The entry is stored and durable.
    Kept,
    /// The letter contains no choice, or cannot be opened.
    NoChoice,
    /// The rules of the claim do not pay against a claim note.
    NotByCode,
    /// The letter answers an earlier offer.
    OldOffer,
    /// The decision has changed since the award was approved.
    Changed,
    /// Nothing was entered, for this reason.
    Not(NotFollowed),
}

impl ChoiceEntered {
    /// Whether the letter needs no further work: its choice was entered, or never can be.
    pub(crate) fn is_final(&self) -> bool {
        let refused = match self {
            Self::Not(NotFollowed::Refused(refused)) => refused,
            Self::Not(NotFollowed::Conflict) | Self::Changed => return false,
            _ => return true,
        };
        matches!(refused, ClaimRefusal::Time | ClaimRefusal::Once | ClaimRefusal::Amount)
    }
}

impl From<Result<Claim, NotFollowed>> for ChoiceEntered {
    fn from(followed: Result<Claim, NotFollowed>) -> Self {
        followed.map_or_else(Self::Not, |_| Self::Kept)
    }
}

/// Records and stores an entry that follows a decision; returns the claim after it.
pub(crate) fn follow_claim(
    actor: &Actor,
    file: &ClaimFile,
    what: ClaimEntry,
    order: OrderChange,
) -> Result<Result<Claim, NotFollowed>, ConsoleError> {
    let entered = actor.enter(what);
    let after = match file.now.clone().apply(&entered) {
        Ok(after) => after,
        Err(refused) => return Ok(Err(NotFollowed::Refused(refused))),
    };
    let (_, digest) = written(&entered.what)?;
    let (number, entry) = (file.version() + 1, entered.what.code().to_owned());
    let recorded = actor.record(FollowReward { claim: file.number, number, entry, digest })?;
    let entering = following_entering(recorded, file.version(), &entered, &after, order)?;
    let kept = actor.register().enter(entering)?;
    Ok(kept.map(|()| after).map_err(|_: NotEntered| NotFollowed::Conflict))
}
