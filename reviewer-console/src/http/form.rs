//! A submitted form: its fields and files, held in memory only.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut, Payload};
use console_services::uploads::Upload;
use futures_util::{StreamExt as _, stream};
use human_text::{NamesTaken, is_blank, safe_name, sent_name};
use multer::Multipart;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Bytes of a form without files. The longest is an answer; percent-encoded Chinese takes nine bytes a character.
const TEXT: usize = 256 * 1024;
/// Bytes of a form with files: some photographs.
const FILES: usize = 16 * 1024 * 1024;

/// The field with a random number, by which a form that is sent twice is recognised.
pub(crate) const ONCE: &str = "once";
/// A form with this field is only displayed again, with the text that was typed.
pub(crate) const AGAIN: &str = "again";

model::codes! {
    /// Names of text areas. Their content is carried through sign-in when a session ends; a form without any of them is
    /// quickly filled in again. A text area takes no other name, except for the claim note at finance's desk.
    TextField {
        /// Text of an answer to a reporter.
        Text = "text",
        /// A remark, or the reason for a step.
        Note = "note",
        /// Findings of a fact sheet.
        Found = "found",
        /// Measures of rectification.
        Measures = "measures",
        /// The standard by which rectification counts as done.
        Standard = "standard",
        /// Grounds of a proposed reward.
        Grounds = "grounds",
        /// Text about a closed case for the public.
        Publication = "publication",
        /// Facts of a report that an officer enters by hand.
        What = "what",
        /// How the reporter knows the facts.
        Knowledge = "knowledge",
        /// Evidence that the reporter names.
        Evidence = "evidence",
        /// Danger to the reporter.
        Danger = "danger",
    }
}

/// Typed text, trimmed, with CRLF replaced by LF; empty where the field is missing or shows nothing.
#[derive(Default, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Typed(String);

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self(if is_blank(&text) { String::new() } else { text.trim().replace("\r\n", "\n") })
    }
}

impl From<Typed> for String {
    fn from(typed: Typed) -> Self {
        typed.0
    }
}

impl std::ops::Deref for Typed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A checkbox: a browser sends its field only when it is ticked.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Ticked(pub(crate) bool);

impl From<String> for Ticked {
    fn from(_: String) -> Self {
        Self(true)
    }
}

/// Which state of a ledger or report a form was filled in against; every form that changes one has it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct VersionForm {
    /// How many entries or steps the person has seen.
    pub(crate) expected_version: u64,
}

/// The fields and files of a form. The allocator zeroes them when they are dropped.
#[derive(Default)]
pub(crate) struct Form {
    fields: HashMap<String, Vec<String>>,
    files: Vec<Upload>,
    /// Whether a file was chosen, kept or not.
    chose_files: bool,
    too_large: bool,
}

impl Form {
    /// Reads a request's body. Files are accepted only with a session. If the body exceeds its limit or is broken, a
    /// form with files keeps the fields that precede the cut, so that typed text is not lost; the files are dropped.
    pub(crate) async fn of(request: &HttpRequest, payload: Payload, signed_in: bool) -> Self {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).ok();
        let limit = if boundary.is_some() && signed_in { FILES } else { TEXT };
        let (body, whole) = up_to(payload, limit).await;
        match boundary {
            None if whole => Self::read_body(&body),
            None => Self { too_large: true, ..Self::default() },
            Some(boundary) => {
                let mut form = Self::default();
                let read = form.read_parts(body, boundary).await;
                if !whole || read.is_err() || !signed_in {
                    // An incomplete form must not pass for one without files.
                    form.files.clear();
                    form.too_large = true;
                }
                form
            }
        }
    }

    fn read_body(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            form.add(name.into_owned(), value.into_owned());
        }
        form
    }

    /// Reads parts until the end, or until one is broken.
    async fn read_parts(&mut self, body: Bytes, boundary: String) -> Result<(), multer::Error> {
        let mut names = NamesTaken::default();
        let mut parts = Multipart::new(stream::iter([Ok::<_, std::io::Error>(body)]), boundary);
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(file) = part.file_name().map(sent_name) else {
                self.add(name, part.text().await?);
                continue;
            };
            self.chose_files |= !file.is_empty();
            let content = part.bytes().await?;
            // A field in which nothing was chosen is sent as an empty file without a name.
            if !file.is_empty() || !content.is_empty() {
                let number = self.files.len() + 1;
                let name = names.unique(safe_name(&file, number), number);
                self.files.push(Upload::new(name, content.to_vec()));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: String, value: String) {
        self.fields.entry(name).or_default().push(value);
    }

    /// Deserializes the text fields into the form's struct. Fields that the struct does not have are ignored: the
    /// token, the number of the form.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, serde_html_form::de::Error> {
        serde_html_form::from_str(&form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish())
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

    /// Whether files were chosen that were not kept: the body exceeded its limit or had no session.
    pub(crate) fn lost_files(&self) -> bool {
        self.chose_files && self.files.is_empty()
    }

    /// Whether the body exceeded its limit, was broken, or had files without a session.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Example {
        expected_version: u64,
        #[serde(default)]
        note: Typed,
        #[serde(default)]
        looked: Ticked,
        #[serde(default)]
        report: Vec<u64>,
    }

    #[test]
    fn a_form_is_read_as_its_struct() {
        let read = |body: &str| Form::read_body(body.as_bytes()).read::<Example>();
        let form = read("expected-version=3&note=+a%0D%0Ab+&looked=yes&report=1&report=2&csrf=x").expect("a form");
        assert_eq!((form.expected_version, &*form.note, form.looked.0, form.report), (3, "a\nb", true, vec![1, 2]));
        // B16: text that shows nothing is no text.
        assert!(read("expected-version=0&note=%E2%80%8B+%E3%85%A4").expect("a form").note.is_empty());
        let form = read("expected-version=0").expect("a form");
        assert!(form.note.is_empty() && !form.looked.0 && form.report.is_empty());
        for bad in ["note=a", "expected-version=-1", "expected-version=a", "expected-version=1&report=x", ""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

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
        // B15: names are cleaned like those of attachments, and none comes twice.
        let part = |name: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\na\r\n")
        };
        let names =
            ["报告\u{202e}gpj.exe", "照片%221%22.jpg", "C:\\a\\b.txt", "b.txt"].map(part).concat() + "--x--\r\n";
        let mut named = Form::default();
        named.read_parts(Bytes::from(names), "x".to_owned()).await.expect("a form");
        let names: Vec<_> = named.files().iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["报告_gpj.exe", "照片_1_.jpg", "b.txt", "4-b.txt"]);
        let cut = Bytes::from(&body[..body.len() - 40]);
        let mut broken = Form::default();
        assert!(broken.read_parts(cut, "x".to_owned()).await.is_err());
        assert_eq!(broken.field("note"), Some("现场"), "what was written before the files");
    }
}
