//! The subject of an entry, derived from its action.

use crypto::keys::signature::VerificationKey;
use model::{LetterDigest, Purpose, Role};
use recorder_protocol::{AnyAction, AskIdentity, PayOrder};

/// A confirmed key's entry names account, roles and key.
pub(crate) fn subject_of_key(account: &str, roles: &[Role], key: VerificationKey) -> String {
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    format!("{account} {} {}", roles.join(","), String::from(key))
}

/// Begins with the order's digest, by which an earlier payment is found.
fn subject_of_payment(action: &PayOrder) -> String {
    let again = if action.again { " again" } else { "" };
    format!("{} {}{again}", action.order.to_hex(), action.digest.to_hex())
}

fn subject_of_asking(action: &AskIdentity) -> String {
    format!("{} {}", action.reason, action.digest.to_hex())
}

/// Subject, letter and purpose of an entry.
pub(crate) struct LogSubject {
    pub(crate) subject: String,
    pub(crate) letter: Option<LetterDigest>,
    /// Present if content is shown; the reporter then gets an access record.
    pub(crate) purpose: Option<Purpose>,
}

impl LogSubject {
    pub(crate) fn of(act: &AnyAction) -> Self {
        let about = |subject: String| Self { subject, letter: None, purpose: None };
        let letter = |letter: &LetterDigest, subject: String| Self { subject, letter: Some(*letter), purpose: None };
        let shown = |digest: &LetterDigest, subject: String, purpose: Purpose| Self {
            purpose: Some(purpose),
            ..letter(digest, subject)
        };
        match act {
            AnyAction::OpenLetter(of) => shown(&of.letter, String::new(), of.purpose),
            AnyAction::ListEnclosure(of) => shown(&of.letter, String::new(), of.purpose),
            AnyAction::ReadFile(of) => shown(&of.letter, of.file.to_string(), of.purpose),
            AnyAction::ShowList(of) => about(of.reports.to_string()),
            AnyAction::WriteReply(of) => letter(&of.letter, String::new()),
            AnyAction::ReadReplies(of) => letter(&of.letter, String::new()),
            AnyAction::ChangeState(of) => letter(&of.letter, of.state.clone()),
            AnyAction::ReadHandling(of) => letter(&of.letter, String::new()),
            AnyAction::HandleReport(of) => letter(&of.letter, of.step.clone()),
            AnyAction::CompareReports(of) => letter(&of.letter, of.with.to_string()),
            AnyAction::ImportClues(of) => about(format!("{} {}", of.clues, of.digest.to_hex())),
            AnyAction::CrossSheet(of) => about(of.digest.to_hex()),
            AnyAction::ReadSheets(of) => about(of.sheets.to_string()),
            AnyAction::ReadFigures(of) => about(of.reports.to_string()),
            AnyAction::PublishResults(of) => about(format!("{} {}", of.quarter, of.digest.to_hex())),
            AnyAction::ReadEvidence(of) => about(format!("{} {}", of.case, of.digest.to_hex())),
            AnyAction::ReadCase(of) => about(of.case.to_string()),
            AnyAction::EnterCase(of) => about(format!("{} {} {}", of.case, of.entry, of.digest.to_hex())),
            AnyAction::ReadClaim(of) => about(of.claim.to_string()),
            AnyAction::ProposeReward(of) => about(format!("{} {}", of.claim, of.digest.to_hex())),
            AnyAction::FollowReward(of) => about(format!("{} {} {}", of.claim, of.entry, of.digest.to_hex())),
            AnyAction::ReadOrder(of) => about(of.order.to_hex()),
            AnyAction::PayOrder(of) => about(subject_of_payment(of)),
            AnyAction::HandIdentity(of) => about(format!("{} {}", of.request.to_hex(), of.digest.to_hex())),
            AnyAction::MakeSlip(of) => about(format!("{} {}", of.order.to_hex(), of.note.to_hex())),
            AnyAction::ReadPayments(of) => about(format!("{} {}", of.from, of.until)),
            AnyAction::SetBudget(of) => about(format!("{} {}", of.year, of.amount)),
            AnyAction::AskIdentity(of) => shown(&of.letter, subject_of_asking(of), Purpose::AskIdentity),
            AnyAction::OpenIdentity(of) => shown(&of.letter, of.request.to_hex(), Purpose::OpenIdentity),
            AnyAction::RefuseIdentity(of) => letter(&of.letter, of.request.to_hex()),
            AnyAction::ReadIdentity(of) => shown(&of.letter, of.request.to_hex(), Purpose::ReadIdentity),
            AnyAction::DecideReward(of) => about(format!("{} {} {}", of.claim, of.entry, of.digest.to_hex())),
            AnyAction::AcceptPortal(of) => about(of.epoch.clone()),
            AnyAction::RenewSlots(of) => about(of.mailboxes.to_string()),
            AnyAction::EraseReports(of) => about(of.reports.to_string()),
            AnyAction::SignStatement(of) => about(of.serial.to_string()),
            AnyAction::AcknowledgeLog(of) => about(format!("{} {}", of.held.to_hex(), of.found.to_hex())),
            AnyAction::GrantKeys(of) => about(format!("{} {}", of.account, of.recipient.to_hex())),
            AnyAction::MakeAccount(of) => about(format!("{} {}", of.account, of.unit).trim_end().to_owned()),
            AnyAction::ResetAccount(of) => about(of.account.clone()),
            AnyAction::CloseAccount(of) => about(of.account.clone()),
            AnyAction::ConfirmKey(of) => about(subject_of_key(&of.account, &of.roles, of.key)),
            AnyAction::RevokeKey(of) => about(of.account.clone()),
            AnyAction::ListIdentityRequests(_)
            | AnyAction::ReadLog(_)
            | AnyAction::ExportLog(_)
            | AnyAction::ReadRoster(_)
            | AnyAction::ListCases(_)
            | AnyAction::ListClaims(_) => about(String::new()),
        }
    }
}
