//! A claim: the right to one reward, from proposal to payment. An approver sees the fact sheet, the fine and the
//! amount. The link to the report is stored elsewhere, sealed to the post.
//!
//! Payment takes three steps by three parties: the reporter's browser makes a claim note,
//! the post signs an order for the note's hash (`OrderIssued`), and finance pays the
//! order without ever seeing this claim. The payment is entered here afterwards (`Paid`).

use model::{Day, Fen};

use super::{Approved, ClaimEntry, ClaimRefusal, ClaimStage, PaymentMethod, Proposal, ReconsiderationResult};
use crate::signed_entry::SignedEntry;

/// A part that a person takes in a claim. Nobody may take two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimPart {
    /// Proposes the amount of a reward.
    Propose,
    /// Approves a proposal or sends it back.
    Approve,
    /// Answers a request for reconsideration.
    Answer,
    /// Pays the order that was issued.
    Pay,
}

/// An issued order to pay, as recorded in the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedOrder {
    /// SHA-256 of the order, in hexadecimal.
    pub order: String,
    /// How the reporter wants to be paid.
    pub method: PaymentMethod,
    /// The amount to be paid.
    pub amount: Fen,
    /// The last day on which it may be paid.
    pub valid_until: Day,
}

/// The state of a claim, computed from its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The latest proposal, approved or not.
    pub proposal: Proposal,
    /// The stage of the claim.
    pub state: ClaimStage,
    /// The proposal that was approved last, and the day. It stays in force until a correction is approved.
    pub granted: Option<(Proposal, Day)>,
    /// All who have acted: account, part, and whether it was on the latest proposal.
    pub acts: Vec<(String, ClaimPart, bool)>,
    /// The last day on which the reporter may choose.
    pub last_day: Option<Day>,
    /// The last day on which reconsideration may be asked for.
    pub reconsider_until: Option<Day>,
    /// The issued order that is not paid yet.
    pub order: Option<IssuedOrder>,
    /// Number of the current offer to the reporter; 0 before the first. A choice names it and the claim note is derived
    /// from it, so that neither is valid for another offer.
    pub offer_number: u32,
    /// The sum paid so far, and the day of the last payment.
    pub paid: Option<(Fen, Day)>,
    /// The amount awarded before the last correction.
    pub before: Option<Fen>,
    /// The answer to the reporter's request for reconsideration, and its day.
    pub answered: Option<(ReconsiderationResult, Day)>,
    /// The day on which the current state was entered.
    pub since: Day,
    /// The stage in which reconsideration was asked for.
    asked_in: ClaimStage,
}

impl Claim {
    /// Starts a claim from a proposal. Refuses any other entry.
    pub fn proposed(entered: &SignedEntry<ClaimEntry>) -> Result<Self, ClaimRefusal> {
        let ClaimEntry::Proposed(proposal) = &entered.what else {
            return Err(ClaimRefusal::OutOfOrder { state: None, entry: entered.what.code() });
        };
        proposal.check()?;
        Ok(Self {
            proposal: (**proposal).clone(),
            state: ClaimStage::Proposed,
            granted: None,
            acts: vec![(entered.by.clone(), ClaimPart::Propose, true)],
            last_day: None,
            reconsider_until: None,
            order: None,
            offer_number: 0,
            paid: None,
            before: None,
            answered: None,
            since: entered.on,
            asked_in: ClaimStage::Proposed,
        })
    }

    /// The amount that is due by the award in force and not paid.
    #[must_use]
    pub fn outstanding(&self) -> Fen {
        let due = self.granted.as_ref().map_or(0, |(granted, _)| granted.award.due_fen);
        Fen((due - self.paid_so_far().0).max(0))
    }

    /// The amount paid beyond what is due, after a correction.
    #[must_use]
    pub fn overpaid(&self) -> Fen {
        let due = self.granted.as_ref().map_or(0, |(granted, _)| granted.award.due_fen);
        Fen((self.paid_so_far().0 - due).max(0))
    }

