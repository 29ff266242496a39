//! Enclosures: listed, and files handed out for saving, never shown. Each is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, HeaderValue};
use futures_util::stream;
use maud::html;
use model::{LetterDigest, Role};
use recorder_protocol::{Deed, ListEnclosure, ReadFile, Recorded};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use web::headers::{DOWNLOAD_POLICY, set};

use super::at::At;
use super::download::saved_as;
use super::say;
use crate::console::Console;
use crate::enclosure::{Contents, Enclosure, Listed, MOST_FILES};
use crate::fault::Fault;
use crate::sessions::Session;

/// What the archive holds.
pub(crate) async fn list(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (number, purpose) = (at.number()?, at.purpose()?);
    let letter: LetterDigest = at.field("letter")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let runtime = Handle::current();
    let contents = at
        .block(move |console| {
            let enclosure = find(console, &session, number, letter, runtime)?;
            let recorded = recorded(console, &session, role, ListEnclosure { letter, purpose })?;
            let contents = listed(recorded, &enclosure)?;
            if let Some(opened) = session.opened().get_mut(&letter) {
                // A fact sheet is held against them later; an empty archive has been looked into too.
                opened.files = contents.files.iter().map(|file| file.name.clone()).collect();
                opened.unlisted = false;
            }
            Ok(contents)
        })
        .await?;
    let body = html! {
        p { (say!(at, "enclosure-lead")) }
        @if contents.cut { p.warning { (say!(at, "enclosure-cut", most = MOST_FILES)) } }
        @if contents.others > 0 { p.warning { (say!(at, "enclosure-others", count = contents.others)) } }
        @if contents.files.is_empty() { p.state { (say!(at, "enclosure-empty")) } }
        ul.reports {
            @for file in &contents.files {
                li {
                    span.plain-text { (file.name) } " · " (say!(at, "bytes", count = file.size))
                    @if file.renamed { p.hint { (say!(at, "enclosure-renamed")) } }
                    (at.form(&format!("reports/{number}/file"), &html! {
                        input type="hidden" name="letter" value=(letter.to_hex());
                        input type="hidden" name="purpose" value=(purpose.code());
                        input type="hidden" name="file" value=(file.number);
                        button.second type="submit" { (say!(at, "enclosure-save")) }
                    }))
                }
            }
        }
        p.actions {
            a.button href=(at.path(&format!("reports/{number}/reply"))) { (say!(at, "reply")) }
            a.button.second href=(at.path(&format!("reports/{number}"))) { (say!(at, "back-to-report")) }
        }
    };
    Ok(at.page(&say!(at, "enclosure-title"), &body))
}

/// One file, for saving.
pub(crate) async fn file(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = at.officer()?;
    let (number, purpose) = (at.number()?, at.purpose()?);
    let letter: LetterDigest = at.field("letter")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let file: u32 = at.field("file")?.parse().map_err(|_| Fault::NotUnderstood)?;
    let runtime = Handle::current();
    let (enclosure, recorded) = at
        .block(move |console| {
            let enclosure = find(console, &session, number, letter, runtime)?;
            let recorded = recorded(console, &session, role, ReadFile { letter, file, purpose })?;
            Ok((enclosure, recorded))
        })
        .await?;
    send(recorded, enclosure).await
}

/// The enclosure of a letter that this session has opened: its key is nowhere else.
fn find(
    console: &Console,
    session: &Arc<Session>,
    report: u64,
    letter: LetterDigest,
    runtime: Handle,
) -> Result<Enclosure, Fault> {
    let opened = session.opened();
    let opened = opened.get(&letter).filter(|opened| opened.report == report).ok_or(Fault::NotFound)?;
    let key = opened.enclosure.clone().ok_or(Fault::NotFound)?;
    let (row, _) = console.register.enclosure(letter)?.filter(|(_, whole)| *whole).ok_or(Fault::NotFound)?;
    Ok(Enclosure { store: console.store.clone(), row, key, runtime })
}

fn recorded<D: Deed>(console: &Console, session: &Session, role: Role, deed: D) -> Result<Recorded<D>, Fault> {
    Ok(console.recorder.connect()?.record(&session.person(role), deed)?.0)
}

fn listed(recorded: Recorded<ListEnclosure>, enclosure: &Enclosure) -> Result<Contents, Fault> {
    let _ = recorded.use_up();
    enclosure.contents().map_err(|error| Fault::Enclosure(Box::new(error)))
}

/// A file that is being read: its listing, and its bytes as they are decrypted.
type Started = (Listed, mpsc::Receiver<std::io::Result<bytes::Bytes>>);

/// Sends the file that was recorded, as it is decrypted. If it breaks, the connection breaks
/// before the announced length, and the browser says that the file is not whole.
async fn send(recorded: Recorded<ReadFile>, enclosure: Enclosure) -> Result<HttpResponse, Fault> {
    let (ReadFile { file, .. }, _) = recorded.use_up();
    let (started, begun) = oneshot::channel::<Started>();
    let reading = actix_web::rt::task::spawn_blocking(move || {
        enclosure.send_file(file, |listed, receiver| {
            let _ = started.send((listed, receiver));
        })
    });
    let Ok((listed, receiver)) = begun.await else {
        let failed = reading.await.map_err(Fault::inside)?.err();
        let failed = failed.unwrap_or_else(|| std::io::ErrorKind::NotFound.into());
        return Err(Fault::Enclosure(Box::new(failed)));
    };
    let body = stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|chunk| (chunk, receiver)) });
    let mut response = HttpResponse::Ok().content_type("application/octet-stream").streaming(body);
    let headers = response.headers_mut();
    set(headers, DOWNLOAD_POLICY);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(listed.size));
    headers.insert(CONTENT_DISPOSITION, saved_as(&format!("file-{}", listed.number), &listed.name)?);
    Ok(response)
}
