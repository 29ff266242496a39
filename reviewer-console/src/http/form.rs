//! What a form sent: its fields and its files, in memory only.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut, Payload};
use console_services::uploads::Upload;
use futures_util::{StreamExt as _, stream};
use multer::Multipart;

/// The longest form without files is an answer; percent-encoded Chinese takes nine bytes a character.
const TEXT: usize = 256 * 1024;
/// Files of one form together: some photographs.
const FILES: usize = 16 * 1024 * 1024;

/// The field that tells a form from the same one sent again.
pub(crate) const ONCE: &str = "once";
/// A form with this field is only shown again, with what was typed.
pub(crate) const AGAIN: &str = "again";

model::codes! {
    /// Fields that people write several lines into. A form without any of them is soon filled in again; what stands in
    /// one of these is kept when a session ends. A text area takes no other name.
    TextField {
        /// An answer.
        Text = "text",
        /// A remark.
        Note = "note",
        /// What was found.
        Found = "found",
        /// What was done.
        Measures = "measures",
        /// By which standard.
        Standard = "standard",
        /// Why a reward.
        Grounds = "grounds",
        /// What is published.
        Publication = "publication",
        /// What somebody tells.
        What = "what",
        /// How they know.
        Knowledge = "knowledge",
        /// What shows it.
        Evidence = "evidence",
        /// What they fear.
        Danger = "danger",
    }
}

/// The fields and files of a form. Cleared by the allocator when dropped.
#[derive(Default)]
pub(crate) struct Form {
    fields: HashMap<String, Vec<String>>,
    files: Vec<Upload>,
    too_large: bool,
}

impl Form {
    /// Reads a request's body. Files are taken only from somebody who is signed in. Of more than is taken
    /// only what was written before the files is left, so that it is not lost with them.
    pub(crate) async fn of(request: &HttpRequest, payload: Payload, signed_in: bool) -> Self {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).ok();
        let limit = if boundary.is_some() && signed_in { FILES } else { TEXT };
        let (body, whole) = up_to(payload, limit).await;
        match boundary {
            None if whole => Self::read(&body),
            None => Self { too_large: true, ..Self::default() },
            Some(boundary) => {
                let mut form = Self::default();
                let read = form.read_parts(body, boundary).await;
                if !whole || read.is_err() || !signed_in {
                    // What is not whole must not pass for a form without files.
                    form.files.clear();
                    form.too_large = true;
                }
                form
            }
        }
    }

    fn read(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            form.add(name.into_owned(), value.into_owned());
        }
        form
    }

    /// Reads parts until the end, or until one is broken.
    async fn read_parts(&mut self, body: Bytes, boundary: String) -> Result<(), multer::Error> {
        let mut parts = Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file) = part.file_name().map(last_name) else {
                self.add(name, part.text().await?);
                continue;
            };
            let content = part.bytes().await?;
            // A field in which nothing was chosen is sent as an empty file without a name.
            if !file.is_empty() || !content.is_empty() {
                self.files.push(Upload::new(file, content.to_vec()));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, value: String) {
        self.fields.entry(name).or_default().push(value);
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.first().map(String::as_str)
    }

    /// All fields, in the order of their names.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut names: Vec<&String> = self.fields.keys().collect();
        names.sort_unstable();
        names.into_iter().flat_map(|name| self.all(name).iter().map(move |value| (name.as_str(), value.as_str())))
    }

    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The files that were sent.
    pub(crate) fn files(&self) -> &[Upload] {
        &self.files
    }

    /// Whether more was sent than is taken.
    pub(crate) fn is_too_large(&self) -> bool {
        self.too_large
    }
}

/// The body up to a limit, and whether that is all of it.
async fn up_to(mut payload: Payload, limit: usize) -> (Bytes, bool) {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return (body.freeze(), false) };
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            // The rest is read and dropped: a connection that is cut shows no page.
            while let Some(Ok(_)) = payload.next().await {}
            return (body.freeze(), false);
        }
    }
    (body.freeze(), true)
}

/// A file's name without folders and control characters.
fn last_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn fields_and_files_are_read_and_names_are_plain() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n现场\r\n--x\r\n\
            Content-Disposition: form-data; name=\"files\"; filename=\"../../照片.jpg\"\r\n\r\nabc\r\n--x\r\n\
            Content-Disposition: form-data; name=\"files\"; filename=\"\"\r\n\r\n\r\n--x--\r\n";
        let mut form = Form::default();
        form.read_parts(Bytes::from(body), "x".to_owned()).await.expect("a form");
        assert_eq!(form.field("note"), Some("现场"));
        let files: Vec<_> = form.files().iter().map(|file| (file.name.as_str(), file.content.len())).collect();
        assert_eq!(files, [("照片.jpg", 3)]);
        let cut = Bytes::from(&body[..body.len() - 40]);
        let mut broken = Form::default();
        assert!(broken.read_parts(cut, "x".to_owned()).await.is_err());
        assert_eq!(broken.field("note"), Some("现场"), "what was written before the files");
        assert_eq!(last_name("C:\\a\\b.txt"), "b.txt");
    }
}
