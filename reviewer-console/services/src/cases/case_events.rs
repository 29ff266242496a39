//! Events about cases for other systems: signed CloudEvents. The type has no field for a report, its origin or a
//! reporter, so none of these can leak this way.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::cases::{Case, CaseEntry, CaseEntryKind};
use casework::signed_entry::SignedEntry;
use crypto::keys::note_text::NoNotes;
use ed25519_dalek::pkcs8::EncodePublicKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::{Signer as _, SigningKey};
use model::{Day, Fen};
use register::Event;
use serde::Serialize;
use signing::{KeyFileError, KeyFiles};

use crate::error::ConsoleError;

/// Files of the key that signs events, and of its public half for the receivers.
const KEY: &str = "feed.key";
const PUBLIC: &str = "feed.pem";
const NAME: &str = "feed";

/// CloudEvents 1.0, structured mode. It has no time: the data holds the day of the entry, and anything finer would
/// reveal when somebody worked on what.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: &'a str,
    r#type: String,
    subject: String,
    datacontenttype: &'static str,
    data: &'a CaseEvent,
}

/// State of a case after an entry, as sent to other systems. docs/formats/case-event.schema.json describes it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CaseEvent {
    case: u64,
    /// `opened`, `changed`, `transferred` or `closed`.
    #[serde(skip)]
    what: &'static str,
    /// Number of the entry in the case, from 1. It shows a receiver which of two events is newer, and a gap shows that
    /// one is missing.
    number: u64,
    /// Code of the kind of entry that was made.
    entry: &'static str,
    on: Day,
    state: &'static str,
    category: String,
    party: String,
    town: String,
    found_on: Day,
    lead_unit: Option<String>,
    deadline: Option<Day>,
    escalated: bool,
    supervised: bool,
    penalties: Vec<PenaltyData>,
    transfers: Vec<TransferData>,
}

/// A penalty decision as it is now.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct PenaltyData {
    document: String,
    party: String,
    decided_on: Day,
    fine_fen: Fen,
    status: &'static str,
    collected_fen: Fen,
}

/// A transfer and whether it was answered.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct TransferData {
    to: String,
    document: String,
    sent_on: Day,
    answer_by: Day,
    answered_on: Option<Day>,
    taken: Option<bool>,
}

impl CaseEvent {
    /// The event of a case after one more entry.
    pub(crate) fn of(case: u64, number: u64, entered: &SignedEntry<CaseEntry>, after: &Case) -> Self {
        let kind = entered.what.kind();
        let penalties = after.penalties.iter().map(|one| PenaltyData {
            document: one.decision.document.clone(),
            party: one.decision.party.clone(),
            decided_on: one.decision.decided_on,
            fine_fen: one.fine,
            status: one.status.code(),
            collected_fen: one.collected,
        });
        let transfers = after.transfers.iter().map(|one| TransferData {
            to: one.to.clone(),
            document: one.document.clone(),
            sent_on: one.sent_on,
            answer_by: one.answer_by,
            answered_on: one.answer.as_ref().map(|answer| answer.on),
            taken: one.answer.as_ref().map(|answer| answer.taken),
        });
        Self {
            case,
            number,
            what: match kind {
                CaseEntryKind::Listed => "opened",
                CaseEntryKind::Closed => "closed",
                CaseEntryKind::Transferred => "transferred",
                _ => "changed",
            },
            entry: kind.code(),
            on: entered.on,
            state: after.state.code(),
            category: after.sheet.category.clone(),
            party: after.sheet.party.clone(),
            town: after.sheet.town.clone(),
            found_on: after.sheet.found_on,
            lead_unit: after.assignment.as_ref().map(|to| to.unit.clone()),
            deadline: after.assignment.as_ref().map(|to| to.deadline),
            escalated: after.escalated,
            supervised: after.supervised,
            penalties: penalties.collect(),
            transfers: transfers.collect(),
        }
    }
}

/// The key that signs events, and the installation's name as their source.
pub(crate) struct EventKey {
    key: SigningKey,
    source: String,
}

impl EventKey {
    /// Reads the key from the console's folder, or makes it, and writes its public half beside it. Ed25519 over the
    /// event's bytes: `openssl pkeyutl -verify -rawin` checks it.
    pub(crate) fn of(folder: &Path, installation: &str) -> Result<Self, KeyFileError> {
        let key = KeyFiles::open(folder).signing_or_new::<NoNotes>(KEY, NAME)?;
        let public = folder.join(PUBLIC);
        let io = |error| KeyFileError::Io(public.display().to_string(), error);
        let text = key.signing_key().verifying_key().to_public_key_pem(LineEnding::LF);
        let text = text.map_err(|_| io(std::io::ErrorKind::InvalidData.into()))?;
        if fs::read_to_string(&public).ok().as_deref() != Some(&text) {
            fs::write(&public, text).map_err(io)?;
        }
        let source = format!("urn:qingniao:{installation}");
        Ok(Self { key: key.signing_key().clone(), source })
    }

    /// Serialises and signs an event; the signature is in Base64.
    pub(crate) fn sign(&self, case: &CaseEvent) -> Result<Event, ConsoleError> {
        let id: [u8; 16] = random::bytes().map_err(ConsoleError::inside)?;
        let event = CloudEvent {
            specversion: "1.0",
            id: hex::encode(id),
            source: &self.source,
            r#type: format!("qingniao.case.{}.v1", case.what),
            subject: format!("case/{}", case.case),
            datacontenttype: "application/json",
            data: case,
        };
        let event = serde_json::to_string(&event).map_err(ConsoleError::inside)?;
        let signature = STANDARD.encode(self.key.sign(event.as_bytes()).to_bytes());
        Ok(Event { event, signature })
    }
}