    /// The sum paid so far.
    #[must_use]
    pub fn paid_so_far(&self) -> Fen {
        self.paid.map_or(Fen(0), |(amount, _)| amount)
    }

    /// Whether an account may take a part. Nobody takes two parts, or approves one proposal twice.
    #[must_use]
    pub fn may_act(&self, account: &str, part: ClaimPart) -> bool {
        let twice = |(by, taken, here): &(String, ClaimPart, bool)| {
            by == account && (*taken != part || part == ClaimPart::Approve && *here)
        };
        !self.acts.iter().any(twice)
    }

    /// Number of approvals of the latest proposal.
    #[must_use]
    pub fn approvals(&self) -> usize {
        self.acts.iter().filter(|(_, part, here)| *part == ClaimPart::Approve && *here).count()
    }

    /// Whether a correction of an approved proposal is under way. Nothing is paid meanwhile.
    #[must_use]
    pub fn is_correcting(&self) -> bool {
        self.granted.is_some() && matches!(self.state, ClaimStage::Proposed | ClaimStage::Agreed | ClaimStage::Returned)
    }

    /// Whether the next approval is the last one needed.
    #[must_use]
    pub fn is_last_approval(&self) -> bool {
        self.approvals() + 1 >= usize::from(self.proposal.approvers)
    }

    /// Applies one more entry. Checks its order, amounts, days and persons.
    pub fn apply(mut self, entered: &SignedEntry<ClaimEntry>) -> Result<Self, ClaimRefusal> {
        let was = self.state;
        let out_of_order = ClaimRefusal::OutOfOrder { state: Some(was), entry: entered.what.code() };
        match &entered.what {
            ClaimEntry::Proposed(proposal) => self.propose(entered, proposal)?,
            ClaimEntry::Approved(decided) => self.approve(entered, decided)?,
            ClaimEntry::Returned { note } => {
                self.decides(entered)?;
                crate::signed_entry::filled(&[("note", note)])?;
                self.acts.push((entered.by.clone(), ClaimPart::Approve, false));
                self.state = ClaimStage::Returned;
            }
            ClaimEntry::Offered { last_day, reconsider_until } if was == ClaimStage::Approved => {
                (self.state, self.offer_number) = (ClaimStage::Offered, self.offer_number + 1);
                (self.last_day, self.reconsider_until) = (Some(*last_day), Some(*reconsider_until));
            }
            ClaimEntry::Waived {} if was == ClaimStage::Offered => self.state = ClaimStage::Waived,
            ClaimEntry::Refused { asked_on } if was == ClaimStage::Offered => {
                self.in_time(*asked_on)?;
                self.state = ClaimStage::Refused;
            }
            // A letter that came in time counts, however late it is opened.
            ClaimEntry::OrderIssued { .. }
                if matches!(
                    was,
                    ClaimStage::Offered | ClaimStage::Refused | ClaimStage::Waived | ClaimStage::Lapsed
                ) =>
            {
                self.issue_order(&entered.what)?;
            }
            ClaimEntry::OrderWithdrawn { last_day, .. } if was == ClaimStage::Ordered => {
                (self.state, self.order, self.last_day) = (ClaimStage::Offered, None, Some(*last_day));
                self.offer_number += 1;
            }
            ClaimEntry::Paid { .. } => self.pay(&entered.what)?,
            ClaimEntry::Lapsed { reconsider_until } => self.lapse(entered.on, *reconsider_until)?,
            ClaimEntry::Asked { asked_on } => self.ask(*asked_on)?,
            ClaimEntry::Answered { answer, note, last_day } if was == ClaimStage::Reconsidering => {
                self.acts(entered, ClaimPart::Answer)?;
                crate::signed_entry::filled(&[("note", note)])?;
                self.answer(*answer, *last_day, entered.on)?;
            }
            ClaimEntry::Unanswered { last_day, reconsider_until } if was == ClaimStage::Reconsidering => {
                (self.state, self.offer_number) = (self.asked_in, self.offer_number + 1);
                self.last_day = Some(*last_day).filter(|_| self.asked_in != ClaimStage::Lapsed).or(self.last_day);
                self.reconsider_until = Some(*reconsider_until);
            }
            _ => return Err(out_of_order),
        }
        if self.state != was {
            self.since = entered.on;
        }
        Ok(self)
    }

