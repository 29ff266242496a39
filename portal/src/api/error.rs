//! The API's errors: stable codes for programs, and a sentence for people who read the raw answer. The pages
//! translate each code.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use letterbox::PartsError;

/// Every error of the API.
#[derive(Debug, strum::IntoStaticStr, thiserror::Error)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum ApiError {
    #[error("there is no such path")]
    NoSuchPath,
    #[error("this method is not allowed here")]
    Method,
    #[error("a visit is application/octet-stream")]
    ContentType,
    #[error("a visit has one fixed size and begins with its version")]
    VisitSize,
    #[error("letter and slot are age files with exactly one hybrid stanza")]
    VisitForm,
    #[error("the announcement is JSON with the one field size, one of the sizes of an enclosure")]
    EnclosureBody,
    #[error("the header Authorization holds no enclosure token")]
    NoToken,
    #[error("no letter waits for an enclosure of this token, or no attempt was begun")]
    EnclosureUnknown,
    #[error("another attempt to send this enclosure has begun")]
    OtherAttempt,
    #[error("no part of this number and size")]
    PartSize,
    #[error("the part is there with other content")]
    PartContent,
    #[error("no key statement is published")]
    NoStatement,
    #[error("no results are published yet")]
    NoResults,
    #[error("no checkpoint of the access log is published yet")]
    NoCheckpoint,
    #[error("the site was set up or restored, and the post's slots are still to come")]
    NotReady,
    #[error("too many requests wait; try again later")]
    Busy,
    #[error("the store is full")]
    Full,
    #[error("the request did not arrive whole in time")]
    Incomplete,
    #[error("it could not be stored; nothing of it was kept")]
    Storage,
}

impl ApiError {
    fn code(&self) -> &'static str {
        self.into()
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoSuchPath | Self::EnclosureUnknown | Self::NoCheckpoint | Self::NoResults => StatusCode::NOT_FOUND,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::VisitSize | Self::VisitForm | Self::EnclosureBody | Self::PartSize => StatusCode::BAD_REQUEST,
            Self::OtherAttempt | Self::PartContent => StatusCode::CONFLICT,
            Self::Incomplete => StatusCode::REQUEST_TIMEOUT,
            Self::NoStatement | Self::NotReady | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Storage => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let body = serde_json::json!({ "code": self.code(), "message": self.to_string() });
        HttpResponse::build(self.status_code()).json(body)
    }
}

impl From<letterbox::LetterboxError> for ApiError {
    /// The visitor gets only the code; the details are logged here, once.
    fn from(error: letterbox::LetterboxError) -> Self {
        match error {
            letterbox::LetterboxError::NoEnclosure => Self::EnclosureUnknown,
            letterbox::LetterboxError::MailboxTaken => Self::VisitForm,
            letterbox::LetterboxError::OtherAttempt => Self::OtherAttempt,
            letterbox::LetterboxError::PartSize => Self::PartSize,
            letterbox::LetterboxError::Parts(PartsError::OtherContent) => Self::PartContent,
            letterbox::LetterboxError::Parts(failed) => {
                // The error's own text names the object, and with it the enclosure.
                tracing::error!(code = "enclosure-store.failed", "enclosure store failed: {}", kind(&failed));
                Self::Storage
            }
            failed => {
                tracing::error!(code = "letterbox.failed", "letterbox failed: {}", program::chain(&failed));
                Self::Storage
            }
        }
    }
}

/// The kind of the first I/O error among the sources, which names no path.
fn kind(error: &(dyn std::error::Error + 'static)) -> String {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return io.kind().to_string();
        }
        source = cause.source();
    }
    "no answer of the operating system".to_owned()
}
