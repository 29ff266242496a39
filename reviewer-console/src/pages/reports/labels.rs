//! Words for reports that several pages share: state, stage and steps, letters, channel and category.

use casework::reports::{HandlingRefusal, HandlingStep, Origin, ReportStage};
use register::{StoredEnclosure, StoredLetter};

use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::words::say;
use crypto::slots::slot::EnclosureState;

/// A step of handling in words, with its account or case number.
pub(crate) fn done(at: &RequestContext, step: &HandlingStep) -> String {
    match step {
        HandlingStep::Entered { origin } => say!(at, "step-entered-by", origin = origin_name(at, origin)),
        HandlingStep::Given { to } => say!(at, "step-given-to", account = to.as_str()),
        HandlingStep::Known { case, .. } => say!(at, "step-known-case", case = case.to_string()),
        HandlingStep::Joined { report, joint: true, .. } => say!(at, "step-joined-joint", report = report.to_string()),
        HandlingStep::Joined { report, .. } => say!(at, "step-joined-later", report = report.to_string()),
        HandlingStep::Merged { report, joint: true } => say!(at, "step-merged-joint", report = report.to_string()),
        HandlingStep::Merged { report, .. } => say!(at, "step-merged-later", report = report.to_string()),
        HandlingStep::Parted { report } => say!(at, "step-parted-from", report = report.to_string()),
        HandlingStep::Confirmed { case } => say!(at, "step-confirmed-case", case = case.to_string()),
        other => step_name(at, other.code()),
    }
}

/// The name of an intake channel.
pub(crate) fn origin_name(at: &RequestContext, code: &str) -> String {
    match Origin::of_code(code) {
        Some(Origin::Web) => say!(at, "origin-web"),
        Some(Origin::Phone) => say!(at, "origin-phone"),
        Some(Origin::Letter) => say!(at, "origin-letter"),
        Some(Origin::Visit) => say!(at, "origin-visit"),
        Some(Origin::Patrol) => say!(at, "origin-patrol"),
        Some(Origin::Organisation) => say!(at, "origin-organisation"),
        Some(Origin::Hotline) => say!(at, "origin-hotline"),
        Some(Origin::Alarm) => say!(at, "origin-alarm"),
        None => code.to_owned(),
    }
}

/// The name of a stage of handling.
pub(crate) fn stage(at: &RequestContext, code: &str) -> String {
    match ReportStage::of_code(code) {
        Some(ReportStage::New) => say!(at, "stage-new"),
        Some(ReportStage::NotOurs) => say!(at, "stage-not-ours"),
        Some(ReportStage::Known) => say!(at, "stage-known"),
        Some(ReportStage::Joined) => say!(at, "stage-joined"),
        Some(ReportStage::Minor) => say!(at, "stage-minor"),
        Some(ReportStage::Drafted) => say!(at, "stage-drafted"),
        Some(ReportStage::NotEffective) => say!(at, "stage-not-effective"),
        Some(ReportStage::Verifying) => say!(at, "stage-verifying"),
        Some(ReportStage::NotConfirmed) => say!(at, "stage-not-confirmed"),
        Some(ReportStage::Confirmed) => say!(at, "stage-confirmed"),
        Some(ReportStage::Proposed) => say!(at, "stage-proposed"),
        Some(ReportStage::Returned) => say!(at, "stage-returned"),
        Some(ReportStage::Approved) => say!(at, "stage-approved"),
        None => code.to_owned(),
    }
}

/// The name of a kind of step.
pub(crate) fn step_name(at: &RequestContext, code: &str) -> String {
    match code {
        "verify" => say!(at, "step-verify"),
        "not-ours" => say!(at, "step-not-ours"),
        "known" => say!(at, "step-known"),
        "not-effective" => say!(at, "step-not-effective"),
        "not-confirmed" => say!(at, "step-not-confirmed"),
        "entered" => say!(at, "step-entered"),
        "vouched" => say!(at, "step-vouched"),
        "given" => say!(at, "step-given"),
        "joined" => say!(at, "step-joined"),
        "minor" => say!(at, "step-minor"),
        "drafted" => say!(at, "step-drafted"),
        "redraft" => say!(at, "step-redraft"),
        "crossed" => say!(at, "step-crossed"),
        "confirmed" => say!(at, "step-confirmed"),
        "proposed" => say!(at, "step-proposed"),
        "reconsidered" => say!(at, "step-reconsidered"),
        other => other.to_owned(),
    }
}

/// The name of a report's state.
pub(crate) fn state(at: &RequestContext, code: &str) -> String {
    match code {
        "received" => say!(at, "state-received"),
        "read" => say!(at, "state-read"),
        _ => say!(at, "state-answered"),
    }
}

/// The name of a letter's kind; `None` is a letter that nobody has opened.
pub(crate) fn kind(at: &RequestContext, kind: Option<&str>) -> String {
    match kind {
        None => say!(at, "kind-unopened"),
        Some("report") => say!(at, "kind-report"),
        Some("claim" | "claim-entered") => say!(at, "kind-claim"),
        Some(_) => say!(at, "kind-follow-up"),
    }
}

/// Whether a letter has an enclosure, and what has come of it. The reporter reads the same in the mailbox.
pub(crate) fn enclosure_state(at: &RequestContext, letter: &StoredLetter) -> String {
    let size = letter.enclosure.and_then(|enclosure| enclosure.size).unwrap_or_default();
    match StoredEnclosure::state(letter.enclosure, letter.received_on, at.today()) {
        EnclosureState::None {} => say!(at, "enclosure-none"),
        EnclosureState::Announced {} => say!(at, "enclosure-announced"),
        EnclosureState::Whole {} => say!(at, "enclosure-whole", size = mebibytes(size)),
        EnclosureState::Incomplete { since } => say!(at, "enclosure-incomplete", day = since.to_string()),
    }
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

/// The name of a category; an unknown code is shown as it is.
pub(crate) fn category(at: &RequestContext, code: &str) -> String {
    match code {
        "covert-discharge" => say!(at, "category-covert-discharge"),
        "falsified-monitoring" => say!(at, "category-falsified-monitoring"),
        "hazardous-dumping" => say!(at, "category-hazardous-dumping"),
        "water-protection-zone" => say!(at, "category-water-protection-zone"),
        "other" => say!(at, "category-other"),
        other => other.to_owned(),
    }
}

/// The message for a step that the rules refuse.
pub(crate) fn refused_step(at: &RequestContext, refused: HandlingRefusal) -> Problem {
    match refused {
        HandlingRefusal::OutOfOrder { stage: from, .. } => {
            problem!(at, "handling-out-of-order", stage = stage(at, from.code()))
        }
        HandlingRefusal::SamePerson => problem!(at, "second-person"),
        HandlingRefusal::TooLate => problem!(at, "vouched-late"),
        HandlingRefusal::Origin => problem!(at, "not-understood-text"),
        HandlingRefusal::Text(bad) => crate::pages::cases::labels::bad_text(at, bad),
    }
}
