//! Redirects, and the error type of pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use console_services::error::ConsoleError;

/// Redirects to a path by GET (303).
pub(crate) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER).insert_header((header::LOCATION, path)).finish()
}

/// Why a request was not carried out. The user gets a sentence, the operator's log the error chain.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The service refused or failed.
    #[error(transparent)]
    Console(#[from] ConsoleError),
    /// The form's token is not this session's: forged, or from an earlier session.
    #[error("the form is not from this session")]
    Forged,
    /// More was sent than one form may carry.
    #[error("the form is too large")]
    TooLarge,
}

impl PageError {
    /// An internal error, which the user cannot resolve.
    pub(crate) fn inside(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        ConsoleError::inside(error).into()
    }

    /// Whether the error is logged for the operator.
    pub(crate) fn is_operators(&self) -> bool {
        matches!(self, Self::Console(error) if error.is_operators())
    }
}

impl actix_web::ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Forged => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Console(error) => match error {
                ConsoleError::NotFound => StatusCode::NOT_FOUND,
                ConsoleError::NotUnderstood => StatusCode::BAD_REQUEST,
                ConsoleError::NoPostKeys => StatusCode::CONFLICT,
                ConsoleError::Recorder(_) => StatusCode::SERVICE_UNAVAILABLE,
                ConsoleError::Register(_)
                | ConsoleError::Enclosure(_)
                | ConsoleError::Unsound
                | ConsoleError::Inside(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }
}
