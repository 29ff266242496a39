//! A claim: the right to one reward, from proposal to payment. Who approves sees the fact sheet,
//! the fine and the amount; which report stands behind is kept elsewhere, sealed to the post.
//!
//! Drawing, signing and redeeming are separate steps: the reporter's browser draws a note, the post
//! signs an order for it (`Drawn`), finance redeems it and never sees this claim; that it was redeemed
//! is entered here afterwards (`Paid`).

mod entry;
mod refused;

use model::{Day, Fen, codes};

use crate::entered::Entered;

pub use entry::{Answer, Consent, Decided, Entry, Proposal, Way};
pub use refused::Refused;

codes!(
    /// How far a claim is.
    State {
        /// Waits for another person.
        Proposed = "proposed",
        /// Approved by one; another must approve too.
        Agreed = "agreed",
        /// Sent back to the post.
        Returned = "returned",
        /// Decided; the reporter is told at the next exchange.
        Approved = "approved",
        /// The reporter was told and may choose.
        Offered = "offered",
        /// The reporter took it: finance may pay.
        Drawn = "drawn",
        /// Paid, all of it.
        Paid = "paid",
        /// Nobody came for it in time.
        Lapsed = "lapsed",
        /// The reporter refused it when it was offered.
        Refused = "refused",
        /// The reporter had said that no reward is wanted.
        Waived = "waived",
        /// The reporter asked for it to be looked at again.
        Reconsidering = "reconsidering",
    }
);

/// A part that somebody takes in a claim. Nobody takes two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Proposes.
    Propose,
    /// Approves or sends back.
    Approve,
    /// Answers a request for reconsideration.
    Answer,
    /// Pays.
    Pay,
}

/// An order to pay, as the claim knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// SHA-256 of the order, in hexadecimal.
    pub order: String,
    /// How the reporter wants it.
    pub way: Way,
    /// The amount.
    pub amount: Fen,
    /// The last day on which it is paid.
    pub valid_until: Day,
}

/// A claim: what its entries lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is proposed now.
    pub proposal: Proposal,
    /// How far it is.
    pub state: State,
    /// What was approved last, and when. It stands until a correction of it is approved.
    pub granted: Option<(Proposal, Day)>,
    /// Everybody who has acted, in which part; `true` where it was on the proposal that stands.
    pub acts: Vec<(String, Part, bool)>,
    /// The last day on which the reporter may choose.
    pub last_day: Option<Day>,
    /// The last day on which reconsideration may be asked for.
    pub reconsider_until: Option<Day>,
    /// The order that is out.
    pub drawn: Option<Drawn>,
    /// How often the reporter was given the choice: the number that a letter with a choice names, and that of
    /// the note that it draws, so that neither is good for another time.
    pub turn: u32,
    /// What was paid so far, and on which day last.
    pub paid: Option<(Fen, Day)>,
    /// What had been awarded before the last correction.
    pub before: Option<Fen>,
    /// What came of the reporter's request for reconsideration.
    pub answered: Option<(Answer, Day)>,
    /// When the state was entered.
    pub since: Day,
    /// Where the claim was when reconsideration was asked for.
    asked_in: State,
}

impl Claim {
    /// The claim that a proposal begins.
    pub fn proposed(entered: &Entered<Entry>) -> Result<Self, Refused> {
        let Entry::Proposed(proposal) = &entered.what else {
            return Err(Refused::OutOfOrder { state: None, entry: entered.what.code() });
        };
        proposal.check()?;
        Ok(Self {
            proposal: (**proposal).clone(),
            state: State::Proposed,
            granted: None,
            acts: vec![(entered.by.clone(), Part::Propose, true)],
            last_day: None,
            reconsider_until: None,
            drawn: None,
            turn: 0,
            paid: None,
            before: None,
            answered: None,
            since: entered.on,
            asked_in: State::Proposed,
        })
    }

    /// What is due by the award that stands, and not paid.
    #[must_use]
    pub fn outstanding(&self) -> Fen {
        let due = self.granted.as_ref().map_or(0, |(granted, _)| granted.award.due_fen);
        Fen((due - self.paid_so_far().0).max(0))
    }

    /// What was paid beyond what is due since a correction.
    #[must_use]
    pub fn overpaid(&self) -> Fen {
        let due = self.granted.as_ref().map_or(0, |(granted, _)| granted.award.due_fen);
        Fen((self.paid_so_far().0 - due).max(0))
    }

    /// What was paid so far.
    #[must_use]
    pub fn paid_so_far(&self) -> Fen {
        self.paid.map_or(Fen(0), |(amount, _)| amount)
    }

    /// Whether somebody may take a part in it.
    #[must_use]
    pub fn may_act(&self, account: &str, part: Part) -> bool {
        let twice = |(by, taken, here): &(String, Part, bool)| {
            by == account && (*taken != part || part == Part::Approve && *here)
        };
        !self.acts.iter().any(twice)
    }

