//! What the console holds of the access log: the last checkpoint, the last cosignature, and a
//! contradiction, on which nothing is opened until an auditor has acknowledged it.

use std::sync::Arc;

use actix_web::HttpResponse;
use crypto::log::Checkpoint;
use jiff::Timestamp;
use maud::{Markup, html};
use model::LetterDigest;
use recorder_protocol::{AcknowledgeLog, ClientError};
use register::LogHeld;

use super::at::At;
use super::guard::see_other;
use super::log_words::beijing;
use super::say;
use crate::console::Console;
use crate::fault::Fault;

/// For the top of the log's page.
pub(crate) fn shown(at: &At, held: &LogHeld) -> Markup {
    let console = &at.console;
    let size = |note: &String| console.recorder.read(note).map(|at| at.size).ok();
    let last = held.held.as_ref().and_then(size);
    let witnessed = held.witnessed.as_ref().and_then(|note| {
        let time = console.witnesses().iter().find_map(|witness| witness.cosigned_at(note))?;
        let time = Timestamp::from_second(i64::try_from(time).ok()?).ok()?;
        Some((size(note)?, beijing(&time.to_string())))
    });
    html! {
        @if let Some(found) = &held.contradiction {
            (contradiction(at, held, found))
        } @else if let Some(last) = last {
            p.hint #log-held {
                (say!(at, "log-held", size = last)) " "
                @match &witnessed {
                    Some((size, time)) => {
                        @let size = *size;
                        (say!(at, "log-witnessed", size = size, time = time.as_str()))
                    }
                    None => (say!(at, "log-unwitnessed")),
                }
            }
        }
    }
}

fn contradiction(at: &At, held: &LogHeld, found: &str) -> Markup {
    let root = |note: &str| at.console.recorder.read(note).ok().map(|at| (at.size, at.root.to_string()));
    let line = |label: String, note: &str| {
        let (size, root) = root(note).unwrap_or_default();
        html! { dt { (label) } dd { (say!(at, "log-checkpoint", size = size)) br; code.key { (root) } } }
    };
    html! {
        div.card #contradiction role="alert" {
            h2 { (say!(at, "log-contradiction-title")) }
            p { (say!(at, "log-contradiction-text")) }
            dl {
                (line(say!(at, "log-contradiction-held"), held.held.as_deref().unwrap_or_default()))
                (line(say!(at, "log-contradiction-found"), found))
            }
            p { (say!(at, "log-contradiction-before")) }
            (at.form("log/acknowledge", &html! {
                p.actions { button type="submit" { (say!(at, "log-contradiction-go-on")) } }
            }))
        }
    }
}

/// The auditor lets the console go on; which checkpoints contradicted each other is an entry of the
/// log as it is now.
pub(crate) async fn acknowledge(at: At) -> Result<HttpResponse, Fault> {
    let session = Arc::clone(at.session()?);
    let role = at.role()?;
    at.block(move |console| {
        let known = console.register.log_held()?;
        let (Some(held), Some(found)) = (known.held, known.contradiction) else { return Ok(()) };
        let digest = |note: &str| LetterDigest::of(note.as_bytes());
        let deed = AcknowledgeLog { held: digest(&held), found: digest(&found) };
        let (recorded, _) = console.recorder.connect_to_audit()?.record(&session.person(role), deed)?;
        let _ = recorded.use_up();
        let (note, now) = newest(console)?;
        console.register.acknowledge_contradiction(session.account.clone(), now.size, note)?;
        Ok(())
    })
    .await?;
    Ok(see_other(&at.path("log")))
}

fn newest(console: &Console) -> Result<(String, Checkpoint), ClientError> {
    console.recorder.connect_to_audit()?.checkpoint_after(None, console.recorder.log())
}
