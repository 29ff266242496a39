//! What an entry says of its deed.

use crypto::signature::VerificationKey;
use model::{LetterDigest, Purpose, Role};
use recorder_protocol::{Act, AskIdentity, PayOrder};

/// A key's entry names all of it: account, roles, key.
pub(crate) fn subject_of_key(account: &str, roles: &[Role], key: VerificationKey) -> String {
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    format!("{account} {} {}", roles.join(","), String::from(key))
}

/// Begins with the order, by which an earlier payment of it is found.
fn subject_of_payment(deed: &PayOrder) -> String {
    let again = if deed.again { " again" } else { "" };
    format!("{} {}{again}", deed.order.to_hex(), deed.digest.to_hex())
}

fn subject_of_asking(deed: &AskIdentity) -> String {
    format!("{} {}", deed.reason, deed.digest.to_hex())
}

/// Subject, letter and purpose of an entry.
pub(crate) struct About {
    pub(crate) subject: String,
    pub(crate) letter: Option<LetterDigest>,
    /// Given where content is shown: the reporter is told then.
    pub(crate) purpose: Option<Purpose>,
}

impl About {
    pub(crate) fn of(act: &Act) -> Self {
        let about = |subject: String| Self { subject, letter: None, purpose: None };
        let letter = |letter: &LetterDigest, subject: String| Self { subject, letter: Some(*letter), purpose: None };
        let shown = |digest: &LetterDigest, subject: String, purpose: Purpose| Self {
            purpose: Some(purpose),
            ..letter(digest, subject)
        };
        match act {
            Act::OpenLetter(deed) => shown(&deed.letter, String::new(), deed.purpose),
            Act::ListEnclosure(deed) => shown(&deed.letter, String::new(), deed.purpose),
            Act::ReadFile(deed) => shown(&deed.letter, deed.file.to_string(), deed.purpose),
            Act::ShowList(deed) => about(deed.reports.to_string()),
            Act::WriteReply(deed) => letter(&deed.letter, String::new()),
            Act::ReadReplies(deed) => letter(&deed.letter, String::new()),
            Act::ChangeState(deed) => letter(&deed.letter, deed.state.clone()),
            Act::ReadHandling(deed) => letter(&deed.letter, String::new()),
            Act::HandleReport(deed) => letter(&deed.letter, deed.step.clone()),
            Act::CompareReports(deed) => letter(&deed.letter, deed.with.to_string()),
            Act::ImportClues(deed) => about(format!("{} {}", deed.clues, deed.digest.to_hex())),
            Act::CrossSheet(deed) => about(deed.digest.to_hex()),
            Act::ReadSheets(deed) => about(deed.sheets.to_string()),
            Act::DrawFigures(deed) => about(deed.reports.to_string()),
            Act::PublishResults(deed) => about(format!("{} {}", deed.quarter, deed.digest.to_hex())),
            Act::ReadEvidence(deed) => about(format!("{} {}", deed.case, deed.digest.to_hex())),
            Act::ReadCase(deed) => about(deed.case.to_string()),
            Act::EnterCase(deed) => about(format!("{} {} {}", deed.case, deed.entry, deed.digest.to_hex())),
            Act::ReadClaim(deed) => about(deed.claim.to_string()),
            Act::ProposeReward(deed) => about(format!("{} {}", deed.claim, deed.digest.to_hex())),
            Act::FollowReward(deed) => about(format!("{} {} {}", deed.claim, deed.entry, deed.digest.to_hex())),
            Act::ReadOrder(deed) => about(deed.order.to_hex()),
            Act::PayOrder(deed) => about(subject_of_payment(deed)),
            Act::HandIdentity(deed) => about(format!("{} {}", deed.request.to_hex(), deed.digest.to_hex())),
            Act::MakeSlip(deed) => about(format!("{} {}", deed.order.to_hex(), deed.note.to_hex())),
            Act::ReadPayments(deed) => about(format!("{} {}", deed.from, deed.until)),
            Act::SetBudget(deed) => about(format!("{} {}", deed.year, deed.amount)),
            Act::AskIdentity(deed) => shown(&deed.letter, subject_of_asking(deed), Purpose::AskIdentity),
            Act::OpenIdentity(deed) => shown(&deed.letter, deed.request.to_hex(), Purpose::OpenIdentity),
            Act::RefuseIdentity(deed) => letter(&deed.letter, deed.request.to_hex()),
            Act::ReadIdentity(deed) => shown(&deed.letter, deed.request.to_hex(), Purpose::ReadIdentity),
            Act::DecideReward(deed) => about(format!("{} {} {}", deed.claim, deed.entry, deed.digest.to_hex())),
            Act::RenewSlots(deed) => about(deed.mailboxes.to_string()),
            Act::EraseReports(deed) => about(deed.reports.to_string()),
            Act::SignStatement(deed) => about(deed.serial.to_string()),
            Act::AcknowledgeLog(deed) => about(format!("{} {}", deed.held.to_hex(), deed.found.to_hex())),
            Act::GrantKeys(deed) => about(format!("{} {}", deed.account, deed.recipient.to_hex())),
            Act::MakeAccount(deed) => about(format!("{} {}", deed.account, deed.unit).trim_end().to_owned()),
            Act::ResetAccount(deed) => about(deed.account.clone()),
            Act::CloseAccount(deed) => about(deed.account.clone()),
            Act::ConfirmKey(deed) => about(subject_of_key(&deed.account, &deed.roles, deed.key)),
            Act::RevokeKey(deed) => about(deed.account.clone()),
            Act::ListIdentityRequests(_)
            | Act::ReadLog(_)
            | Act::ExportLog(_)
            | Act::ReadRoster(_)
            | Act::ListCases(_)
            | Act::ListClaims(_) => about(String::new()),
        }
    }
}
