//! The one error of the site: a clear sentence for the person, the chain for the operator.

use actix_web::http::StatusCode;

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// Nothing here, or nothing for this person: both look the same.
    #[error("no such page")]
    NotFound,
    /// The form's token is not this session's: forged, or from an earlier session.
    #[error("the form is not from this session")]
    Forged,
    /// A field is missing or not of its form.
    #[error("the request is not understood")]
    NotUnderstood,
    /// More was sent than one form may carry.
    #[error("the form is too large")]
    TooLarge,
    /// The recorder could not be asked or refused: nothing was opened or done.
    #[error("the recorder did not record")]
    Recorder(#[from] recorder_protocol::ClientError),
    /// The register failed; a full disk is here.
    #[error("the register failed")]
    Register(#[from] database::Error),
    /// An enclosure could not be read.
    #[error("an enclosure cannot be read")]
    Enclosure(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The officer has not been granted the post's keys.
    #[error("the post's keys are not in this session")]
    NoPostKeys,
    /// A dossier in the register is not what the rules can have led to.
    #[error("a dossier in the register does not add up")]
    Unsound,
    /// Something of our own went wrong.
    #[error("something went wrong inside")]
    Inside(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Fault {
    /// An error of our own that no person can help.
    pub(crate) fn inside(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Inside(Box::new(error))
    }

    /// Whether the operator must hear of it.
    pub(crate) fn is_operators(&self) -> bool {
        !matches!(self, Self::NotFound | Self::Forged | Self::NotUnderstood | Self::TooLarge | Self::NoPostKeys)
    }
}

impl actix_web::ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::NotUnderstood => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoPostKeys => StatusCode::CONFLICT,
            Self::Recorder(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Register(_) | Self::Enclosure(_) | Self::Unsound | Self::Inside(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}
