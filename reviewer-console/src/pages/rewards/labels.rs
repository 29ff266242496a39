//! Words for awards and their calculation, and for the states and entries of claims.

use casework::rewards::{Claim, ClaimEntry, ClaimStage, PaymentMethod, ReconsiderationResult};
use casework::rules::{AddOnEvent, Exclusion};
use casework::signed_entry::SignedEntry;
use crypto::letters::letter::Choice;
use maud::{Markup, html};
use model::{Award, Fen, Line};

use crate::http::request::RequestContext;
use crate::http::words::say;

/// An award with each line of its calculation and its rule set.
pub(crate) fn explained(at: &RequestContext, award: &Award) -> Markup {
    html! {
        ul { @for line in &award.lines { li { (line_in_words(at, line)) } } }
        p.state #due { (say!(at, "award-due", due = Fen(award.due_fen).to_string())) }
        p.hint { (say!(at, "award-rules", policy = award.policy.as_str())) }
    }
}

fn line_in_words(at: &RequestContext, line: &Line) -> String {
    let yuan = |fen: &i64| Fen(*fen).to_string();
    match line {
        Line::Share { fine_fen, basis_points, share_fen } => {
            // 500 basis points are 5 %, 525 are 5.25 %.
            let percent = Fen(i64::from(*basis_points)).to_string();
            let percent = percent.trim_end_matches('0').trim_end_matches('.');
            say!(at, "award-share", fine = yuan(fine_fen), percent = percent, share = yuan(share_fen))
        }
        Line::Capped { cap_fen } => say!(at, "award-capped", cap = yuan(cap_fen)),
        Line::NoFine {} => say!(at, "award-no-fine"),
        Line::NotRewarded { .. } => say!(at, "award-not-rewarded"),
        Line::Excluded { exclusion } => {
            let who = Exclusion::of_code(exclusion).map_or_else(|| exclusion.clone(), |one| exclusion_name(at, one));
            say!(at, "award-excluded", who = who)
        }
        Line::Several { fines_fen, summed, fine_fen } => {
            let fines = fines_fen.iter().map(yuan).collect::<Vec<_>>().join(" + ");
            let (count, fine) = (fines_fen.len().to_string(), yuan(fine_fen));
            if *summed {
                say!(at, "award-summed", count = count, fines = fines, fine = fine)
            } else {
                say!(at, "award-highest", count = count, fines = fines, fine = fine)
            }
        }
        Line::AddOn { event, amount_fen } => {
            let what = AddOnEvent::of_code(event).map_or_else(|| event.clone(), |one| add_on_name(at, one));
            say!(at, "award-add-on", what = what, amount = yuan(amount_fen))
        }
        Line::Special { amount_fen } => say!(at, "award-special", amount = yuan(amount_fen)),
        Line::Joint { reporters, place, share_fen } => {
            say!(at, "award-joint", count = reporters.to_string(), place = place.to_string(), share = yuan(share_fen))
        }
    }
}

/// The name of a group that is excluded from rewards.
pub(crate) fn exclusion_name(at: &RequestContext, exclusion: Exclusion) -> String {
    match exclusion {
        Exclusion::DutyStaff => say!(at, "exclusion-duty-staff"),
        Exclusion::NearRelatives => say!(at, "exclusion-near-relatives"),
        Exclusion::Agents => say!(at, "exclusion-agents"),
        Exclusion::Violator => say!(at, "exclusion-violator"),
    }
}

/// The name of an event that adds to a reward.
pub(crate) fn add_on_name(at: &RequestContext, event: AddOnEvent) -> String {
    match event {
        AddOnEvent::Detention => say!(at, "add-on-detention"),
        AddOnEvent::Arrest => say!(at, "add-on-arrest"),
        AddOnEvent::Conviction => say!(at, "add-on-conviction"),
    }
}

/// The name of a claim's state.
pub(crate) fn state(at: &RequestContext, state: ClaimStage) -> String {
    match state {
        ClaimStage::Proposed => say!(at, "claim-proposed"),
        ClaimStage::Agreed => say!(at, "claim-agreed"),
        ClaimStage::Returned => say!(at, "claim-returned-state"),
        ClaimStage::Approved => say!(at, "claim-approved"),
        ClaimStage::Offered => say!(at, "claim-offered"),
        ClaimStage::Ordered => say!(at, "claim-ordered"),
        ClaimStage::Paid => say!(at, "claim-paid"),
        ClaimStage::Lapsed => say!(at, "claim-lapsed"),
        ClaimStage::Refused => say!(at, "claim-refused"),
        ClaimStage::Waived => say!(at, "claim-waived"),
        ClaimStage::Reconsidering => say!(at, "claim-reconsidering"),
    }
}