    /// How many have approved the proposal that stands.
    #[must_use]
    pub fn approvals(&self) -> usize {
        self.acts.iter().filter(|(_, part, here)| *part == Part::Approve && *here).count()
    }

    /// Whether a correction of what was approved is under way: nothing is paid meanwhile.
    #[must_use]
    pub fn is_correcting(&self) -> bool {
        self.granted.is_some() && matches!(self.state, State::Proposed | State::Agreed | State::Returned)
    }

    /// Whether the next approval is the last one.
    #[must_use]
    pub fn is_last_approval(&self) -> bool {
        self.approvals() + 1 >= usize::from(self.proposal.approvers)
    }

    /// The claim after one more entry.
    pub fn after(mut self, entered: &Entered<Entry>) -> Result<Self, Refused> {
        let was = self.state;
        let out_of_order = Refused::OutOfOrder { state: Some(was), entry: entered.what.code() };
        match &entered.what {
            Entry::Proposed(proposal) => self.propose(entered, proposal)?,
            Entry::Approved(decided) => self.approve(entered, decided)?,
            Entry::Returned { note } => {
                self.decides(entered)?;
                crate::entered::filled(&[("note", note)])?;
                self.acts.push((entered.by.clone(), Part::Approve, false));
                self.state = State::Returned;
            }
            Entry::Offered { last_day, reconsider_until } if was == State::Approved => {
                (self.state, self.turn) = (State::Offered, self.turn + 1);
                (self.last_day, self.reconsider_until) = (Some(*last_day), Some(*reconsider_until));
            }
            Entry::Waived {} if was == State::Offered => self.state = State::Waived,
            Entry::Refused { asked_on } if was == State::Offered => {
                self.in_time(*asked_on)?;
                self.state = State::Refused;
            }
            // A letter that came in time counts, however late it is opened.
            Entry::Drawn { .. } if matches!(was, State::Offered | State::Refused | State::Waived | State::Lapsed) => {
                self.draw(&entered.what)?;
            }
            Entry::Undrawn { last_day, .. } if was == State::Drawn => {
                (self.state, self.drawn, self.last_day) = (State::Offered, None, Some(*last_day));
                self.turn += 1;
            }
            Entry::Paid { .. } => self.pay(&entered.what)?,
            Entry::Lapsed { reconsider_until } => self.lapse(entered.on, *reconsider_until)?,
            Entry::Asked { asked_on } => self.ask(*asked_on)?,
            Entry::Answered { answer, note, last_day } if was == State::Reconsidering => {
                self.acts(entered, Part::Answer)?;
                crate::entered::filled(&[("note", note)])?;
                self.answer(*answer, *last_day, entered.on)?;
            }
            Entry::Unanswered { last_day, reconsider_until } if was == State::Reconsidering => {
                (self.state, self.turn) = (self.asked_in, self.turn + 1);
                self.last_day = Some(*last_day).filter(|_| self.asked_in != State::Lapsed).or(self.last_day);
                self.reconsider_until = Some(*reconsider_until);
            }
            _ => return Err(out_of_order),
        }
        if self.state != was {
            self.since = entered.on;
        }
        Ok(self)
    }

