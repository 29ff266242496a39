//! Files that come with a form: what is kept of one, and the entry's word for it.

use casework::cases::Evidence;

/// A file that was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its last name, without what no file system should see.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
}

impl Upload {
    /// A file by its name and content.
    #[must_use]
    pub fn new(name: String, content: Vec<u8>) -> Self {
        let digest = model::Digest::of(&content).to_hex();
        Self { name, content, digest }
    }

    /// What an entry says of it.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        Evidence { name: self.name.clone(), size: self.content.len() as u64, digest: self.digest.clone() }
    }

    pub(crate) fn into_digest_and_content(self) -> (String, Vec<u8>) {
        (self.digest, self.content)
    }
}
