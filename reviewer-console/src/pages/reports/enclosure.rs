//! Enclosures: the list of files, and files sent as downloads and never shown. Each request is an entry of the log.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, HeaderValue};
use console_services::reports::enclosure_archive::MOST_FILES;
use console_services::reports::read_enclosure::{EnclosureOf, list_enclosure, permit_file, read_file};
use futures_util::stream;
use maud::html;
use model::LetterDigest;
use serde::Deserialize;
use tokio::runtime::Handle;
use web::headers::{DOWNLOAD_POLICY, set};

use crate::http::connection::Progress;
use crate::http::download::saved_as;
use crate::http::request::{RequestContext, blocking};
use crate::http::response::PageError;
use crate::http::words::say;

/// The files of an enclosure with name and size in bytes.
pub(crate) async fn list(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, which, runtime) = (at.officer()?, enclosure_of(&at)?, Handle::current());
    let EnclosureOf { report: number, letter, purpose } = which;
    let contents = blocking(move || list_enclosure(&actor, which, runtime)).await?;
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

/// One file as a download, streamed while it is decrypted; it ends with the session. On failure the connection ends before the announced
/// length, so the browser reports an incomplete file.
pub(crate) async fn file(at: RequestContext) -> Result<HttpResponse, PageError> {
    let (actor, which, runtime) = (at.officer()?, enclosure_of(&at)?, Handle::current());
    let FileForm { file } = at.read_form()?;
    let session = Arc::clone(&actor.session);
    let permitted = blocking(move || permit_file(&actor, which, file, runtime)).await?;
    let reading = read_file(permitted).await?;
    let listed = reading.listed;
    let progress = Progress::default();
    progress.watch(&at, session);
    let body = stream::unfold((reading.bytes, progress), |(mut bytes, progress)| async {
        let chunk = bytes.recv().await?;
        progress.went_on();
        Some((chunk, (bytes, progress)))
    });
    let mut response = HttpResponse::Ok().content_type("application/octet-stream").streaming(body);
    let headers = response.headers_mut();
    set(headers, DOWNLOAD_POLICY);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(listed.size));
    headers.insert(CONTENT_DISPOSITION, saved_as(&format!("file-{}", listed.number), &listed.name)?);
    Ok(response)
}

#[derive(Deserialize)]
struct LetterForm {
    letter: LetterDigest,
}

#[derive(Deserialize)]
struct FileForm {
    /// The file's place in the archive, counted from 1.
    file: u32,
}

/// The enclosure that a form names: report, letter and purpose.
fn enclosure_of(at: &RequestContext) -> Result<EnclosureOf, PageError> {
    let LetterForm { letter } = at.read_form()?;
    Ok(EnclosureOf { report: at.number()?, letter, purpose: at.purpose()? })
}
