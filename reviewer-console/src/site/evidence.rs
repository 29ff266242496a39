//! Files that belong to a case, handed out for saving, never shown. Each is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use recorder_protocol::{ReadEvidence, Recorded};
use register::Register;
use web::headers::{DOWNLOAD_POLICY, set};

use super::at::At;
use super::cases;
use super::download::saved_as;
use crate::fault::Fault;

/// One file of a case that this person may see.
pub(crate) async fn file(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let digest = at.request.match_info().get("digest").unwrap_or_default().to_owned();
    let (name, content) = at
        .block(move |console| {
            let file = cases::read(console, &session, role, number)?;
            let all = file.entries.iter().flat_map(|entered| entered.what.evidence());
            let name = all.filter(|one| one.digest == digest).map(|one| one.name.clone()).next();
            let name = name.ok_or(Fault::NotFound)?;
            let deed = ReadEvidence { case: number, digest: digest.parse().map_err(|_| Fault::NotFound)? };
            let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
            Ok((name, content(recorded, &console.register)?))
        })
        .await?;
    handed_out(&name, content)
}

/// A file for saving, never shown.
pub(super) fn handed_out(name: &str, content: Vec<u8>) -> Result<HttpResponse, Fault> {
    let mut response = HttpResponse::Ok();
    response.content_type("application/octet-stream").insert_header((CONTENT_DISPOSITION, saved_as("file", name)?));
    let mut response = response.body(content);
    set(response.headers_mut(), DOWNLOAD_POLICY);
    Ok(response)
}

pub(super) fn content(recorded: Recorded<ReadEvidence>, register: &Register) -> Result<Vec<u8>, Fault> {
    let (ReadEvidence { digest, .. }, _) = recorded.use_up();
    let content = register.evidence(&digest.to_hex())?.ok_or(Fault::NotFound)?;
    // Whoever can write the register's file must not put another in its place.
    let sound = model::LetterDigest::of(&content) == digest;
    if sound { Ok(content) } else { Err(Fault::Unsound) }
}