    /// The claim that these entries lead to.
    pub fn replay<'a>(entries: impl IntoIterator<Item = &'a Entered<Entry>>) -> Result<Self, Refused> {
        let mut entries = entries.into_iter();
        let first = entries.next().ok_or(Refused::OutOfOrder { state: None, entry: "nothing" })?;
        entries.try_fold(Self::proposed(first)?, Self::after)
    }

    /// A proposal anew: after it was sent back, or as a correction of what was approved.
    fn propose(&mut self, entered: &Entered<Entry>, proposal: &Proposal) -> Result<(), Refused> {
        if matches!(self.state, State::Proposed | State::Agreed | State::Reconsidering) {
            return Err(Refused::OutOfOrder { state: Some(self.state), entry: entered.what.code() });
        }
        proposal.check()?;
        let same = self.granted.as_ref().is_some_and(|(granted, _)| granted.award == proposal.award);
        if same && self.state != State::Returned {
            return Err(Refused::Same);
        }
        self.acts(entered, Part::Propose)?;
        for (_, _, here) in &mut self.acts {
            *here = false;
        }
        // An order that is out is withdrawn: nothing is paid while the amount is in question.
        (self.proposal, self.state, self.drawn) = (proposal.clone(), State::Proposed, None);
        Ok(())
    }

    fn approve(&mut self, entered: &Entered<Entry>, decided: &Decided) -> Result<(), Refused> {
        self.decides(entered)?;
        if self.is_last_approval() && self.proposal.needs_consent && decided.consent.is_none() {
            return Err(Refused::NoConsent);
        }
        if let Some(consent) = &decided.consent {
            consent.check()?;
        }
        let last = self.is_last_approval();
        self.acts(entered, Part::Approve)?;
        if !last {
            self.state = State::Agreed;
            return Ok(());
        }
        let earlier = self.granted.replace((self.proposal.clone(), entered.on));
        let earlier = earlier.filter(|(earlier, _)| earlier.award != self.proposal.award);
        self.before = earlier.map(|(earlier, _)| Fen(earlier.award.due_fen)).or(self.before);
        let nothing_more = self.paid.is_some() && self.outstanding() == Fen(0);
        self.state = if nothing_more { State::Paid } else { State::Approved };
        Ok(())
    }

    /// Whether somebody may decide on the proposal that stands.
    fn decides(&self, entered: &Entered<Entry>) -> Result<(), Refused> {
        if !matches!(self.state, State::Proposed | State::Agreed) {
            return Err(Refused::OutOfOrder { state: Some(self.state), entry: entered.what.code() });
        }
        if self.may_act(&entered.by, Part::Approve) { Ok(()) } else { Err(Refused::ActsTwice) }
    }

    fn acts(&mut self, entered: &Entered<Entry>, part: Part) -> Result<(), Refused> {
        if !self.may_act(&entered.by, part) {
            return Err(Refused::ActsTwice);
        }
        self.acts.push((entered.by.clone(), part, true));
        Ok(())
    }

    fn in_time(&self, asked_on: Day) -> Result<(), Refused> {
        if self.last_day.is_some_and(|last| asked_on <= last) { Ok(()) } else { Err(Refused::Time) }
    }

    fn draw(&mut self, entry: &Entry) -> Result<(), Refused> {
        let Entry::Drawn { order, way, amount, valid_until, asked_on } = entry else { return Err(Refused::Amount) };
        self.in_time(*asked_on)?;
        if *amount <= Fen(0) || *amount != self.outstanding() {
            return Err(Refused::Amount);
        }
        let (order, way, amount, valid_until) = (order.clone(), *way, *amount, *valid_until);
        self.state = State::Drawn;
        self.drawn = Some(Drawn { order, way, amount, valid_until });
        Ok(())
    }

    fn pay(&mut self, entry: &Entry) -> Result<(), Refused> {
        let Entry::Paid { order, amount, on, payer, .. } = entry else { return Err(Refused::Amount) };
        let out = self.drawn.take().filter(|drawn| drawn.order == *order && self.state == State::Drawn);
        let Some(drawn) = out else {
            return Err(Refused::OutOfOrder { state: Some(self.state), entry: entry.code() });
        };
        if drawn.amount != *amount || *on > drawn.valid_until {
            return Err(Refused::Amount);
        }
        if !self.may_act(payer, Part::Pay) {
            return Err(Refused::ActsTwice);
        }
        self.acts.push((payer.clone(), Part::Pay, true));
        let paid = self.paid_so_far().plus(*amount).map_err(|_| Refused::Amount)?;
        (self.paid, self.state) = (Some((paid, *on)), State::Paid);
        Ok(())
    }

    fn lapse(&mut self, today: Day, reconsider_until: Day) -> Result<(), Refused> {
        let last = match self.state {
            State::Offered => self.last_day,
            State::Drawn => self.drawn.as_ref().map(|drawn| drawn.valid_until),
            _ => return Err(Refused::OutOfOrder { state: Some(self.state), entry: "lapsed" }),
        };
        if last.is_none_or(|last| today <= last) {
            return Err(Refused::Time);
        }
        if self.state == State::Drawn {
            self.turn += 1;
        }
        (self.state, self.drawn, self.reconsider_until) = (State::Lapsed, None, Some(reconsider_until));
        Ok(())
    }

    fn ask(&mut self, asked_on: Day) -> Result<(), Refused> {
        if !matches!(self.state, State::Offered | State::Lapsed | State::Refused | State::Waived | State::Paid) {
            return Err(Refused::OutOfOrder { state: Some(self.state), entry: "asked" });
        }
        if self.answered.is_some() {
            return Err(Refused::Once);
        }
        if self.reconsider_until.is_none_or(|until| asked_on > until) {
            return Err(Refused::Time);
        }
        (self.asked_in, self.state) = (self.state, State::Reconsidering);
        Ok(())
    }

    fn answer(&mut self, answer: Answer, last_day: Option<Day>, on: Day) -> Result<(), Refused> {
        (self.answered, self.turn) = (Some((answer, on)), self.turn + 1);
        self.state = match answer {
            Answer::Upheld => self.asked_in,
            Answer::Recompute => State::Returned,
            Answer::Reopened => State::Offered,
        };
        // The days that the answer took are given back.
        if self.state == State::Offered {
            self.last_day = Some(last_day.ok_or(Refused::Time)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
