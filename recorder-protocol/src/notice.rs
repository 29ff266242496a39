//! Notices: events that are logged without a signed request. They ask for nothing and permit nothing.

use jiff::Timestamp;
use model::{Day, Digest, LetterDigest};
use serde::{Deserialize, Serialize};

/// An event that the console reports by itself, without a signature. It asks for nothing and permits nothing, so that
/// a forged one could only add a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[strum_discriminants(name(NoticeCode), doc = "The stable codes of notices.")]
#[strum_discriminants(derive(strum::IntoStaticStr, strum::VariantArray), strum(serialize_all = "kebab-case"))]
pub enum Notice {
    /// Somebody signed in to an account.
    SignedIn {
        /// Name of the account that was signed in to.
        account: String,
    },
    /// Somebody gave a wrong name or password.
    SignInFailed {
        /// The account's name; none if no account has the name given.
        account: Option<String>,
    },
    /// A session ended, by signing out or by expiry.
    SignedOut {
        /// Name of the session's account.
        account: String,
        /// True if the session expired; false if the person signed out.
        by_itself: bool,
    },
    /// Somebody set a new password.
    PasswordChanged {
        /// Name of the account whose password was changed.
        account: String,
    },
    /// Somebody requested something that the account may not do.
    Refused {
        /// Name of the account that was refused.
        account: String,
    },
    /// The daily retention check found reports that may be erased.
    ErasureDue {
        /// Number of such reports.
        reports: u32,
    },
    /// A bundle of the portal was taken in, or one for it was written.
    Bundle {
        /// `inward` or `outward`.
        direction: String,
        /// The bundle's number.
        number: u64,
        /// The day on which it was made.
        made_on: Day,
        /// SHA-256 of its head.
        digest: Digest,
    },
    /// A letter was found unreadable.
    Unreadable {
        /// SHA-256 of the sealed letter.
        letter: LetterDigest,
    },
}

/// The code of the entry that the recorder makes when it refuses a request.
pub const ASK_REFUSED: &str = "ask-refused";

/// The code of the entry that the recorder makes when its operator exports the log.
pub const LOG_EXPORTED: &str = "log-exported";

/// The code of the entry that the recorder makes when it destroys a period's outer key.
pub const OUTER_KEY_DESTROYED: &str = "outer-key-destroyed";

/// A notice with its time. It may reach the recorder later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedNotice {
    /// 16 random bytes in hexadecimal: a notice sent twice is one entry.
    pub id: String,
    /// The time of the event, by the console's clock, UTC.
    pub at: Timestamp,
    /// The event that is reported.
    pub notice: Notice,
}

impl Notice {
    /// The notice's stable code, such as `signed-in`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        NoticeCode::from(self).into()
    }

    /// The account that the event is about, if any.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::SignedIn { account }
            | Self::SignedOut { account, .. }
            | Self::PasswordChanged { account }
            | Self::Refused { account } => Some(account),
            Self::SignInFailed { account } => account.as_deref(),
            Self::ErasureDue { .. } | Self::Bundle { .. } | Self::Unreadable { .. } => None,
        }
    }
}
