//! Transfers to the police or the procuratorate, and their answers.

use model::{Day, codes};
use serde::{Deserialize, Serialize};

use super::{CaseRefusal, Decision};

codes!(
    /// The authorities that take over what this authority may not handle.
    Authority {
        /// The police, for a suspected crime.
        Police = "police",
        /// The procuratorate, for public interest litigation or supervision.
        Procuratorate = "procuratorate",
    }
);

/// A transfer of the case file. It contains nothing about a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The receiving authority: the code of an [`Authority`].
    pub to: String,
    /// The number of the letter of transfer.
    pub document: String,
    /// The day on which it was sent.
    pub sent_on: Day,
    /// The last day for an answer, by the rules of the day of sending.
    pub answer_by: Day,
    /// What is transferred, and why.
    pub note: String,
    /// The answer; `None` until it has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<TransferAnswer>,
}

/// The other authority's answer to a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferAnswer {
    /// Whether the authority takes the matter over.
    pub taken: bool,
    /// The day of the answer.
    pub on: Day,
    /// Document number and content of the answer.
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
