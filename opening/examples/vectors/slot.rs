//! Slots of every kind, with what a reader makes of their access list, and refused ones.

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::letters::letter::Body;
use crypto::letters::mailbox::LetterId;
use crypto::letters::visit::Visit;
use crypto::slots::slot::{
    ClaimState, ClaimStatus, EnclosureState, ListedLetter, Message, PostSlot, ReportOutcome, ReportState, Slot,
};
use model::{Award, Due, Line};
use serde_json::{Value, json};

use crate::signed::signed;
use crate::slot_access::{Shown, list, shown_variants, witnessed};
use crate::{Setting, refused_slot};

pub(crate) const CONTEXT: &str = "qingniao/slot/v2";

/// All slots: some sealed as they are sent, the others as the text that is padded and sealed.
pub(crate) fn slots(setting: &Setting) -> Result<Value, Box<dyn Error>> {
    let Setting { roles, reporter, keys, today } = setting;
    let cover = reporter.letter(LetterId::from([11; 16]), Body::Cover {}, keys)?;
    let visit = reporter.visit(&cover, keys, *today)?;
    let first = Visit::parse(&visit.request)?.first_slot.to_vec();
    let full = Slot::Post(full(setting)?);
    let sealed = full.seal(roles.post_signing.signing_key(), &reporter.identity().recipient())?;
    let mut cases = vec![
        first_with(setting, "first, with a report", vec![received(10, EnclosureState::None {})])?,
        first_with(setting, "first, with an enclosure announced", vec![received(10, EnclosureState::Announced {})])?,
        first_with(setting, "first, with a cover letter", Vec::new())?,
    ];
    for (name, slot) in variants(setting)? {
        cases.push(post(setting, &name, &serde_json::to_value(Slot::Post(slot))?, &Shown::PROVED));
    }
    cases.extend(shown_variants(setting)?);
    Ok(json!({
        "code": hex::encode([9; 16]),
        "post": keys.statement.post_signing.key(),
        "recorder": keys.keys.recorder.key(),
        "log": keys.keys.log.to_string(),
        "witnesses": keys.keys.witnesses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sealed": [
            { "name": "first", "sealed": STANDARD.encode(&first), "slot": reporter.read_slot(&first, keys)? },
            { "name": "answer", "sealed": STANDARD.encode(&sealed), "slot": full },
        ],
        "slots": cases,
        "refused": refused_slot::refused(setting)?,
    }))
}

fn received(letter: u8, enclosure: EnclosureState) -> ListedLetter {
    ListedLetter { letter: LetterId::from([letter; 16]), enclosure }
}

fn first_with(setting: &Setting, name: &str, received: Vec<ListedLetter>) -> Result<Value, Box<dyn Error>> {
    let mailbox = setting.reporter.mailbox();
    let slot = serde_json::to_value(Slot::First { mailbox, day: setting.today, received })?;
    let signed = signed(&slot.to_string(), CONTEXT, setting.reporter.signing_key());
    Ok(json!({ "name": name, "signed": signed }))
}

/// A case of a slot that the post has signed.
pub(crate) fn post(setting: &Setting, name: &str, slot: &Value, shown: &Shown) -> Value {
    let signed = signed(&slot.to_string(), CONTEXT, setting.roles.post_signing.signing_key());
    json!({
        "name": name,
        "signed": signed,
        "access": shown.access,
        "witnessed": shown.witnessed,
        "proofs": shown.proofs,
    })
}

/// A slot with something in every field.
pub(crate) fn full(setting: &Setting) -> Result<PostSlot, Box<dyn Error>> {
    let (today, list) = (setting.today, list(setting));
    Ok(PostSlot {
        mailbox: setting.reporter.mailbox(),
        number: 3,
        day: today,
        statement: 7,
        earlier: 2,
        received: vec![
            received(10, EnclosureState::None {}),
            received(32, EnclosureState::Incomplete { since: today.minus_days(1) }),
            received(33, EnclosureState::Whole {}),
            received(34, EnclosureState::Announced {}),
        ],
        state: ReportState::Answered,
        outcome: Some(confirmed(setting, ClaimState::Open, special())),
        due: Some(Due { acknowledge: today, written_reply: today, feedback: today, answer: today.plus_days(60) }),
        messages: vec![Message { day: today, text: "已收到，正在核实。Thank \"you\".\n\u{1f426}".to_owned() }],
        dropped: false,
        erased_on: Some(today),
        access: list.sign(setting.roles.recorder_signing.signing_key())?,
        witnessed: Some(witnessed(setting, &list, crate::slot_access::TIME)?),
    })
}

