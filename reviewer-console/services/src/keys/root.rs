//! The offline root: signs the keys of the other parties for a year.

use std::path::{Path, PathBuf};

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::YearKeys;
use crypto::log::witness::WitnessKey;
use model::Day;
use opening::{KeyFolder, KeyFolderError};

use crate::keys::public_keys::PublicKeys;

const ROOT: &str = "root.key";
const CUSTODIAN: &str = "custodian.key";
/// Validity of the year's keys, in days. They are renewed in good time, as the portal's page warns.
const DAYS: u16 = 365;

/// Makes the root key and the custodian's key; returns a line with the root's verification key.
pub fn init(folder: &Path, name: &str) -> Result<String, KeyFolderError> {
    let folder = KeyFolder::create(folder)?;
    let root = folder.new_signing(ROOT, &format!("{name}/root"))?;
    folder.new_hybrid(CUSTODIAN)?;
    Ok(format!("root {}\n", root.public()))
}

/// Signs the year's keys, valid for 365 days from `today`, from the public keys in these files; returns the signed
/// note.
pub fn sign_keys(folder: &Path, public: &[PathBuf], today: Day) -> Result<String, Box<dyn std::error::Error>> {
    let folder = KeyFolder::open(folder);
    let mut text = String::new();
    for path in public {
        text.push_str(&program::files::read(path)?);
    }
    let public = PublicKeys::of(text);
    let note_key = |text: &str| NoteKey::parse(text).ok();
    let keys = YearKeys {
        from: today,
        until: today.plus_days(DAYS),
        statement: public.find("statement", note_key)?,
        custodian: folder.hybrid(CUSTODIAN)?.recipient(),
        recorder: public.find("recorder-signing", note_key)?,
        log: public.find("log", note_key)?,
        witnesses: public.find_all("witness", |text| WitnessKey::parse(text).ok())?,
        vouchers: Vec::new(),
    };
    Ok(folder.signing(ROOT)?.sign_note(&keys.to_text())?)
}

/// Signs any text as a note with the root key.
pub fn sign_note(folder: &Path, text: &str) -> Result<String, KeyFolderError> {
    Ok(KeyFolder::open(folder).signing(ROOT)?.sign_note(text)?)
}
