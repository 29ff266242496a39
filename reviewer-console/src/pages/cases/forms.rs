//! The forms of a case: one for each kind of entry, and parsing of what was typed.

use casework::cases::{
    Assignment, Authority, Case, CaseEntry, CaseEntryKind, Decision, Penalty, PenaltyStatus, ReviewResult, Transfer,
    TransferAnswer, Unsettled,
};
use console_services::cases::case_file::CaseFile;
use console_services::error::ConsoleError;
use console_services::uploads::Upload;
use maud::{Markup, html};
use model::{BadAmount, Day, Fen};
use serde::Deserialize;

use crate::http::fields;
use crate::http::form::{TextField, Typed};
use crate::http::problem::{Problem, problem};
use crate::http::request::RequestContext;
use crate::http::response::PageError;
use crate::http::words::say;
use crate::pages::cases::labels::{authority, field_name, kind as kind_name, review, status};

/// Why a form cannot be read as an entry.
#[derive(Clone, Copy)]
pub(crate) enum BadForm {
    /// The kind is unknown or has no form, or the authority of a transfer is unknown.
    Kind,
    /// The field of this name holds no day.
    Day(&'static str),
    /// A field for an amount in yuan cannot be read.
    Amount(BadAmount),
}

/// The form for one kind of entry; unfolded after it was sent and refused.
pub(crate) fn form(at: &RequestContext, base: &str, file: &CaseFile, kind: CaseEntryKind, units: &[String]) -> Markup {
    let tried = at.sent().field("kind") == Some(kind.code());
    let action = format!("{base}/{}", file.number);
    let fields = html! {
        input type="hidden" name="expected-version" value=(file.version());
        input type="hidden" name="kind" value=(kind.code());
        (inputs(at, &file.now, kind, units, tried))
        p.actions { button type="submit" { (say!(at, "record-this", what = kind_name(at, kind))) } }
    };
    html! {
        details open[tried] id=(format!("enter-{}", kind.code())) {
            summary { (kind_name(at, kind)) }
            @if takes_files(kind) { (at.form_with_files(&action, &fields)) } @else { (at.form(&action, &fields)) }
        }
    }
}

/// Whether files may be attached to this kind of entry.
fn takes_files(kind: CaseEntryKind) -> bool {
    matches!(kind, CaseEntryKind::Progress | CaseEntryKind::Applied | CaseEntryKind::Verified)
}

fn inputs(at: &RequestContext, case: &Case, kind: CaseEntryKind, units: &[String], tried: bool) -> Markup {
    let id = |name: &str| format!("{name}-{}", kind.code());
    let note = || fields::text(at, &id("note"), TextField::Note, &say!(at, "case-note"), tried);
    let on = |label: String| fields::day_as(at, &id("on"), "on", &label, tried);
    let documents = |fits: fn(&Penalty) -> bool| document(at, &id("document"), case, fits);
    match kind {
        CaseEntryKind::Assigned => assignment(at, units, tried),
        CaseEntryKind::Decided => decision(at, case),
        CaseEntryKind::Withdrawn => html! { (documents(|one| one.status == PenaltyStatus::Open)) (note()) },
        CaseEntryKind::Contested => html! { (documents(is_open)) (on(say!(at, "contested-on"))) (note()) },
        CaseEntryKind::Finalised => html! { (documents(is_open)) (on(say!(at, "final-on"))) },
        CaseEntryKind::Reviewed => html! {
            (documents(|one| one.status == PenaltyStatus::Contested))
            (results(at))
            (fields::optional_line(at, "reviewed-fine", &say!(at, "reviewed-fine"), &say!(at, "reviewed-fine-hint")))
            (on(say!(at, "decision-day")))
            (note())
        },
        CaseEntryKind::Collected => html! {
            (documents(|one| one.is_effective() && one.collected < one.fine))
            (fields::line(at, "amount", &say!(at, "collected-amount"), ""))
            (on(say!(at, "collected-on")))
        },
        CaseEntryKind::Transferred => transfer(at, tried),
        CaseEntryKind::Answered => answer(at, case, tried),
        CaseEntryKind::AskedExpert => html! {
            p.hint { (say!(at, "expert-hint")) }
            (fields::line(at, "expert", &say!(at, "case-expert"), ""))
            (fields::text(at, &id("note"), TextField::Note, &say!(at, "expert-question"), tried))
        },
        CaseEntryKind::Started => html! { p { (say!(at, "case-start-hint")) } },
        CaseEntryKind::Closed => html! {
            (unsettled(at, case))
            (note())
            (fields::text(at, "publication", TextField::Publication, &say!(at, "case-publication"), tried))
            p.hint { (say!(at, "case-publication-hint")) }
        },
        kind if takes_files(kind) => html! { (note()) (files(at, &id("files"))) },
        _ => note(),
    }
}

fn unsettled(at: &RequestContext, case: &Case) -> Markup {
    let names = case.unsettled().into_iter().map(|what| match what {
        Unsettled::Review => say!(at, "unsettled-review"),
        Unsettled::Fine => say!(at, "unsettled-fine"),
        Unsettled::Transfer => say!(at, "unsettled-transfer"),
        Unsettled::Expert => say!(at, "unsettled-expert"),
    });
    let names: Vec<String> = names.collect();
    html! { @if !names.is_empty() { p.warning #unsettled { (say!(at, "unsettled", what = names.join(" · "))) } } }
}

fn is_open(penalty: &Penalty) -> bool {
    matches!(penalty.status, PenaltyStatus::Open | PenaltyStatus::Reviewed)
}

fn assignment(at: &RequestContext, units: &[String], tried: bool) -> Markup {
    let units: Vec<(String, String)> = units.iter().map(|unit| (unit.clone(), unit.clone())).collect();
    html! {
        @if units.is_empty() { p.warning { (say!(at, "case-no-units")) } }
        (fields::choice(at, "unit", &say!(at, "case-unit"), &units))
        (fields::line(at, "responsible", &say!(at, "case-responsible"), ""))
        (fields::text(at, "measures", TextField::Measures, &say!(at, "case-measures"), tried))
        (fields::day(at, "deadline", &say!(at, "case-deadline"), ""))
        (fields::text(at, "standard", TextField::Standard, &say!(at, "case-standard"), tried))
    }
}

fn decision(at: &RequestContext, case: &Case) -> Markup {
    html! {
        (fields::line(at, "document", &say!(at, "decision-document"), ""))
        (fields::line(at, "decided-party", &say!(at, "decision-party"), &case.sheet.party))
        (fields::line(at, "fine", &say!(at, "decision-fine-typed"), ""))
        p.hint { (say!(at, "decision-fine-hint")) }
        (fields::day(at, "decided-on", &say!(at, "decision-day"), ""))
    }
}

/// A choice among the case's penalty decisions that `fits` accepts.
fn document(at: &RequestContext, id: &str, case: &Case, fits: fn(&Penalty) -> bool) -> Markup {
    let line = |one: &Penalty| {
        let fine = say!(at, "yuan", amount = one.fine.to_string());
        let text = format!("{} · {fine} · {}", one.decision.document, status(at, one.status));
        (one.decision.document.clone(), text)
    };
    let options: Vec<_> = case.penalties.iter().filter(|one| fits(one)).map(line).collect();
    fields::choice_as(at, id, "document", &say!(at, "decision-document"), &options)
}

fn results(at: &RequestContext) -> Markup {
    let options: Vec<_> =
        ReviewResult::ALL.iter().map(|result| (result.code().to_owned(), review(at, *result))).collect();
    fields::choice(at, "result", &say!(at, "review-result"), &options)
}

fn transfer(at: &RequestContext, tried: bool) -> Markup {
    let options: Vec<_> = Authority::ALL.iter().map(|to| (to.code().to_owned(), authority(at, to.code()))).collect();
    html! {
        (fields::choice(at, "authority", &say!(at, "transfer-to"), &options))
        (fields::line(at, "transfer", &say!(at, "transfer-document"), ""))
        (fields::day_as(at, "sent-on", "sent-on", &say!(at, "transfer-sent-on"), tried))
        (fields::text(at, "note-transferred", TextField::Note, &say!(at, "transfer-what"), tried))
        p.hint { (say!(at, "transfer-hint")) }
    }
}

fn answer(at: &RequestContext, case: &Case, tried: bool) -> Markup {
    let waiting = case.transfers.iter().filter(|one| one.answer.is_none());
    let options: Vec<_> =
        waiting.map(|one| (one.document.clone(), format!("{} · {}", authority(at, &one.to), one.document))).collect();
    let taken = [("yes".to_owned(), say!(at, "answer-taken")), ("no".to_owned(), say!(at, "answer-not-taken"))];
    html! {
        (fields::choice_as(at, "transfer-answered", "transfer", &say!(at, "transfer-document"), &options))
        (fields::choice(at, "taken", &say!(at, "answer-what"), &taken))
        (fields::day_as(at, "on-answered", "on", &say!(at, "case-on"), tried))
        (fields::text(at, "note-answered", TextField::Note, &say!(at, "answer-note"), tried))
    }
}

fn files(at: &RequestContext, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (say!(at, "case-files")) }
            input id=(id) name="files" type="file" multiple autocomplete="off";
            p.hint { (say!(at, "case-files-hint")) }
        }
    }
}