/// Slots of the post with every state, outcome, state of a claim and line of an award.
fn variants(setting: &Setting) -> Result<Vec<(String, PostSlot)>, Box<dyn Error>> {
    let full = full(setting)?;
    let plain =
        |state| PostSlot { state, outcome: None, messages: Vec::new(), earlier: 0, erased_on: None, ..full.clone() };
    let none = PostSlot { received: Vec::new(), due: None, ..plain(ReportState::Received) };
    let mut all = vec![
        ("nothing received".to_owned(), none),
        ("older messages left out".to_owned(), PostSlot { dropped: true, ..full.clone() }),
    ];
    all.extend(ReportState::ALL.iter().map(|state| (format!("state {}", state.code()), plain(*state))));
    for outcome in [
        ReportOutcome::NotOurs {},
        ReportOutcome::Known {},
        ReportOutcome::NotEffective {},
        ReportOutcome::NotConfirmed {},
        ReportOutcome::Minor {},
    ] {
        let name = serde_json::to_value(&outcome)?["outcome"].as_str().unwrap_or_default().to_owned();
        all.push((format!("outcome {name}"), PostSlot { outcome: Some(outcome), ..plain(ReportState::Read) }));
    }
    for state in STATES {
        let name = serde_json::to_value(state)?.as_str().unwrap_or_default().to_owned();
        let outcome = Some(confirmed(setting, state, ordinary()));
        all.push((format!("claim {name}"), PostSlot { outcome, ..plain(ReportState::Answered) }));
    }
    for (name, award) in
        [("special", special()), ("no fine", no_fine()), ("excluded", excluded()), ("not rewarded", not_rewarded())]
    {
        let outcome = Some(confirmed(setting, ClaimState::Nothing, award));
        all.push((format!("award, {name}"), PostSlot { outcome, ..plain(ReportState::Answered) }));
    }
    Ok(all)
}

/// Every state of a claim.
const STATES: [ClaimState; 10] = [
    ClaimState::Nothing,
    ClaimState::Open,
    ClaimState::Note,
    ClaimState::Transfer,
    ClaimState::Paid,
    ClaimState::Lapsed,
    ClaimState::Refused,
    ClaimState::Waived,
    ClaimState::Reconsidering,
    ClaimState::Correcting,
];

fn confirmed(setting: &Setting, state: ClaimState, award: Award) -> ReportOutcome {
    let today = setting.today;
    let (paid, open) = (state == ClaimState::Paid, state == ClaimState::Open);
    let claim = ClaimStatus {
        state,
        last_day: open.then(|| today.plus_days(60)),
        reconsider_until: open.then(|| today.plus_days(30)),
        offer_number: u32::from(state != ClaimState::Nothing),
        against_code: !paid,
        open_fen: if paid { 0 } else { award.due_fen },
        paid_fen: if paid { award.due_fen } else { 0 },
        paid_on: paid.then_some(today),
        before_fen: open.then_some(10_000_000),
        answered_on: open.then_some(today),
    };
    ReportOutcome::Confirmed { decided_on: today, award, closed: paid, claim }
}

fn awarded(lines: Vec<Line>, due_fen: i64) -> Award {
    Award { policy: "天政办发〔2021〕46 号".to_owned(), lines, due_fen }
}

/// The largest amounts, and all the lines that can occur together with a special award.
fn special() -> Award {
    let share = Line::Share { fine_fen: 9_007_199_254_740_991, basis_points: 500, share_fen: 450_359_962_737_049 };
    let joint = Line::Joint { reporters: 2, place: 1, share_fen: 25_000_000 };
    let lines = vec![share, Line::Capped { cap_fen: 10_000_000 }, Line::Special { amount_fen: 50_000_000 }, joint];
    awarded(lines, 25_000_000)
}

fn ordinary() -> Award {
    let several = Line::Several { fines_fen: vec![20_000_000, 5_000_000], summed: true, fine_fen: 25_000_000 };
    let share = Line::Share { fine_fen: 25_000_000, basis_points: 500, share_fen: 1_250_000 };
    let added = Line::AddOn { event: "arrest".to_owned(), amount_fen: 500_000 };
    awarded(vec![several, share, added], 1_750_000)
}

fn no_fine() -> Award {
    awarded(vec![Line::NoFine {}], 0)
}

fn excluded() -> Award {
    awarded(vec![Line::Excluded { exclusion: "near-relatives".to_owned() }], 0)
}

fn not_rewarded() -> Award {
    awarded(vec![Line::NotRewarded { category: "other".to_owned() }], 0)
}