/// The name of the result of a reconsideration.
pub(crate) fn answer(at: &RequestContext, answer: ReconsiderationResult) -> String {
    match answer {
        ReconsiderationResult::Upheld => say!(at, "answer-upheld"),
        ReconsiderationResult::Reopened => say!(at, "answer-reopened"),
        ReconsiderationResult::Recompute => say!(at, "answer-recompute"),
    }
}

/// An entry of a claim with day, account and note.
pub(crate) fn done(at: &RequestContext, entered: &SignedEntry<ClaimEntry>) -> Markup {
    let (what, note) = entry(at, &entered.what);
    html! {
        (what)
        p.hint { (say!(at, "entered-by", day = entered.on.to_string(), account = entered.by.as_str())) }
        @if !note.is_empty() { p.plain-text { (note) } }
    }
}

/// An entry of a claim in words, and its note.
pub(crate) fn entry(at: &RequestContext, entry: &ClaimEntry) -> (String, String) {
    let none = String::new;
    match entry {
        ClaimEntry::Proposed(proposal) => {
            let due = Fen(proposal.award.due_fen).to_string();
            (say!(at, "chain-propose"), say!(at, "award-due", due = due))
        }
        ClaimEntry::Approved(decided) => {
            let consent = decided.consent.as_ref().map(|consent| {
                say!(at, "claim-consent", document = consent.document.as_str(), file = consent.file.name.as_str())
            });
            (say!(at, "claim-approval"), consent.unwrap_or_default())
        }
        ClaimEntry::Returned { note } => (state(at, ClaimStage::Returned), note.clone()),
        ClaimEntry::Offered { last_day, .. } => {
            (state(at, ClaimStage::Offered), say!(at, "claim-last-day", day = last_day.to_string()))
        }
        ClaimEntry::Waived {} => (state(at, ClaimStage::Waived), none()),
        ClaimEntry::Refused { asked_on } => (state(at, ClaimStage::Refused), letter_of(at, *asked_on)),
        ClaimEntry::OrderIssued { method: PaymentMethod::ClaimNote, valid_until, .. } => {
            (say!(at, "claim-order-note"), say!(at, "claim-valid-until", day = valid_until.to_string()))
        }
        ClaimEntry::OrderIssued { method: PaymentMethod::PayeeSlip, valid_until, .. } => {
            (say!(at, "claim-order-slip"), say!(at, "claim-valid-until", day = valid_until.to_string()))
        }
        ClaimEntry::OrderWithdrawn { note, .. } => (say!(at, "claim-order-withdrawn"), note.clone()),
        ClaimEntry::Paid { receipt, amount, on, .. } => {
            let (amount, day) = (amount.to_string(), on.to_string());
            let paid = say!(at, "claim-paid-receipt", receipt = receipt.as_str(), amount = amount, day = day);
            (state(at, ClaimStage::Paid), paid)
        }
        ClaimEntry::Lapsed { .. } => (state(at, ClaimStage::Lapsed), none()),
        ClaimEntry::Unanswered { .. } => (say!(at, "claim-unanswered"), none()),
        ClaimEntry::Asked { asked_on } => (state(at, ClaimStage::Reconsidering), letter_of(at, *asked_on)),
        ClaimEntry::Answered { answer: came, note, .. } => (answer(at, *came), note.clone()),
    }
}

fn letter_of(at: &RequestContext, day: model::Day) -> String {
    say!(at, "claim-letter-of", day = day.to_string())
}

/// The effect of a correction: the amount before and after, and what was paid; empty if the award is unchanged.
pub(crate) fn difference(at: &RequestContext, now: &Claim, proposed: &Award) -> Markup {
    let Some((granted, _)) = now.granted.as_ref().filter(|(granted, _)| granted.award != *proposed) else {
        return html! {};
    };
    let (before, after) = (granted.award.due_fen, proposed.due_fen);
    let (before_yuan, after_yuan) = (Fen(before).to_string(), Fen(after).to_string());
    html! {
        section.card #difference {
            h2 { (say!(at, "correction-title")) }
            p { (say!(at, "correction-amounts", before = before_yuan, after = after_yuan, difference = Fen(after - before).to_string())) }
            @if let Some((paid, on)) = now.paid {
                p { (say!(at, "correction-paid", paid = paid.to_string(), day = on.to_string())) }
                @if after < paid.0 {
                    p.warning { (say!(at, "correction-overpaid", over = Fen(paid.0 - after).to_string())) }
                } @else {
                    p { (say!(at, "correction-more", more = Fen(after - paid.0).to_string())) }
                }
            }
        }
    }
}

/// The name of the choice in a letter.
pub(crate) fn choice(at: &RequestContext, choice: &Choice) -> String {
    match choice {
        Choice::Note { .. } => say!(at, "choice-note"),
        Choice::Open { .. } => say!(at, "choice-open"),
        Choice::Refuse { .. } => say!(at, "choice-refuse"),
        Choice::Reconsider { .. } => say!(at, "choice-reconsider"),
    }
}
