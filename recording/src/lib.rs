//! What console and recorder say to each other: length-prefixed JSON over a Unix socket.
//!
//! The recorder will answer five requests and no sixth: receive, open, record, proof,
//! checkpoint. So far there is `receive`.

mod client;
mod frame;
mod message;

pub use client::{Client, ClientError};
pub use frame::{FrameError, read, write};
pub use message::{Received, ReceivedLetter, Refusal, Reply, Request, SealedLetter};