    /// Computes the claim from its entries, oldest first.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a SignedEntry<ClaimEntry>>) -> Result<Self, ClaimRefusal> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(ClaimRefusal::OutOfOrder { state: None, entry: "nothing" })?;
        entries.try_fold(Self::proposed(first)?, Self::apply)
    }

    /// A new proposal: after the last one was sent back, or as a correction of an approved one.
    fn propose(&mut self, entered: &SignedEntry<ClaimEntry>, proposal: &Proposal) -> Result<(), ClaimRefusal> {
        if matches!(self.state, ClaimStage::Proposed | ClaimStage::Agreed | ClaimStage::Reconsidering) {
            return Err(ClaimRefusal::OutOfOrder { state: Some(self.state), entry: entered.what.code() });
        }
        proposal.check()?;
        let same = self.granted.as_ref().is_some_and(|(granted, _)| granted.award == proposal.award);
        if same && self.state != ClaimStage::Returned {
            return Err(ClaimRefusal::Same);
        }
        self.acts(entered, ClaimPart::Propose)?;
        for (_, _, here) in &mut self.acts {
            *here = false;
        }
        // An issued order is withdrawn: nothing is paid while the amount is in question.
        (self.proposal, self.state, self.order) = (proposal.clone(), ClaimStage::Proposed, None);
        Ok(())
    }

    fn approve(&mut self, entered: &SignedEntry<ClaimEntry>, decided: &Approved) -> Result<(), ClaimRefusal> {
        self.decides(entered)?;
        if self.is_last_approval() && self.proposal.needs_consent && decided.consent.is_none() {
            return Err(ClaimRefusal::NoConsent);
        }
        if let Some(consent) = &decided.consent {
            consent.check()?;
        }
        let last = self.is_last_approval();
        self.acts(entered, ClaimPart::Approve)?;
        if !last {
            self.state = ClaimStage::Agreed;
            return Ok(());
        }
        let earlier = self.granted.replace((self.proposal.clone(), entered.on));
        let earlier = earlier.filter(|(earlier, _)| earlier.award != self.proposal.award);
        self.before = earlier.map(|(earlier, _)| Fen(earlier.award.due_fen)).or(self.before);
        let nothing_more = self.paid.is_some() && self.outstanding() == Fen(0);
        self.state = if nothing_more { ClaimStage::Paid } else { ClaimStage::Approved };
        Ok(())
    }

    /// Whether the author of an entry may decide on the latest proposal.
    fn decides(&self, entered: &SignedEntry<ClaimEntry>) -> Result<(), ClaimRefusal> {
        if !matches!(self.state, ClaimStage::Proposed | ClaimStage::Agreed) {
            return Err(ClaimRefusal::OutOfOrder { state: Some(self.state), entry: entered.what.code() });
        }
        if self.may_act(&entered.by, ClaimPart::Approve) { Ok(()) } else { Err(ClaimRefusal::ActsTwice) }
    }

    fn acts(&mut self, entered: &SignedEntry<ClaimEntry>, part: ClaimPart) -> Result<(), ClaimRefusal> {
        if !self.may_act(&entered.by, part) {
            return Err(ClaimRefusal::ActsTwice);
        }
        self.acts.push((entered.by.clone(), part, true));
        Ok(())
    }

    fn in_time(&self, asked_on: Day) -> Result<(), ClaimRefusal> {
        if self.last_day.is_some_and(|last| asked_on <= last) { Ok(()) } else { Err(ClaimRefusal::Time) }
    }

    fn issue_order(&mut self, entry: &ClaimEntry) -> Result<(), ClaimRefusal> {
        let ClaimEntry::OrderIssued { order, method: way, amount, valid_until, asked_on } = entry else {
            return Err(ClaimRefusal::Amount);
        };
        self.in_time(*asked_on)?;
        if *amount <= Fen(0) || *amount != self.outstanding() {
            return Err(ClaimRefusal::Amount);
        }
        let (order, way, amount, valid_until) = (order.clone(), *way, *amount, *valid_until);
        self.state = ClaimStage::Ordered;
        self.order = Some(IssuedOrder { order, method: way, amount, valid_until });
        Ok(())
    }

    fn pay(&mut self, entry: &ClaimEntry) -> Result<(), ClaimRefusal> {
        let ClaimEntry::Paid { order, amount, on, payer, .. } = entry else { return Err(ClaimRefusal::Amount) };
        let out = self.order.take().filter(|drawn| drawn.order == *order && self.state == ClaimStage::Ordered);
        let Some(drawn) = out else {
            return Err(ClaimRefusal::OutOfOrder { state: Some(self.state), entry: entry.code() });
        };
        if drawn.amount != *amount || *on > drawn.valid_until {
            return Err(ClaimRefusal::Amount);
        }
        if !self.may_act(payer, ClaimPart::Pay) {
            return Err(ClaimRefusal::ActsTwice);
        }
        self.acts.push((payer.clone(), ClaimPart::Pay, true));
        let paid = self.paid_so_far().plus(*amount).map_err(|_| ClaimRefusal::Amount)?;
        (self.paid, self.state) = (Some((paid, *on)), ClaimStage::Paid);
        Ok(())
    }

    fn lapse(&mut self, today: Day, reconsider_until: Day) -> Result<(), ClaimRefusal> {
        let last = match self.state {
            ClaimStage::Offered => self.last_day,
            ClaimStage::Ordered => self.order.as_ref().map(|drawn| drawn.valid_until),
            _ => return Err(ClaimRefusal::OutOfOrder { state: Some(self.state), entry: "lapsed" }),
        };
        if last.is_none_or(|last| today <= last) {
            return Err(ClaimRefusal::Time);
        }
        if self.state == ClaimStage::Ordered {
            self.offer_number += 1;
        }
        (self.state, self.order, self.reconsider_until) = (ClaimStage::Lapsed, None, Some(reconsider_until));
        Ok(())
    }

    fn ask(&mut self, asked_on: Day) -> Result<(), ClaimRefusal> {
        if !matches!(
            self.state,
            ClaimStage::Offered | ClaimStage::Lapsed | ClaimStage::Refused | ClaimStage::Waived | ClaimStage::Paid
        ) {
            return Err(ClaimRefusal::OutOfOrder { state: Some(self.state), entry: "asked" });
        }
        if self.answered.is_some() {
            return Err(ClaimRefusal::Once);
        }
        if self.reconsider_until.is_none_or(|until| asked_on > until) {
            return Err(ClaimRefusal::Time);
        }
        (self.asked_in, self.state) = (self.state, ClaimStage::Reconsidering);
        Ok(())
    }

    fn answer(&mut self, answer: ReconsiderationResult, last_day: Option<Day>, on: Day) -> Result<(), ClaimRefusal> {
        (self.answered, self.offer_number) = (Some((answer, on)), self.offer_number + 1);
        self.state = match answer {
            ReconsiderationResult::Upheld => self.asked_in,
            ReconsiderationResult::Recompute => ClaimStage::Returned,
            ReconsiderationResult::Reopened => ClaimStage::Offered,
        };
        // A new last day makes up for the days that the answer took.
        if self.state == ClaimStage::Offered {
            self.last_day = Some(last_day.ok_or(ClaimRefusal::Time)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
