//! Errors of bundles.

/// Why a bundle could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The folder failed: it is full, or it was removed.
    #[error("the folder of bundles cannot be read or written")]
    Folder(#[from] std::io::Error),
    /// The bundle is refused.
    #[error(transparent)]
    Wrong(#[from] WrongBundle),
    /// The head could not be signed.
    #[error("the bundle cannot be signed")]
    Sign(#[from] signing::NoteKeyError),
    /// A record is larger than a bundle may be.
    #[error("a record is larger than a bundle")]
    TooLarge,
}

/// Why a bundle is refused. Nothing of it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongBundle {
    /// The file is not a bundle of this version.
    #[error("it is not a bundle of this version")]
    Form,
    /// The head is not signed by the key of the other side: it is of another installation, or was forged.
    #[error("it is of another installation, or was forged")]
    Foreign,
    /// The root's keys in it are not in force today: it is old, or this machine's clock is wrong.
    #[error("the keys in it are not in force today")]
    NotInForce,
    /// The content is not what the head says: it was cut off, or altered.
    #[error("it was cut off or altered")]
    Damaged,
    /// A record is not of its form.
    #[error("a record in it is not of its form")]
    Record,
    /// The other side was made anew or restored, and nobody has confirmed that.
    #[error("the other side was made anew or restored, which must be confirmed")]
    NewEpoch,
    /// It was applied before, or is older than one that was.
    #[error("it was applied before")]
    Repeated,
    /// So many bundles before it never came that something else must be wrong.
    #[error("too many bundles before it never came")]
    Gap,
    /// It follows on another bundle than the one that was applied: two sides have written under one key.
    #[error("it follows on another bundle than the one that was applied")]
    Forked,
}

impl WrongBundle {
    /// The stable code that pages put into words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "bundle-form",
            Self::Foreign => "bundle-foreign",
            Self::NotInForce => "bundle-not-in-force",
            Self::Damaged => "bundle-damaged",
            Self::Record => "bundle-record",
            Self::NewEpoch => "bundle-new-epoch",
            Self::Repeated => "bundle-repeated",
            Self::Gap => "bundle-gap",
            Self::Forked => "bundle-forked",
        }
    }
}
