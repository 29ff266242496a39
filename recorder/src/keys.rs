//! The recorder's keys: the outer key, and the keys that sign access records and checkpoints.

use std::path::Path;

use crypto::statement::{KeyStatement, Statement};
use opening::{HybridIdentity, KeyFolder, KeyFolderError, NoteSigningKey};

const OUTER: &str = "outer.key";
const SIGNING: &str = "signing.key";
const LOG: &str = "log.key";

/// Why a statement is not signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CosignError {
    #[error("the file is no key statement")]
    NoStatement,
    #[error("the statement names another outer key than this recorder's; it is not signed")]
    OtherKey,
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    #[error("the statement cannot be signed")]
    Sign(#[from] opening::note_key::NoteKeyError),
}

/// Makes all keys; gives the lines of their public halves.
pub(crate) fn init(folder: &Path, name: &str) -> Result<String, KeyFolderError> {
    let folder = KeyFolder::create(folder)?;
    let signing = folder.new_signing(SIGNING, &format!("{name}/recorder"))?;
    let log = folder.new_signing(LOG, &format!("{name}/log"))?;
    let outer = folder.new_hybrid(OUTER)?;
    Ok(format!("recorder {}\nrecorder-signing {}\nlog {}\n", outer.recipient(), signing.public(), log.public()))
}

/// The outer key, which takes the outer layer off.
pub(crate) fn outer(folder: &Path) -> Result<HybridIdentity, KeyFolderError> {
    KeyFolder::open(folder).hybrid(OUTER)
}

/// The key that signs receipts, access lists and statements.
pub(crate) fn signing(folder: &Path) -> Result<NoteSigningKey, KeyFolderError> {
    KeyFolder::open(folder).signing(SIGNING)
}

/// The key that signs checkpoints of the log.
pub(crate) fn log(folder: &Path) -> Result<NoteSigningKey, KeyFolderError> {
    KeyFolder::open(folder).signing(LOG)
}

/// Adds this recorder's signature to a statement, if the outer key that it names is ours.
pub(crate) fn cosign(folder: &Path, bundle: &str) -> Result<String, CosignError> {
    let mut bundle: KeyStatement = serde_json::from_str(bundle).map_err(|_| CosignError::NoStatement)?;
    let (text, _) = bundle.statement.rsplit_once("\n\n").ok_or(CosignError::NoStatement)?;
    let statement = Statement::parse(&format!("{text}\n")).map_err(|_| CosignError::NoStatement)?;
    if statement.recorder != outer(folder)?.recipient() {
        return Err(CosignError::OtherKey);
    }
    bundle.statement = signing(folder)?.cosign_note(&bundle.statement)?;
    serde_json::to_string_pretty(&bundle).map_err(|_| CosignError::NoStatement)
}
