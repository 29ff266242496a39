//! Key statements: signed by an officer for thirty days, under the next serial.

use crypto::note_key::NoteKey;
use crypto::statement::{KeyStatement, STATEMENT_DAYS, Statement};
use model::Day;
use opening::PostKeys;
use recorder_protocol::{Recorded, SignStatement};
use register::Register;

use crate::public::Public;

/// Signs a statement once its entry is durable; gives the published form, which the recorder must
/// sign too.
pub(crate) fn sign(
    permission: Recorded<SignStatement>,
    register: &Register,
    keys: &PostKeys,
    year: &str,
    recorder: &str,
    today: Day,
) -> Result<String, Box<dyn std::error::Error>> {
    let (SignStatement { serial }, _) = permission.use_up();
    let statement = Statement {
        serial,
        from: today,
        until: today.plus_days(STATEMENT_DAYS),
        post: keys.post.recipient(),
        post_signing: keys.signing.public(),
        recorder: Public::of(recorder.to_owned()).find("recorder", |text| text.parse().ok())?,
    };
    let note = keys.statement.sign_note(&statement.to_text())?;
    register.remember_statement(serial, today.to_string(), note.clone())?;
    let named = Public::of(year.to_owned()).find("statement", |text| NoteKey::parse(text).ok())?;
    if named != keys.statement.public() {
        // Every reader would refuse it later; better said at once.
        return Err("the year's keys name another statement key; let the root sign again".into());
    }
    Ok(serde_json::to_string_pretty(&KeyStatement { keys: year.to_owned(), statement: note })?)
}
