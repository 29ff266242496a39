//! What pages say alike of reports: of their state, stage and steps, their letters, their origin and category.

use casework::report::Origin;
use casework::triage::{Refused, Stage, Step};
use register::StoredLetter;

use crate::http::request::RequestContext;
use crate::http::words::say;

/// What was done, in words.
pub(crate) fn done(at: &RequestContext, step: &Step) -> String {
    match step {
        Step::Entered { origin } => say!(at, "step-entered-by", origin = origin_name(at, origin)),
        Step::Given { to } => say!(at, "step-given-to", account = to.as_str()),
        Step::Known { case, .. } => say!(at, "step-known-case", case = case.to_string()),
        Step::Joined { report, joint: true, .. } => say!(at, "step-joined-joint", report = report.to_string()),
        Step::Joined { report, .. } => say!(at, "step-joined-later", report = report.to_string()),
        Step::Merged { report, joint: true } => say!(at, "step-merged-joint", report = report.to_string()),
        Step::Merged { report, .. } => say!(at, "step-merged-later", report = report.to_string()),
        Step::Parted { report } => say!(at, "step-parted-from", report = report.to_string()),
        Step::Confirmed { case } => say!(at, "step-confirmed-case", case = case.to_string()),
        other => step_name(at, other.code()),
    }
}

/// A channel in words.
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

/// A stage in words.
pub(crate) fn stage(at: &RequestContext, code: &str) -> String {
    match Stage::of_code(code) {
        Some(Stage::New) => say!(at, "stage-new"),
        Some(Stage::NotOurs) => say!(at, "stage-not-ours"),
        Some(Stage::Known) => say!(at, "stage-known"),
        Some(Stage::Joined) => say!(at, "stage-joined"),
        Some(Stage::Minor) => say!(at, "stage-minor"),
        Some(Stage::Drafted) => say!(at, "stage-drafted"),
        Some(Stage::NotEffective) => say!(at, "stage-not-effective"),
        Some(Stage::Verifying) => say!(at, "stage-verifying"),
        Some(Stage::NotConfirmed) => say!(at, "stage-not-confirmed"),
        Some(Stage::Confirmed) => say!(at, "stage-confirmed"),
        Some(Stage::Proposed) => say!(at, "stage-proposed"),
        Some(Stage::Returned) => say!(at, "stage-returned"),
        Some(Stage::Approved) => say!(at, "stage-approved"),
        None => code.to_owned(),
    }
}

/// A step in words.
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

/// A state in words.
pub(crate) fn state(at: &RequestContext, code: &str) -> String {
    match code {
        "received" => say!(at, "state-received"),
        "read" => say!(at, "state-read"),
        _ => say!(at, "state-answered"),
    }
}

/// What a letter turned out to be, in words.
pub(crate) fn kind(at: &RequestContext, kind: Option<&str>) -> String {
    match kind {
        None => say!(at, "kind-unopened"),
        Some("report") => say!(at, "kind-report"),
        Some("claim" | "claim-entered") => say!(at, "kind-claim"),
        Some(_) => say!(at, "kind-follow-up"),
    }
}

/// What there is of an enclosure, in words.
pub(crate) fn enclosure_state(at: &RequestContext, letter: &StoredLetter) -> String {
    match letter.enclosure {
        None => say!(at, "enclosure-none"),
        Some((size, false)) => say!(at, "enclosure-pending", size = mebibytes(size)),
        Some((size, true)) => say!(at, "enclosure-whole", size = mebibytes(size)),
    }
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

/// A category in words; an unknown code stands for itself.
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

/// Why a step was refused, in words.
pub(crate) fn refused_step(at: &RequestContext, refused: Refused) -> String {
    match refused {
        Refused::OutOfOrder { stage: from, .. } => {
            say!(at, "handling-out-of-order", stage = stage(at, from.code()))
        }
        Refused::SamePerson => say!(at, "second-person"),
        Refused::TooLate => say!(at, "vouched-late"),
        Refused::Origin => say!(at, "not-understood-text"),
        Refused::Text(bad) => crate::pages::cases::labels::bad_text(at, bad),
    }
}
