//! Notices: what is told or noted without anybody's key. They ask for nothing and permit nothing.

use jiff::Timestamp;
use model::LetterDigest;
use serde::{Deserialize, Serialize};

/// What the console tells on its own, without anybody's key: it asks for nothing and permits
/// nothing, so a forged one could only add a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
#[strum_discriminants(name(NoticeCode), doc = "The stable codes of notices.")]
#[strum_discriminants(derive(strum::IntoStaticStr, strum::VariantArray), strum(serialize_all = "kebab-case"))]
pub enum Notice {
    /// Somebody signed in.
    SignedIn {
        /// Who.
        account: String,
    },
    /// Somebody gave a wrong name or password.
    SignInFailed {
        /// The account, if there is one of that name.
        account: Option<String>,
    },
    /// A session ended.
    SignedOut {
        /// Whose.
        account: String,
        /// By the person, or by the clock.
        by_itself: bool,
    },
    /// Somebody set a new password.
    PasswordChanged {
        /// Whose.
        account: String,
    },
    /// Somebody asked for what the account may not do.
    Refused {
        /// Who.
        account: String,
    },
    /// The daily look at what was kept long enough: so many reports may be erased.
    ErasureDue {
        /// How many.
        reports: u32,
    },
    /// A letter was found unreadable.
    Unreadable {
        /// Which.
        letter: LetterDigest,
    },
}

/// The code of an entry that the recorder makes by itself when it refuses a request.
pub const ASK_REFUSED: &str = "ask-refused";

/// The code of an entry that the recorder makes when its operator exports the log.
pub const LOG_EXPORTED: &str = "log-exported";

/// The code of an entry that the recorder makes when it destroys a period's outer key.
pub const OUTER_KEY_DESTROYED: &str = "outer-key-destroyed";

/// A notice with its time: it may reach the recorder later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedNotice {
    /// 16 random bytes in hexadecimal: what is told twice is one entry.
    pub id: String,
    /// When it happened, by the console's clock, UTC.
    pub at: Timestamp,
    /// What happened.
    pub notice: Notice,
}

impl Notice {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        NoticeCode::from(self).into()
    }

    /// The account that it is about, if it is about one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::SignedIn { account }
            | Self::SignedOut { account, .. }
            | Self::PasswordChanged { account }
            | Self::Refused { account } => Some(account),
            Self::SignInFailed { account } => account.as_deref(),
            Self::ErasureDue { .. } | Self::Unreadable { .. } => None,
        }
    }
}
