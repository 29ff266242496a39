//! The recorder's signing keys: for receipts, access lists and statements, and for checkpoints.

use std::error::Error;
use std::path::{Path, PathBuf};

use crypto::keys::note_text::{LogKey, RecorderKey};
use crypto::keys::statement::{KeyStatement, Statement};
use opening::{KeyFolder, KeyFolderError, NoteSigningKey};

use crate::keys::letter_keys::LetterKeys;
use crate::keys::periods::{NoPeriod, Periods};

const SIGNING: &str = "signing.key";
const LOG: &str = "log.key";

/// Why a statement was not signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CosignError {
    #[error("the file is no key statement")]
    NoStatement,
    #[error("the statement names another outer key than this recorder's; it is not signed")]
    OtherKey,
    #[error(transparent)]
    Keys(#[from] KeyFolderError),
    #[error(transparent)]
    Period(#[from] NoPeriod),
    #[error("the statement cannot be signed")]
    Sign(#[from] opening::NoteKeyError),
}

/// Makes all keys and the folders of letter keys, and returns a line for each public key.
pub(crate) fn init(folder: &Path, name: &str, letter_keys: &[PathBuf; 2]) -> Result<String, Box<dyn Error>> {
    let keys = KeyFolder::create(folder)?;
    keys.new_signing::<RecorderKey>(SIGNING, &format!("{name}/recorder"))?;
    keys.new_signing::<LogKey>(LOG, &format!("{name}/log"))?;
    LetterKeys::create(folder, letter_keys)?;
    begin_period(folder)
}

/// Makes the outer key of a new period, and returns a line for each public key.
pub(crate) fn begin_period(folder: &Path) -> Result<String, Box<dyn Error>> {
    let (signing, log) = (signing(folder)?.public(), log(folder)?.public());
    let outer = Periods::at(folder).begin()?;
    Ok(format!("recorder {outer}\nrecorder-signing {signing}\nlog {log}\n"))
}

/// The key that signs receipts, access lists and statements.
pub(crate) fn signing(folder: &Path) -> Result<NoteSigningKey<RecorderKey>, KeyFolderError> {
    KeyFolder::open(folder).signing(SIGNING)
}

/// The key that signs checkpoints of the log.
pub(crate) fn log(folder: &Path) -> Result<NoteSigningKey<LogKey>, KeyFolderError> {
    KeyFolder::open(folder).signing(LOG)
}

/// Adds this recorder's signature to a statement if the statement names an outer key of this recorder. That key's
/// period then ends with the statement.
pub(crate) fn cosign(folder: &Path, bundle: &str) -> Result<String, CosignError> {
    let mut bundle: KeyStatement = serde_json::from_str(bundle).map_err(|_| CosignError::NoStatement)?;
    let (text, _) = bundle.statement.rsplit_once("\n\n").ok_or(CosignError::NoStatement)?;
    let statement = Statement::parse(&format!("{text}\n")).map_err(|_| CosignError::NoStatement)?;
    if !Periods::at(folder).ends(&statement.recorder, statement.until)? {
        return Err(CosignError::OtherKey);
    }
    bundle.statement = signing(folder)?.cosign_statement(&bundle.statement)?;
    serde_json::to_string_pretty(&bundle).map_err(|_| CosignError::NoStatement)
}
