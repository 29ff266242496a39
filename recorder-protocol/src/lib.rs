//! What console and recorder say to each other: length-prefixed JSON over a Unix socket, or over
//! mutual TLS between two machines.
//!
//! The recorder answers five requests and no sixth: receive, open, record, proof, checkpoint.

mod ask;
mod client;
mod deed;
mod filter;
mod frame;
mod message;
mod notice;
pub mod tls;

pub use ask::{Ask, Attested, Person, Receipt, Recorded};
pub use client::{Client, ClientError, Listed, Opened, Place};
pub use deed::{
    AcknowledgeLog, Act, AskIdentity, ChangeState, CloseAccount, CompareReports, ConfirmKey, CrossSheet, DecideReward,
    Deed, DrawFigures, EnterCase, EraseReports, ExportLog, FollowReward, GrantKeys, HandIdentity, HandleReport,
    ImportClues, ListCases, ListClaims, ListEnclosure, ListIdentityRequests, MakeAccount, MakeSlip, OpenIdentity,
    OpenLetter, PayOrder, ProposeReward, PublishResults, ReadCase, ReadClaim, ReadEvidence, ReadFile, ReadHandling,
    ReadIdentity, ReadLog, ReadOrder, ReadPayments, ReadReplies, ReadRoster, ReadSheets, RefuseIdentity, RenewSlots,
    ResetAccount, RevokeKey, SetBudget, ShowList, SignStatement, WriteReply,
};
pub use filter::{Filter, Unusual};
pub use frame::{FrameError, read, write};
pub use message::{
    Entry, Granted, InnerFile, LogPage, Named, Provable, Received, ReceivedLetter, Recordable, Refusal, Reply, Request,
    RosterLine, SealedLetter,
};
pub use notice::{ASK_REFUSED, LOG_EXPORTED, Notice, OUTER_KEY_DESTROYED, Told};
