//! Deeds: everything that needs an entry before it may be done, and who may ask for it.

use crypto::claim_note::NoteHash;
use crypto::signature::VerificationKey;
use model::{Day, LetterDigest, Purpose, Role};
use serde::{Deserialize, Serialize};

use crate::filter::Filter;

/// Something that [`Recorded`](crate::Recorded) may permit.
pub trait Deed: Clone + PartialEq {
    /// The deed as it is signed and recorded.
    fn act(&self) -> Act;
}

/// Declares deeds: a type each, and the enum of all of them.
macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $code:literal by [$($role:ident),*] {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl Deed for $name {
                fn act(&self) -> Act {
                    Act::$name(self.clone())
                }
            }
        )*

        /// Any deed.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "action")]
        pub enum Act {
            $($(#[$doc])* #[serde(rename = $code)] $name($name),)*
        }

        impl Act {
            /// The codes of all actions.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code of the action.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name(_) => $code,)* }
            }

            /// Whether somebody in this role may ask for it.
            #[must_use]
            pub fn allowed(&self, role: Role) -> bool {
                match self { $(Self::$name(_) => [$(Role::$role),*].contains(&role),)* }
            }
        }
    };
}

deeds! {
    /// Opening a letter; the recorder then takes the outer layer off.
    OpenLetter = "open-letter" by [Officer] {
        /// Which.
        letter: LetterDigest,
        /// What for.
        purpose: Purpose,
    }
    /// Showing a page of the list with what this session has opened.
    ShowList = "show-list" by [Officer] {
        /// How many reports on it are shown with their content.
        reports: u32,
    }
    /// Listing what an enclosure holds.
    ListEnclosure = "list-enclosure" by [Officer] {
        /// The letter that it came with.
        letter: LetterDigest,
        /// What for.
        purpose: Purpose,
    }
    /// Taking a file out of an enclosure.
    ReadFile = "read-file" by [Officer] {
        /// The letter that the enclosure came with.
        letter: LetterDigest,
        /// The file's place in the archive, from 1.
        file: u32,
        /// What for.
        purpose: Purpose,
    }
    /// Answering a reporter.
    WriteReply = "write-reply" by [Officer] {
        /// The newest letter of the report that is answered.
        letter: LetterDigest,
        /// The answer's place among the report's.
        number: u64,
        /// SHA-256 of the sealed answer: another one was not recorded.
        digest: LetterDigest,
    }
    /// Reading the post's earlier answers, which are kept sealed.
    ReadReplies = "read-replies" by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
    /// Changing the state that a reporter is told.
    ChangeState = "change-state" by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// The state's code.
        state: String,
    }
    /// Reading how a report was handled: triage, checking, its case and claim. Kept sealed.
    ReadHandling = "read-handling" by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
    }
    /// A step of handling a report. The case or claim that it leads to has an entry of its own.
    HandleReport = "handle-report" by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// The step's code.
        step: String,
        /// Its place among the report's.
        number: u64,
        /// SHA-256 of the sealed step.
        digest: LetterDigest,
    }
    /// Looking for the same fact: this report beside what the officer has opened and beside fact sheets.
    /// The answer says of each named report whether this one was received before it was first opened.
    CompareReports = "compared" by [Officer] {
        /// The first letter of the report.
        letter: LetterDigest,
        /// How many reports are named.
        with: u32,
        /// SHA-256 over their first letters' digests, in the order in which they are sent beside this.
        digest: LetterDigest,
    }
    /// Taking in a file of clues.
    ImportClues = "import-clues" by [Officer] {
        /// How many.
        clues: u32,
        /// SHA-256 of the file.
        digest: LetterDigest,
    }
    /// A fact sheet crosses: it waits, sealed, for its day to become a case.
    CrossSheet = "cross-sheet" by [Officer] {
        /// SHA-256 of the sealed sheet.
        digest: LetterDigest,
    }
    /// Reading the fact sheets that wait.
    ReadSheets = "read-sheets" by [Officer] {
        /// How many.
        sheets: u32,
    }
    /// Counting reports and cases. How reports were handled is read for it; only sums are shown.
    DrawFigures = "draw-figures" by [Officer] {
        /// How many reports.
        reports: u32,
    }
    /// Telling the public of a quarter, once and for good.
    PublishResults = "publish-results" by [Officer] {
        /// Such as `2026-Q3`.
        quarter: String,
        /// SHA-256 of what is told.
        digest: LetterDigest,
    }
    /// Reading a file that belongs to a case.
    ReadEvidence = "read-evidence" by [Officer, CaseUnit, Approver] {
        /// The case.
        case: u64,
        /// SHA-256 of the file.
        digest: LetterDigest,
    }
    /// Showing the list of cases; a case unit's holds its own.
    ListCases = "list-cases" by [Officer, CaseUnit, Approver] {}
    /// Reading a case.
    ReadCase = "read-case" by [Officer, CaseUnit, Approver] {
        /// Its number.
        case: u64,
    }
    /// An entry in a case: its fact sheet, an assignment, a decision, its closure.
    EnterCase = "enter-case" by [Officer, CaseUnit, Approver] {
        /// The case.
        case: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code.
        entry: String,
        /// SHA-256 of the entry: what stands in the file later can be held against this.
        digest: LetterDigest,
    }
    /// Showing the list of proposed rewards and cases to sign off.
    ListClaims = "list-claims" by [Approver] {}
    /// Reading a claim.
    ReadClaim = "read-claim" by [Officer, Approver] {
        /// Its number.
        claim: u64,
    }
    /// Proposing a reward.
    ProposeReward = "propose-reward" by [Officer] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// SHA-256 of the entry.
        digest: LetterDigest,
    }
    /// What follows a decision on a reward: it is offered, taken, refused, paid, or lapses.
    FollowReward = "follow-reward" by [Officer] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code.
        entry: String,
        /// SHA-256 of the entry.
        digest: LetterDigest,
    }
    /// Reading the order that a claim note was shown for.
    ReadOrder = "read-order" by [Finance] {
        /// SHA-256 of the order.
        order: LetterDigest,
    }
    /// Paying an order.
    PayOrder = "pay-order" by [Finance] {
        /// SHA-256 of the order.
        order: LetterDigest,
        /// SHA-256 of the payment.
        digest: LetterDigest,
        /// Although the log says that it was paid before, and the books do not: somebody has held it against
        /// the cash book.
        #[serde(default)]
        again: bool,
    }
    /// Reading what was paid, with the year's budget.
    ReadPayments = "read-payments" by [Finance] {
        /// The first day.
        from: Day,
        /// The last day.
        until: Day,
    }
    /// Entering what a year has for rewards.
    SetBudget = "set-budget" by [Finance] {
        /// The year.
        year: u16,
        /// The amount, in fen.
        amount: i64,
    }
    /// Asking the custodian to open an identity envelope. The reporter is told.
    AskIdentity = "ask-identity" by [Officer] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// Why: a code.
        reason: String,
        /// SHA-256 of the request.
        digest: LetterDigest,
    }
    /// Showing the list of such requests.
    ListIdentityRequests = "list-identity-requests" by [Custodian] {}
    /// Opening an identity envelope. The reporter is told.
    OpenIdentity = "open-identity" by [Custodian] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: LetterDigest,
    }
    /// Handing what was opened to the post, sealed.
    HandIdentity = "hand-identity" by [Custodian] {
        /// SHA-256 of the request.
        request: LetterDigest,
        /// SHA-256 of what is handed over.
        digest: LetterDigest,
    }
    /// Making the slip of an order that is to be paid openly. Names no letter: which report it is for stands
    /// in no entry that names the order.
    MakeSlip = "make-slip" by [Custodian] {
        /// SHA-256 of the order.
        order: LetterDigest,
        /// The hash of the slip's note.
        note: NoteHash,
    }
    /// Refusing to open an identity envelope.
    RefuseIdentity = "refuse-identity" by [Custodian] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: LetterDigest,
    }
    /// Reading what the custodian has opened.
    ReadIdentity = "read-identity" by [Officer] {
        /// The letter that the envelope came in.
        letter: LetterDigest,
        /// SHA-256 of the request.
        request: LetterDigest,
    }
    /// Approving a proposed reward, sending it back, or answering a request for reconsideration.
    DecideReward = "decide-reward" by [Approver] {
        /// The claim.
        claim: u64,
        /// The entry's place in it.
        number: u64,
        /// The entry's code: approved or returned.
        entry: String,
        /// SHA-256 of the entry.
        digest: LetterDigest,
    }
    /// Replacing the slots of a batch of mailboxes; the answer carries their access lists.
    RenewSlots = "renew-slots" by [Officer] {
        /// How many.
        mailboxes: u32,
        /// SHA-256 over their ids, in the order in which they are sent beside this.
        digest: LetterDigest,
        /// The size of the checkpoint at which the access records are to be proved; 0 for none.
        #[serde(default)]
        proved_at: u64,
    }
    /// Erasing reports whose time is over. The recorder destroys the keys of their letters.
    EraseReports = "erase-reports" by [Officer] {
        /// How many.
        reports: u32,
        /// SHA-256 over the digests of all their letters, in the order in which they are sent beside this.
        digest: LetterDigest,
    }
    /// Handing the post's keys to another officer.
    GrantKeys = "grant-keys" by [Officer] {
        /// To whom.
        account: String,
        /// The recipient that they are sealed to, as SHA-256.
        recipient: LetterDigest,
    }
    /// Signing a key statement with the post's statement key.
    SignStatement = "sign-statement" by [Officer] {
        /// Its serial.
        serial: u64,
    }
    /// Making an account.
    MakeAccount = "make-account" by [Administrator] {
        /// Its name.
        account: String,
        /// Its roles.
        roles: Vec<Role>,
        /// The unit whose cases it sees; empty for other roles.
        unit: String,
    }
    /// Giving an account a new first password; its keys are lost.
    ResetAccount = "reset-account" by [Administrator] {
        /// Its name.
        account: String,
    }
    /// Closing an account; its keys are erased.
    CloseAccount = "close-account" by [Administrator] {
        /// Its name.
        account: String,
    }
    /// Confirming that a key is this person's; from then on the recorder takes it.
    ConfirmKey = "confirm-key" by [Auditor] {
        /// The account.
        account: String,
        /// The roles that it may act in.
        roles: Vec<Role>,
        /// The key.
        key: VerificationKey,
    }
    /// Ending a key: nothing more is taken from it.
    RevokeKey = "revoke-key" by [Auditor] {
        /// The account.
        account: String,
    }
    /// Going on although the log contradicts the checkpoint that the console held.
    AcknowledgeLog = "acknowledge-log" by [Auditor] {
        /// SHA-256 of the checkpoint that was held.
        held: LetterDigest,
        /// SHA-256 of the one that contradicts it, and is held from now on.
        found: LetterDigest,
    }
    /// Reading a page of the access log; the answer carries it.
    ReadLog = "read-log" by [Auditor] {
        /// Which entries.
        filter: Filter,
    }
    /// Taking entries of the access log out as a file; the answer carries them.
    ExportLog = "export-log" by [Auditor] {
        /// Which entries.
        filter: Filter,
    }
    /// Reading who may ask; the answer carries it.
    ReadRoster = "read-roster" by [Auditor] {}
}
