//! Key statements: signed by an officer for thirty days, of which the first was yesterday, with the next serial number.

use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{EARLY_DAYS, KeyStatement, STATEMENT_DAYS, Statement};
use recorder_protocol::{Recorded, SignStatement};

use crate::actor::Actor;
use crate::keys::public_keys::PublicKeys;

/// Signs the next statement, which is recorded. Returns the published form, in JSON, which the recorder must sign too.
/// `year` holds the year's keys as the root signed them, `recorder_public` the recorder's public keys as its `init`
/// printed them.
pub fn sign_statement(actor: &Actor, year: &str, recorder_public: &str) -> Result<String, Box<dyn std::error::Error>> {
    actor.post_keys().map_err(|_| "this account has not the post's keys")?;
    let recorded = actor.record(SignStatement { serial: actor.register().next_serial()? })?;
    sign(recorded, actor, year, recorder_public)
}

fn sign(
    recorded: Recorded<SignStatement>,
    actor: &Actor,
    year: &str,
    recorder_public: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let SignStatement { serial } = recorded.into_action();
    let (keys, today) = (actor.post_keys()?, actor.today);
    let from = today.minus_days(EARLY_DAYS);
    let statement = Statement {
        serial,
        from,
        until: from.plus_days(STATEMENT_DAYS),
        post: keys.post.recipient(),
        post_signing: keys.signing.public(),
        recorder: PublicKeys::of(recorder_public.to_owned()).find("recorder", |text| text.parse().ok())?,
    };
    let note = keys.statement.sign_note(&statement)?;
    actor.register().remember_statement(serial, today.to_string(), note.clone())?;
    let named = PublicKeys::of(year.to_owned()).find("statement", |text| NoteKey::parse(text).ok())?;
    if named != keys.statement.public() {
        // Every reader would refuse this statement later, so it fails here.
        return Err("the year's keys name another statement key; let the root sign again".into());
    }
    Ok(serde_json::to_string_pretty(&KeyStatement { keys: year.to_owned(), statement: note })?)
}
