//! The document that consents to a special award, handed out for saving. Each time is an entry.

use std::sync::Arc;

use actix_web::HttpResponse;
use casework::claim::Entry;
use recorder_protocol::ReadEvidence;

use super::at::At;
use super::{approval, evidence};
use crate::fault::Fault;

/// Where the document of an approval is; none for other entries.
pub(super) fn path(claim: u64, entry: &Entry) -> Option<String> {
    Some(format!("approvals/claims/{claim}/files/{}", entry.consent()?.file.digest))
}

/// The document.
pub(crate) async fn file(at: At) -> Result<HttpResponse, Fault> {
    let (session, role) = (Arc::clone(at.session()?), at.role()?);
    let number = at.number()?;
    let digest = at.request.match_info().get("digest").unwrap_or_default().to_owned();
    let (name, content) = at
        .block(move |console| {
            let claim = approval::read(console, &session, role, number)?.claim;
            let mut files = claim.entries.iter().filter_map(|one| Some(&one.what.consent()?.file));
            let file = files.find(|file| file.digest == digest).ok_or(Fault::NotFound)?;
            let digest = digest.parse().map_err(|_| Fault::NotFound)?;
            let deed = ReadEvidence { case: claim.now.proposal.case, digest };
            let (recorded, _) = console.recorder.connect()?.record(&session.person(role), deed)?;
            Ok((file.name.clone(), evidence::content(recorded, &console.register)?))
        })
        .await?;
    evidence::handed_out(&name, content)
}
