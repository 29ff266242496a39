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
fn subject_of_payment(deed: &PayOrder) -> String {
    let again = if deed.again { " again" } else { "" };
    format!("{} {}{again}", deed.order.to_hex(), deed.digest.to_hex())
}

fn subject_of_asking(deed: &AskIdentity) -> String {
    format!("{} {}", deed.reason, deed.digest.to_hex())
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
            AnyAction::OpenLetter(deed) => shown(&deed.letter, String::new(), deed.purpose),
            AnyAction::ListEnclosure(deed) => shown(&deed.letter, String::new(), deed.purpose),
            AnyAction::ReadFile(deed) => shown(&deed.letter, deed.file.to_string(), deed.purpose),
            AnyAction::ShowList(deed) => about(deed.reports.to_string()),
            AnyAction::WriteReply(deed) => letter(&deed.letter, String::new()),
            AnyAction::ReadReplies(deed) => letter(&deed.letter, String::new()),
            AnyAction::ChangeState(deed) => letter(&deed.letter, deed.state.clone()),
            AnyAction::ReadHandling(deed) => letter(&deed.letter, String::new()),
            AnyAction::HandleReport(deed) => letter(&deed.letter, deed.step.clone()),
            AnyAction::CompareReports(deed) => letter(&deed.letter, deed.with.to_string()),
            AnyAction::ImportClues(deed) => about(format!("{} {}", deed.clues, deed.digest.to_hex())),
            AnyAction::CrossSheet(deed) => about(deed.digest.to_hex()),
            AnyAction::ReadSheets(deed) => about(deed.sheets.to_string()),
            AnyAction::ReadFigures(deed) => about(deed.reports.to_string()),
            AnyAction::PublishResults(deed) => about(format!("{} {}", deed.quarter, deed.digest.to_hex())),
            AnyAction::ReadEvidence(deed) => about(format!("{} {}", deed.case, deed.digest.to_hex())),
            AnyAction::ReadCase(deed) => about(deed.case.to_string()),
            AnyAction::EnterCase(deed) => about(format!("{} {} {}", deed.case, deed.entry, deed.digest.to_hex())),
            AnyAction::ReadClaim(deed) => about(deed.claim.to_string()),
            AnyAction::ProposeReward(deed) => about(format!("{} {}", deed.claim, deed.digest.to_hex())),
            AnyAction::FollowReward(deed) => about(format!("{} {} {}", deed.claim, deed.entry, deed.digest.to_hex())),
            AnyAction::ReadOrder(deed) => about(deed.order.to_hex()),
            AnyAction::PayOrder(deed) => about(subject_of_payment(deed)),
            AnyAction::HandIdentity(deed) => about(format!("{} {}", deed.request.to_hex(), deed.digest.to_hex())),
            AnyAction::MakeSlip(deed) => about(format!("{} {}", deed.order.to_hex(), deed.note.to_hex())),
            AnyAction::ReadPayments(deed) => about(format!("{} {}", deed.from, deed.until)),
            AnyAction::SetBudget(deed) => about(format!("{} {}", deed.year, deed.amount)),
            AnyAction::AskIdentity(deed) => shown(&deed.letter, subject_of_asking(deed), Purpose::AskIdentity),
            AnyAction::OpenIdentity(deed) => shown(&deed.letter, deed.request.to_hex(), Purpose::OpenIdentity),
            AnyAction::RefuseIdentity(deed) => letter(&deed.letter, deed.request.to_hex()),
            AnyAction::ReadIdentity(deed) => shown(&deed.letter, deed.request.to_hex(), Purpose::ReadIdentity),
            AnyAction::DecideReward(deed) => about(format!("{} {} {}", deed.claim, deed.entry, deed.digest.to_hex())),
            AnyAction::RenewSlots(deed) => about(deed.mailboxes.to_string()),
            AnyAction::EraseReports(deed) => about(deed.reports.to_string()),
            AnyAction::SignStatement(deed) => about(deed.serial.to_string()),
            AnyAction::AcknowledgeLog(deed) => about(format!("{} {}", deed.held.to_hex(), deed.found.to_hex())),
            AnyAction::GrantKeys(deed) => about(format!("{} {}", deed.account, deed.recipient.to_hex())),
            AnyAction::MakeAccount(deed) => about(format!("{} {}", deed.account, deed.unit).trim_end().to_owned()),
            AnyAction::ResetAccount(deed) => about(deed.account.clone()),
            AnyAction::CloseAccount(deed) => about(deed.account.clone()),
            AnyAction::ConfirmKey(deed) => about(subject_of_key(&deed.account, &deed.roles, deed.key)),
            AnyAction::RevokeKey(deed) => about(deed.account.clone()),
            AnyAction::ListIdentityRequests(_)
            | AnyAction::ReadLog(_)
            | AnyAction::ExportLog(_)
            | AnyAction::ReadRoster(_)
            | AnyAction::ListCases(_)
            | AnyAction::ListClaims(_) => about(String::new()),
        }
    }
}
