//! Transfers to police or procuratorate, and their answers.

use model::{Day, codes};
use serde::{Deserialize, Serialize};

use super::{CaseRefusal, Decision};

codes!(
    /// Who is sent what this authority may not handle.
    Authority {
        /// A suspected crime.
        Police = "police",
        /// Public interest litigation, or supervision.
        Procuratorate = "procuratorate",
    }
);

/// A transfer. What is sent is the case file; nothing in it knows of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// To whom: the code of an [`Authority`].
    pub to: String,
    /// The number of the letter of transfer.
    pub document: String,
    /// The day it was sent.
    pub sent_on: Day,
    /// By when an answer is due, by the rules of that day.
    pub answer_by: Day,
    /// What is transferred, and why.
    pub note: String,
    /// What they answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<TransferAnswer>,
}

/// Another authority's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAnswer {
    /// Whether they take it on.
    pub taken: bool,
    /// The day of their answer.
    pub on: Day,
    /// The number of their document, and what they say.
    pub note: String,
}

pub(super) fn send(transfers: &mut Vec<Transfer>, new: &Transfer) -> Result<(), CaseRefusal> {
    let key = Decision::document_key(&new.document);
    if transfers.iter().any(|one| one.to == new.to && Decision::document_key(&one.document) == key) {
        return Err(CaseRefusal::AlreadyTransferred(new.document.clone()));
    }
    transfers.push(new.clone());
    Ok(())
}

pub(super) fn answer(transfers: &mut [Transfer], document: &str, answer: &TransferAnswer) -> Result<(), CaseRefusal> {
    let key = Decision::document_key(document);
    let waiting = transfers.iter_mut().find(|one| one.answer.is_none() && Decision::document_key(&one.document) == key);
    let transfer = waiting.ok_or(CaseRefusal::NoTransfer)?;
    if answer.on < transfer.sent_on {
        return Err(CaseRefusal::TooEarly("on"));
    }
    transfer.answer = Some(answer.clone());
    Ok(())
}
