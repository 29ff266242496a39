//! The protocol between console and recorder: length-prefixed JSON over a Unix socket, or over mutual TLS between two
//! machines.
//!
//! There are exactly five requests: receive, open, record, proof, checkpoint.

mod actions;
mod ask;
mod client;
mod filter;
mod framing;
mod messages;
mod notice;
pub mod tls;

pub use actions::{
    AcceptPortal, AcknowledgeLog, Action, ActionCode, AnyAction, AskIdentity, ChangeState, CloseAccount,
    CompareReports, ConfirmKey, CrossSheet, DecideReward, EnterCase, EraseReports, ExportLog, FollowReward, GrantKeys,
    HandIdentity, HandleReport, ImportClues, ListCases, ListClaims, ListEnclosure, ListIdentityRequests, MakeAccount,
    MakeSlip, OpenIdentity, OpenLetter, PayOrder, ProposeReward, PublishResults, ReadCase, ReadClaim, ReadEvidence,
    ReadFigures, ReadFile, ReadHandling, ReadIdentity, ReadLog, ReadOrder, ReadPayments, ReadReplies, ReadRoster,
    ReadSheets, RefuseIdentity, RenewSlots, ResetAccount, RevokeKey, SetBudget, ShowList, SignStatement, WriteReply,
};
pub use ask::{Ask, Attested, Receipt, Recorded, Requester};
pub use client::{Client, ClientError, ProvedAccessList, RecorderAddress, UnwrappedLetter};
pub use filter::{Anomaly, LogFilter};
pub use framing::{FrameError, read, write};
pub use messages::{
    ArrivedLetter, Granted, InnerFile, LetterOutside, ListedEntry, LogPage, Named, Provable, Received, ReceivedLetter,
    Recordable, Refusal, Request, Response, RosterLine, SealedLetter, WrongLetterSize,
};
pub use notice::{ASK_REFUSED, LOG_EXPORTED, Notice, NoticeCode, OUTER_KEY_DESTROYED, TimedNotice};
