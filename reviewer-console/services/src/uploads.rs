//! Files that come with a form: their content, and how an entry lists them.

use casework::cases::Evidence;

/// A file that was sent with a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Last part of the file's name, without characters that are unsafe in a file system.
    pub name: String,
    /// Content of the file as sent.
    pub content: Vec<u8>,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
}

impl Upload {
    /// Makes an upload and computes its digest.
    #[must_use]
    pub fn new(name: String, content: Vec<u8>) -> Self {
        let digest = model::Digest::of(&content).to_hex();
        Self { name, content, digest }
    }

    /// Name, size and digest of the file, as an entry lists it.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Evidence { name: self.name.clone(), size: self.content.len() as u64, digest: self.digest.clone() }
    }

    pub(crate) fn into_digest_and_content(self) -> (String, Vec<u8>) {
        (self.digest, self.content)
    }
}
