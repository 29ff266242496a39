//! The offline root: signs the keys of the other parties for a year, and manifests of the portal's files. It signs only
//! what it has read and understood.

use std::path::{Path, PathBuf};

use crypto::keys::manifest::Manifest;
use crypto::keys::note_key::NoteKey;
use crypto::keys::note_text::RootKey;
use crypto::keys::statement::{EARLY_DAYS, YearKeys};
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
    let root = folder.new_signing::<RootKey>(ROOT, &format!("{name}/root"))?;
    folder.new_hybrid(CUSTODIAN)?;
    Ok(format!("root {}\n", root.public()))
}

/// Signs the year's keys, valid from the day before `today` for 365 days more, from the public keys in these files; returns the signed
/// note.
pub fn sign_keys(folder: &Path, public: &[PathBuf], today: Day) -> Result<String, Box<dyn std::error::Error>> {
    let folder = KeyFolder::open(folder);
    let mut text = String::new();
    for path in public {
        text.push_str(&program::files::read(path)?);
        // A file without a last line break must not swallow the first line of the next.
        text.push('\n');
    }
    let public = PublicKeys::of(text);
    let note_key = |text: &str| NoteKey::parse(text).ok();
    let keys = YearKeys {
        from: today.minus_days(EARLY_DAYS),
        until: today.plus_days(DAYS),
        statement: public.find("statement", note_key)?,
        custodian: folder.hybrid(CUSTODIAN)?.recipient(),
        recorder: public.find("recorder-signing", note_key)?,
        log: public.find("log", note_key)?,
        exchange: public.find("exchange", note_key)?,
        witnesses: public.find_all("witness", |text| WitnessKey::parse(text).ok())?,
        vouchers: Vec::new(),
    };
    Ok(folder.signing::<RootKey>(ROOT)?.sign_note(&keys)?)
}

/// The portal prints another manifest than the one that was made from the release and the configuration.
#[derive(Debug, thiserror::Error)]
#[error("the portal's manifest differs from yours in line {line}: do not sign before you know why")]
pub struct OtherManifest {
    line: usize,
}

/// Signs a manifest as a note with the root key. `own` was made on the root's side, from the release's own files and
/// the portal's configuration. `printed`, which a portal printed, is only compared with it: a portal that was taken over
/// could print the text of any note, such as a year's keys.
pub fn sign_manifest(folder: &Path, own: &str, printed: Option<&str>) -> Result<String, Box<dyn std::error::Error>> {
    let own: Manifest = own.parse()?;
    let text = own.to_string();
    if let Some(printed) = printed.filter(|printed| *printed != text) {
        let same = text.split('\n').zip(printed.split('\n')).take_while(|(own, other)| own == other).count();
        return Err(OtherManifest { line: same + 1 }.into());
    }
    Ok(KeyFolder::open(folder).signing::<RootKey>(ROOT)?.sign_note(&own)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "qingniao manifest v1\ncontent-security-policy default-src 'none'\n\
                            abababababababababababababababababababababababababababababababab  /zh/\n\nchanging:\n";

    /// H2 of the review: whatever a portal printed was signed, the text of a year's keys too.
    #[test]
    fn the_root_signs_a_manifest_that_it_made_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        let line = init(&root, "demo.test").expect("a root");
        let key = NoteKey::parse(line.trim().strip_prefix("root ").expect("a key")).expect("a key");
        for printed in [None, Some(MANIFEST)] {
            let note = sign_manifest(&root, MANIFEST, printed).expect("signed");
            assert_eq!(key.verified_text(&note).expect("the root's"), MANIFEST);
        }
        let keys = "qingniao keys v1\nfrom 2026-01-01\n";
        assert!(sign_manifest(&root, keys, None).is_err());
        assert!(sign_manifest(&root, keys, Some(keys)).is_err());
        let other = MANIFEST.replace("abab", "cdcd");
        let refused = sign_manifest(&root, MANIFEST, Some(&other)).expect_err("another file");
        assert_eq!(refused.downcast_ref::<OtherManifest>().map(|other| other.line), Some(3));
    }
}