/// The fields of all forms; each kind of entry uses some of them.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct EntryForm {
    kind: Typed,
    note: Typed,
    document: Typed,
    unit: Typed,
    responsible: Typed,
    measures: Typed,
    deadline: Typed,
    standard: Typed,
    decided_party: Typed,
    fine: Typed,
    decided_on: Typed,
    on: Typed,
    result: Typed,
    reviewed_fine: Typed,
    amount: Typed,
    transfer: Typed,
    taken: Typed,
    authority: Typed,
    sent_on: Typed,
    expert: Typed,
    publication: Typed,
}

/// Parses the form and the uploaded files as an entry.
pub(crate) fn read(at: &RequestContext, form: EntryForm) -> Result<CaseEntry, BadForm> {
    let day = |name: &'static str, typed: &str| typed.parse::<Day>().map_err(|_| BadForm::Day(name));
    let amount = |typed: &str| Fen::of_yuan(typed).map_err(BadForm::Amount);
    let (note, document) = (String::from(form.note), String::from(form.document));
    let evidence = || at.sent().files().iter().map(Upload::evidence).collect();
    Ok(match CaseEntryKind::of_code(&form.kind).ok_or(BadForm::Kind)? {
        CaseEntryKind::Listed => return Err(BadForm::Kind),
        CaseEntryKind::Assigned => CaseEntry::Assigned(Assignment {
            unit: form.unit.into(),
            responsible: form.responsible.into(),
            measures: form.measures.into(),
            deadline: day("deadline", &form.deadline)?,
            standard: form.standard.into(),
        }),
        CaseEntryKind::Decided => CaseEntry::Decided(Decision {
            document,
            party: form.decided_party.into(),
            fine: amount(&form.fine)?,
            decided_on: day("decided-on", &form.decided_on)?,
        }),
        CaseEntryKind::Withdrawn => CaseEntry::Withdrawn { document, note },
        CaseEntryKind::Contested => CaseEntry::Contested { document, on: day("on", &form.on)?, note },
        CaseEntryKind::Reviewed => {
            let fine = Some(&*form.reviewed_fine).filter(|typed| !typed.is_empty());
            let fine = fine.map(Fen::of_yuan).transpose().map_err(BadForm::Amount)?;
            CaseEntry::Reviewed { document, result: form.result.into(), fine, on: day("on", &form.on)?, note }
        }
        CaseEntryKind::Finalised => CaseEntry::Finalised { document, on: day("on", &form.on)? },
        CaseEntryKind::Collected => {
            CaseEntry::Collected { document, amount: amount(&form.amount)?, on: day("on", &form.on)? }
        }
        CaseEntryKind::Transferred => CaseEntry::Transferred(transferred(
            at,
            &form.authority,
            form.transfer.into(),
            day("sent-on", &form.sent_on)?,
            note,
        )?),
        CaseEntryKind::Answered => {
            let answer = TransferAnswer { taken: &*form.taken == "yes", on: day("on", &form.on)?, note };
            CaseEntry::Answered { document: form.transfer.into(), answer }
        }
        CaseEntryKind::AskedExpert => CaseEntry::AskedExpert { expert: form.expert.into(), note },
        CaseEntryKind::Opinion => CaseEntry::Opinion { note },
        CaseEntryKind::Escalated => CaseEntry::Escalated { note },
        CaseEntryKind::Supervised => CaseEntry::Supervised { note },
        CaseEntryKind::Started => CaseEntry::Started {},
        CaseEntryKind::Progress => CaseEntry::Progress { note, evidence: evidence() },
        CaseEntryKind::Applied => CaseEntry::Applied { note, evidence: evidence() },
        CaseEntryKind::Verified => CaseEntry::Verified { note, evidence: evidence() },
        CaseEntryKind::Returned => CaseEntry::Returned { note },
        CaseEntryKind::Closed => CaseEntry::Closed { note, publication: form.publication.into() },
        CaseEntryKind::Reopened => CaseEntry::Reopened { note },
    })
}

/// A transfer with the day by which an answer is due, under the rules in force on the day it was sent.
fn transferred(
    at: &RequestContext,
    authority: &str,
    document: String,
    sent_on: Day,
    note: String,
) -> Result<Transfer, BadForm> {
    let authority = Authority::of_code(authority).ok_or(BadForm::Kind)?;
    let rules = at.rules();
    let answer_by = rules.procedure(sent_on).answer_by(authority, sent_on, &rules.calendar);
    let to = authority.code().to_owned();
    Ok(Transfer { to, document, sent_on, answer_by, note, answer: None })
}

/// The message for a form that is no entry; an error for an unknown kind, which no page sends.
pub(crate) fn bad_form(at: &RequestContext, bad: BadForm) -> Result<Problem, PageError> {
    match bad {
        BadForm::Kind => Err(ConsoleError::NotUnderstood.into()),
        BadForm::Day(field) => Ok(problem!(at, "bad-day", field = field_name(at, field))),
        BadForm::Amount(BadAmount::Form) => Ok(problem!(at, "bad-amount")),
        BadForm::Amount(BadAmount::TooLarge) => Ok(problem!(at, "bad-fine")),
    }
}
