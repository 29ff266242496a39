//! The post's keys and the statements that it signs.

use std::path::{Path, PathBuf};

use crypto::day::Day;
use crypto::statement::{KeyStatement, NoteKey, STATEMENT_DAYS, Statement};
use opening::{KeyFolder, KeyFolderError};
use register::Register;

use crate::public::Public;

const POST: &str = "post.key";
const SIGNING: &str = "post-signing.key";
const STATEMENT: &str = "statement.key";

/// The register in the console's folder.
pub(crate) fn register(folder: &Path) -> PathBuf {
    folder.join("register.sqlite")
}

/// Makes the post's keys; gives the lines of their public halves.
pub(crate) fn init(folder: &Path, name: &str) -> Result<String, KeyFolderError> {
    let folder = KeyFolder::create(folder)?;
    let statement = folder.new_signing(STATEMENT, &format!("{name}/statement"))?;
    let signing = folder.new_signing(SIGNING, &format!("{name}/post"))?;
    let post = folder.new_hybrid(POST)?;
    let (statement, signing) = (statement.public(), signing.public());
    Ok(format!("statement {statement}\npost-signing {signing}\npost {}\n", post.recipient()))
}

/// Signs a statement for thirty days under the next serial; gives the published form.
pub(crate) fn sign_statement(
    folder: &Path,
    keys: &str,
    recorder: &str,
    today: Day,
) -> Result<String, Box<dyn std::error::Error>> {
    let register = Register::open(&register(folder))?;
    let keys_folder = KeyFolder::open(folder);
    let serial = register.next_serial()?;
    let statement = Statement {
        serial,
        from: today,
        until: today.plus_days(STATEMENT_DAYS),
        post: keys_folder.hybrid(POST)?.recipient(),
        post_signing: keys_folder.signing(SIGNING)?.public(),
        recorder: Public::of(recorder.to_owned()).find("recorder", |text| text.parse().ok())?,
    };
    let note = keys_folder.signing(STATEMENT)?.sign_note(&statement.to_text())?;
    register.remember_statement(serial, today.to_string(), note.clone())?;
    let bundle = KeyStatement { keys: keys.to_owned(), statement: note };
    refuse_other_statement_key(&bundle, &keys_folder)?;
    Ok(serde_json::to_string_pretty(&bundle)?)
}

/// Says at once what every reader would refuse later: keys signed for another statement key.
fn refuse_other_statement_key(bundle: &KeyStatement, folder: &KeyFolder) -> Result<(), Box<dyn std::error::Error>> {
    let ours: NoteKey = folder.signing(STATEMENT)?.public();
    let named = Public::of(bundle.keys.clone()).find("statement", |text| NoteKey::parse(text).ok())?;
    if named == ours {
        Ok(())
    } else {
        Err("the year's keys name another statement key; let the root sign again".into())
    }
}
