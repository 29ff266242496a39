//! A sealed letter of every kind, with what it opens to.

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::letters::claim_note::ClaimNote;
use crypto::letters::letter::{Body, Choice, Letter, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::letters::visit::Visit;
use crypto::sealing::identity_envelope::{Identity, IdentityEnvelope};
use crypto::sealing::outer::Header;
use serde_json::{Value, json};

use crate::{Setting, refused_letter};

/// All letters, sealed and refused.
pub(crate) fn letters(setting: &Setting) -> Result<Value, Box<dyn Error>> {
    let first = report(setting)?;
    let visit = setting.reporter.visit(&first, &setting.keys, setting.today)?;
    let parsed = Visit::parse(&visit.request)?;
    let mut sealed = vec![sealed("report", setting, &first, None)?];
    for (name, letter, identity) in others(setting)? {
        sealed.push(self::sealed(name, setting, &letter, identity.as_ref())?);
    }
    Ok(json!({
        "code": hex::encode([9; 16]),
        "postIdentity": *setting.roles.post.to_text(),
        "recorderIdentity": *setting.roles.recorder.to_text(),
        "custodianIdentity": *setting.roles.custodian.to_text(),
        "first": Header::of(&first),
        "sizes": {
            "visit": visit.request.len(),
            "letter": parsed.letter.len(),
            "slot": parsed.first_slot.len(),
        },
        "letters": sealed,
        "refused": refused_letter::refused(setting, &first)?,
    }))
}

/// The letter that all others of the vectors follow.
fn report(setting: &Setting) -> Result<Letter, Box<dyn Error>> {
    let report = Report {
        category: "covert-discharge".to_owned(),
        party: "某某化工厂".to_owned(),
        what: "夜间通过暗管向河道排放废水。\nA hidden pipe, \"only at night\".".to_owned(),
        reporter: "insider".to_owned(),
        naming: "anonymous".to_owned(),
        ..Report::default()
    };
    Ok(setting.reporter.letter(LetterId::from([10; 16]), Body::Report(Box::new(report)), &setting.keys)?)
}

type Named = (&'static str, Letter, Option<Identity>);

/// A letter of every other kind.
fn others(setting: &Setting) -> Result<Vec<Named>, Box<dyn Error>> {
    let previous = Some(LetterId::from([10; 16]));
    let write = |id: u8, body| setting.reporter.letter(LetterId::from([id; 16]), body, &setting.keys);
    let envelope = |identity: &Identity| {
        let envelope = IdentityEnvelope { mailbox: setting.reporter.mailbox(), identity: Some(identity.clone()) };
        envelope.seal(&setting.keys.keys.custodian).map(Some)
    };
    let named = Identity { name: "王某".to_owned(), contact: "电话 123".to_owned(), account: String::new() };
    let payee = Identity { account: "某银行 6222".to_owned(), ..named.clone() };
    let own = Report { what: "A pipe.".to_owned(), naming: "real-name".to_owned(), ..Report::default() };
    let few = Report { what: "Look at your own.".to_owned(), restricted: true, ..Report::default() };
    let called = Report { what: "来电反映。".to_owned(), origin: "phone".to_owned(), ..Report::default() };
    let enclosure = setting.reporter.enclosure_seed(&LetterId::from([32; 16]));
    let follow_up = Body::FollowUp { text: "补充。\u{1f426}".to_owned() };
    let note = ClaimNote::derive(&ReceiptCode::from_random([9; 16]).claim_key(), 1).hash();
    let claim = |id: u8, choice, text: &str| {
        let letter = write(id, Body::Claim { choice, text: text.to_owned() })?;
        Ok::<_, Box<dyn Error>>(Letter { sequence: 2, previous, ..letter })
    };
    let openly = Letter { identity: envelope(&payee)?, ..claim(33, Choice::Open { offer_number: 1 }, "")? };
    Ok(vec![
        (
            "report under a name",
            Letter { identity: envelope(&named)?, ..write(30, Body::Report(Box::new(own)))? },
            Some(named),
        ),
        ("report that the post sealed", write(31, Body::Report(Box::new(called)))?, None),
        ("restricted report", write(38, Body::Report(Box::new(few)))?, None),
        ("follow-up", Letter { sequence: 1, previous, enclosure: Some(enclosure), ..write(32, follow_up)? }, None),
        ("claim openly", openly, Some(payee)),
        ("claim by note", claim(34, Choice::Note { offer_number: 1, note }, "")?, None),
        ("refusal of the reward", claim(35, Choice::Refuse { offer_number: 2 }, "不要了")?, None),
        ("request for reconsideration", claim(36, Choice::Reconsider { offer_number: u32::MAX }, "Too little.")?, None),
        ("cover letter", write(37, Body::Cover {})?, None),
    ])
}

/// A letter as it is sent, and all that is inside. `identity` is who is named in its envelope.
fn sealed(
    name: &str,
    setting: &Setting,
    letter: &Letter,
    identity: Option<&Identity>,
) -> Result<Value, Box<dyn Error>> {
    let visit = setting.reporter.visit(letter, &setting.keys, setting.today)?;
    Ok(json!({
        "name": name,
        "header": Header::of(letter),
        "letter": letter,
        "envelope": letter.identity.as_ref().map(|_| json!({ "mailbox": letter.mailbox(), "identity": identity })),
        "sealed": STANDARD.encode(Visit::parse(&visit.request)?.letter),
        "digest": visit.digest,
    }))
}
