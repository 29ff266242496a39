//! Sealing: age files with exactly one hybrid stanza, so that every sealed size is fixed.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};

use age::stream::StreamWriter;
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::sealing::recipient::{ENCAPSULATED, HybridRecipient, TAG, WRAPPED};

const VERSION_LINE: &str = "age-encryption.org/v1\n";
const MAC_PREFIX: &str = "\n--- ";
/// Base64 characters of a 32-byte MAC without padding.
const MAC_TEXT: usize = 43;
const NONCE: usize = 16;
/// Bytes of a chunk of age's STREAM, and of the tag that each chunk adds.
const CHUNK: usize = 64 * 1024;
const CHUNK_TAG: usize = 16;

/// Bytes of the header of a file with one hybrid stanza.
pub const HEADER: usize = VERSION_LINE.len()
    + "-> ".len()
    + TAG.len()
    + 1
    + unpadded(ENCAPSULATED)
    + 1
    + unpadded(WRAPPED)
    + MAC_PREFIX.len()
    + MAC_TEXT
    + 1;

/// Length of unpadded base64 of `bytes` bytes.
const fn unpadded(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Bytes of the sealed form of `plain` bytes of plaintext (at least one).
#[must_use]
pub const fn sealed_size(plain: usize) -> usize {
    HEADER + NONCE + plain + plain.div_ceil(CHUNK) * CHUNK_TAG
}

/// Why bytes are not a file sealed by this system.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadForm {
    /// Not the fixed size of its kind.
    #[error("a sealed part has {expected} bytes here, not {found}")]
    Size {
        /// The only size allowed, in bytes.
        expected: usize,
        /// The size found, in bytes.
        found: usize,
    },
    /// The header is not that of an age file with exactly one hybrid stanza.
    #[error("the header is not that of one hybrid post-quantum stanza")]
    Header,
}

/// Checks size and header without any key, which is all that a holder of ciphertext can check.
///
/// A second stanza, a classical recipient or a longer header would change
/// a byte of the fixed layout, so comparing the layout is sufficient.
pub fn check_form(sealed: &[u8], plain: usize) -> Result<(), BadForm> {
    let expected = sealed_size(plain);
    if sealed.len() != expected {
        return Err(BadForm::Size { expected, found: sealed.len() });
    }
    check_header(sealed)
}

/// Checks that the bytes begin with the header of exactly one hybrid stanza.
pub fn check_header(sealed: &[u8]) -> Result<(), BadForm> {
    let mut rest = sealed.get(..HEADER).ok_or(BadForm::Header)?;
    for expected in [
        Piece::Text(VERSION_LINE),
        Piece::Text("-> "),
        Piece::Text(TAG),
        Piece::Text(" "),
        Piece::Base64(ENCAPSULATED),
        Piece::Text("\n"),
        Piece::Base64(WRAPPED),
        Piece::Text(MAC_PREFIX),
        Piece::Base64(32),
        Piece::Text("\n"),
    ] {
        rest = expected.strip(rest).ok_or(BadForm::Header)?;
    }
    Ok(())
}

/// One piece of the fixed header layout.
enum Piece {
    Text(&'static str),
    Base64(usize),
}

impl Piece {
    fn strip<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Text(text) => bytes.strip_prefix(text.as_bytes()),
            Self::Base64(size) => {
                let (text, rest) = bytes.split_at_checked(unpadded(*size))?;
                // The strict decoder also refuses non-canonical last characters.
                let decoded = STANDARD_NO_PAD.decode(text).ok()?;
                (decoded.len() == *size).then_some(rest)
            }
        }
    }
}

/// Seals a whole message to one recipient.
pub fn seal(recipient: &HybridRecipient, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut sealed = Vec::with_capacity(sealed_size(plain.len()));
    let mut writer = seal_stream(recipient, &mut sealed)?;
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(sealed)
}

/// Seals a stream to one recipient; the caller must call `finish` on the writer.
pub fn seal_stream<W: Write>(recipient: &HybridRecipient, output: W) -> io::Result<StreamWriter<OneStanza<W>>> {
    let capture = Capture { recipient, taken: RefCell::new(None) };
    let recipients = std::iter::once(&capture as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
    let header = capture.header()?;
    encryptor.wrap_output(OneStanza { header, seen: Vec::new(), swapped: false, output })
}

/// Forwards the wrapping to the recipient, and keeps what is needed to write the header again.
struct Capture<'a> {
    recipient: &'a HybridRecipient,
    taken: RefCell<Option<(Zeroizing<[u8; 16]>, Stanza)>>,
}

impl age::Recipient for Capture<'_> {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
        let (stanzas, labels) = self.recipient.wrap_file_key(file_key)?;
        if let [stanza] = stanzas.as_slice() {
            let copy = Stanza { tag: stanza.tag.clone(), args: stanza.args.clone(), body: stanza.body.clone() };
            *self.taken.borrow_mut() = Some((Zeroizing::new(*file_key.expose_secret()), copy));
        }
        Ok((stanzas, labels))
    }
}

impl Capture<'_> {
    /// The header with the single stanza, authenticated as age's specification says.
    fn header(&self) -> io::Result<Vec<u8>> {
        let taken = self.taken.borrow();
        let (file_key, stanza) = taken.as_ref().ok_or_else(|| io::Error::other("the recipient gave no stanza"))?;
        let mut header = String::from(VERSION_LINE);
        header.push_str("-> ");
        header.push_str(&stanza.tag);
        for argument in &stanza.args {
            header.push(' ');
            header.push_str(argument);
        }
        header.push('\n');
        header.push_str(&STANDARD_NO_PAD.encode(&stanza.body));
        header.push_str(MAC_PREFIX.trim_end_matches(' '));
        let mut key = Zeroizing::new([0; 32]);
        let expanded = Hkdf::<Sha256>::new(None, file_key.as_slice()).expand(b"header", key.as_mut_slice());
        expanded.map_err(|_| io::Error::other("the header key has the wrong length"))?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).map_err(io::Error::other)?;
        mac.update(header.as_bytes());
        header.push(' ');
        header.push_str(&STANDARD_NO_PAD.encode(mac.finalize().into_bytes()));
        header.push('\n');
        Ok(header.into_bytes())
    }
}

/// Replaces the header that the age crate writes with one without its random "grease" stanza.
///
/// The crate adds a stanza of random length to every file, so that sizes would differ.
/// The payload key depends only on the file key and the nonce, so the header may be
/// written again. The alternative, writing the payload stream here too, was rejected.
pub struct OneStanza<W> {
    header: Vec<u8>,
    seen: Vec<u8>,
    swapped: bool,
    output: W,
}

impl<W: Write> Write for OneStanza<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.swapped {
            return self.output.write(bytes);
        }
        self.seen.extend_from_slice(bytes);
        let mac = self.seen.windows(MAC_PREFIX.len()).position(|window| window == MAC_PREFIX.as_bytes());
        if let Some(start) = mac {
            let end = start + MAC_PREFIX.len() + MAC_TEXT + 1;
            if self.seen.len() >= end {
                self.output.write_all(&self.header)?;
                self.output.write_all(&self.seen[end..])?;
                self.swapped = true;
                self.seen = Vec::new();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
