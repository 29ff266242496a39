//! Refusing to open an identity envelope.

use model::LetterDigest;
use recorder_protocol::{Recorded, RefuseIdentity};
use register::{IdentityAnswer, REFUSED};

use crate::actor::Actor;
use crate::audit::attested_register;
use crate::error::ConsoleError;
use crate::identity::request::asked;

/// Refuses a request, which is recorded. False if it was answered before.
pub fn refuse_identity(actor: &Actor, number: u64) -> Result<bool, ConsoleError> {
    let stored = actor.register().identity_request(number)?.ok_or(ConsoleError::NotFound)?;
    let (_, request) = asked(actor.attested(), &stored)?;
    let letter: LetterDigest = stored.asked.letter.parse().map_err(ConsoleError::inside)?;
    refuse(actor.record(RefuseIdentity { letter, request })?, actor, number)
}

fn refuse(recorded: Recorded<RefuseIdentity>, actor: &Actor, number: u64) -> Result<bool, ConsoleError> {
    let (_, attested) = recorded.attested();
    let answer = IdentityAnswer {
        state: REFUSED,
        on: actor.today.to_string(),
        by: actor.account().to_owned(),
        attested: attested_register::written(&attested)?,
        sealed: None,
        slip: None,
    };
    Ok(actor.register().answer_identity(number, answer)?)
}
