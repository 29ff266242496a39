//! The recorder's keys: the outer key, and the key that signs access records.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use crypto::statement::{KeyStatement, Statement};
use opening::{HybridIdentity, NoteSigningKey};
use zeroize::Zeroizing;

const OUTER: &str = "outer.key";
const SIGNING: &str = "signing.key";
const LOG: &str = "log.key";

/// Why keys cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("{0} holds keys already; they are never replaced")]
    Exists(String),
    #[error("{0} has no keys; run init first")]
    Missing(String),
    #[error("{0} is half made: some keys are missing; restore it or remove it")]
    HalfMade(String),
    #[error("a key file cannot be read or written")]
    Io(#[from] std::io::Error),
    #[error("the file is no key statement")]
    NoStatement,
    #[error("the statement names another outer key than this recorder's; it is not signed")]
    OtherKey,
    #[error("a hybrid key is refused")]
    Outer(#[from] opening::identity::OpenError),
    #[error("a signing key is refused")]
    Signing(#[from] opening::note_key::NoteKeyError),
}

/// Makes all keys; gives the lines of their public halves.
pub(crate) fn init(folder: &Path, name: &str) -> Result<String, KeyError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    if folder.join(OUTER).exists() {
        return Err(KeyError::Exists(folder.display().to_string()));
    }
    let outer = HybridIdentity::generate()?;
    let signing = NoteSigningKey::generate(&format!("{name}/recorder"))?;
    let log = NoteSigningKey::generate(&format!("{name}/log"))?;
    // The outer key last: while it is missing, init may be run again.
    write(&folder.join(SIGNING), &signing.to_text())?;
    write(&folder.join(LOG), &log.to_text())?;
    write(&folder.join(OUTER), &outer.to_text())?;
    fs::File::open(folder)?.sync_all()?;
    Ok(format!("recorder {}\nrecorder-signing {}\nlog {}\n", outer.recipient(), signing.public(), log.public()))
}

/// The outer key, which takes the outer layer off.
pub(crate) fn outer(folder: &Path) -> Result<HybridIdentity, KeyError> {
    let there = [OUTER, SIGNING, LOG].map(|name| folder.join(name).exists());
    match there {
        [true, true, true] => {
            let text = Zeroizing::new(fs::read_to_string(folder.join(OUTER))?);
            Ok(HybridIdentity::parse(&text)?)
        }
        [false, false, false] => Err(KeyError::Missing(folder.display().to_string())),
        _ => Err(KeyError::HalfMade(folder.display().to_string())),
    }
}

/// Adds this recorder's signature to a statement, if the outer key that it names is ours.
pub(crate) fn cosign(folder: &Path, bundle: &str) -> Result<String, KeyError> {
    let mut bundle: KeyStatement = serde_json::from_str(bundle).map_err(|_| KeyError::NoStatement)?;
    let (text, _) = bundle.statement.rsplit_once("\n\n").ok_or(KeyError::NoStatement)?;
    let statement = Statement::parse(&format!("{text}\n")).map_err(|_| KeyError::NoStatement)?;
    if statement.recorder != outer(folder)?.recipient() {
        return Err(KeyError::OtherKey);
    }
    let key = Zeroizing::new(fs::read_to_string(folder.join(SIGNING))?);
    bundle.statement = NoteSigningKey::parse(&key)?.cosign_note(&bundle.statement)?;
    serde_json::to_string_pretty(&bundle).map_err(|_| KeyError::NoStatement)
}

fn write(path: &Path, text: &str) -> Result<(), KeyError> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    Ok(file.sync_all()?)
}
