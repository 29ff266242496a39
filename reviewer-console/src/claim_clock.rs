//! What happens to claims by the clock, looked after at every exchange before slots are sealed: an
//! approved award is offered, what finance has paid is entered, what nobody fetched in time lapses.
//! And what the reporter is told of it.

use casework::case::Case;
use casework::claim::{Claim, Drawn, Entry, State, Way};
use casework::policy::Clocks;
use crypto::slot::{ClaimState, Standing};
use model::{Award, Day, Fen};
use register::{Dossiers, Filter, NoNote, OrderChange};

use crate::books::Books;
use crate::claims::{self, ClaimFile, Clerk, NotFollowed};
use crate::fault::Fault;
use crate::orders;

/// Claims that wait for something at once: more than a county ever awards.
const MOST: u32 = 100_000;
/// States in which the clock or finance may have gone on.
const RUNNING: &[State] = &[State::Approved, State::Offered, State::Drawn, State::Reconsidering];

/// Enters what the clock and finance have done since the last time. One claim that is damaged keeps no
/// other from its turn; the operator is told.
pub(crate) fn look_after(clerk: Clerk<'_>) -> Result<(), Fault> {
    let states = RUNNING.iter().map(|state| state.code()).collect();
    let filter = Filter { unit: None, states, oldest_first: true };
    let (found, _) = clerk.books.register.dossiers(Dossiers::Claims, &filter, 0, MOST)?;
    for dossier in found {
        let number = dossier.number;
        match clerk.books.claim_of(dossier).and_then(|file| step(clerk, &file)) {
            Err(Fault::Register(error)) => return Err(error.into()),
            Err(Fault::Recorder(error)) => return Err(error.into()),
            Err(error) => tracing::error!("claim {number} stays as it is: {}", program::chain(&error)),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn step(clerk: Clerk<'_>, file: &ClaimFile) -> Result<(), Fault> {
    let now = &file.now;
    let (granted, _) = now.granted.as_ref().ok_or(Fault::Unsound)?;
    let clocks = clerk.books.rules_of(granted)?.policy.clocks;
    // What changed since it was approved is put right first, and offered then.
    if now.state == State::Approved {
        let case = clerk.books.case(granted.case)?.ok_or(Fault::Unsound)?;
        if !clerk.books.stands(now, &case.now) {
            return Ok(());
        }
    }
    let Some((what, order)) = due(clerk, now, &clocks)? else { return Ok(()) };
    match claims::follow(clerk, file, what, order)? {
        Ok(_) | Err(NotFollowed::Meanwhile) => Ok(()),
        Err(NotFollowed::Refused(refused)) => Err(Fault::inside(refused)),
    }
}

/// What is to be entered today, if anything is.
fn due(clerk: Clerk<'_>, now: &Claim, clocks: &Clocks) -> Result<Option<(Entry, OrderChange)>, Fault> {
    let today = clerk.today;
    let reconsider_until = today.plus_days(clocks.reconsider_within_days);
    Ok(match (now.state, &now.drawn) {
        (State::Approved, _) => {
            let last_day = today.plus_days(clocks.claim_within_days);
            Some((Entry::Offered { last_day, reconsider_until }, OrderChange::None))
        }
        (State::Offered, _) if now.last_day.is_some_and(|last| today > last) => {
            Some((Entry::Lapsed { reconsider_until }, OrderChange::None))
        }
        (State::Drawn, Some(drawn)) => match orders::payment_of(clerk.books, &drawn.order)? {
            Some(paid) => Some((paid, OrderChange::None)),
            // Nobody has made its slip: that is not the reporter's fault.
            None if today > drawn.valid_until && is_without_slip(clerk, drawn)? => {
                let last_day = today.plus_days(clocks.claim_within_days);
                let what = Entry::Undrawn { note: "no slip was made in time".to_owned(), last_day };
                Some((what, OrderChange::Withdrawn(drawn.order.clone())))
            }
            None if today > drawn.valid_until => {
                Some((Entry::Lapsed { reconsider_until }, OrderChange::Withdrawn(drawn.order.clone())))
            }
            None => None,
        },
        (State::Reconsidering, _) if today > clerk.books.answer_by(now)? => {
            let last_day = today.plus_days(clocks.claim_within_days);
            Some((Entry::Unanswered { last_day, reconsider_until }, OrderChange::None))
        }
        _ => None,
    })
}

fn is_without_slip(clerk: Clerk<'_>, drawn: &Drawn) -> Result<bool, Fault> {
    let unpaid = clerk.books.register.unpaid_order(&drawn.order)?;
    Ok(drawn.way == Way::Slip && unpaid.is_some_and(|NoNote(missing)| missing))
}

impl Books {
    /// The last day on which a request to look again is answered.
    pub(crate) fn answer_by(&self, now: &Claim) -> Result<Day, Fault> {
        let days = self.rules_of(&now.proposal)?.policy.clocks.reconsider_answer_within_working_days;
        Ok(self.rules.calendar.after(now.since, days))
    }
}

/// What the reporter is told of a claim: nothing before the award was offered for the first time.
pub(crate) fn told(books: &Books, claim: &ClaimFile, case: &Case) -> Result<Option<(Day, Award, Standing)>, Fault> {
    let now = &claim.now;
    let Some((granted, decided_on)) = &now.granted else { return Ok(None) };
    if now.last_day.is_none() {
        return Ok(None);
    }
    let policy = &books.rules_of(granted)?.policy;
    let open = now.outstanding();
    let state = match (now.state, &now.drawn) {
        (State::Offered | State::Drawn, _) if !books.stands(now, case) => ClaimState::Correcting,
        (State::Proposed | State::Agreed | State::Returned | State::Approved, _) => ClaimState::Correcting,
        (State::Offered | State::Lapsed, _) if open == Fen(0) => ClaimState::Nothing,
        (State::Offered, _) => ClaimState::Open,
        (State::Drawn, Some(drawn)) if drawn.way == Way::Slip => ClaimState::Transfer,
        (State::Drawn, _) => ClaimState::Note,
        (State::Paid, _) => ClaimState::Paid,
        (State::Lapsed, _) => ClaimState::Lapsed,
        (State::Refused, _) => ClaimState::Refused,
        (State::Waived, _) => ClaimState::Waived,
        (State::Reconsidering, _) => ClaimState::Reconsidering,
    };
    let last_day = match state {
        ClaimState::Note | ClaimState::Transfer => now.drawn.as_ref().map(|drawn| drawn.valid_until),
        ClaimState::Open | ClaimState::Refused | ClaimState::Waived => now.last_day,
        ClaimState::Reconsidering => Some(books.answer_by(now)?),
        _ => None,
    };
    let may_ask = now.answered.is_none()
        && matches!(now.state, State::Offered | State::Lapsed | State::Refused | State::Waived | State::Paid);
    let standing = Standing {
        state,
        last_day,
        reconsider_until: now.reconsider_until.filter(|_| may_ask),
        note: now.turn,
        against_code: policy.anonymous_payment,
        open_fen: open.0,
        paid_fen: now.paid_so_far().0,
        paid_on: now.paid.map(|(_, on)| on),
        before_fen: now.before.map(|before| before.0),
        answered_on: now.answered.map(|(_, on)| on),
    };
    Ok(Some((*decided_on, granted.award.clone(), standing)))
}
