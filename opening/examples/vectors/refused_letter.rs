//! Letters that must be refused, each a sound one with one change.

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::letters::letter::{LETTER, Letter};
use crypto::letters::receipt::ReceiptCode;
use crypto::sealing::outer::{self, HEADER, Header};
use opening::reporter::Reporter;
use serde_json::{Value, json};

use crate::Setting;
use crate::signed::{changed, replaced, signed, with_field, without_field};

const CONTEXT: &str = "qingniao/letter/v2";

/// All refused letters. A case with `signed` is to be padded and sealed under its `header`, or that of the
/// first letter; one with `sealed` is whole.
pub(crate) fn refused(setting: &Setting, sound: &Letter) -> Result<Vec<Value>, Box<dyn Error>> {
    let make = Maker::new(setting, sound)?;
    let mut cases = make.contents()?;
    cases.extend(make.texts()?);
    cases.extend(make.others()?);
    cases.extend(make.headers()?);
    cases.extend(make.seals(sound)?);
    Ok(cases)
}

struct Maker<'a> {
    setting: &'a Setting,
    header: Value,
    letter: Value,
    stranger: Reporter,
}

impl<'a> Maker<'a> {
    fn new(setting: &'a Setting, sound: &Letter) -> Result<Self, Box<dyn Error>> {
        let (header, letter) = (serde_json::to_value(Header::of(sound))?, serde_json::to_value(sound)?);
        Ok(Self { setting, header, letter, stranger: Reporter::new(ReceiptCode::from_random([99; 16])) })
    }

    /// A letter with this content, signed as it should be.
    fn case(&self, name: &str, content: &str, reason: &str) -> Value {
        let signed = signed(content, CONTEXT, self.setting.reporter.signing_key());
        json!({ "name": name, "signed": signed, "reason": reason })
    }

    /// One field or value is not as the format has it.
    fn contents(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let at = |place: &str, other: Value| changed(&self.letter, place, other);
        let body = |body: Value| at("/body", body);
        let open = json!({ "choice": "open", "offer_number": 1 });
        let choose = |choice: Value| {
            let letter = body(json!({ "kind": "claim", "choice": choice, "text": "" }))?;
            changed(&letter, "/identity", Value::Null)
        };
        let hash = "ab".repeat(32);
        let seed = "cd".repeat(32);
        let cases = [
            ("a field more", with_field(&self.letter, "", "more", json!(1))?, "form"),
            ("a field less", without_field(&self.letter, "", "sequence")?, "form"),
            ("a missing field instead of null", without_field(&self.letter, "", "previous")?, "form"),
            ("a field of the report more", with_field(&self.letter, "/body", "more", json!(""))?, "form"),
            ("a field of the report less", without_field(&self.letter, "/body", "danger")?, "form"),
            ("a number for a text", at("/body/what", json!(1))?, "form"),
            ("an unknown kind", body(json!({ "kind": "order" }))?, "form"),
            ("a cover letter with content", body(json!({ "kind": "cover", "text": "" }))?, "form"),
            ("an unknown choice", choose(json!({ "choice": "all", "offer_number": 1 }))?, "form"),
            ("a negative offer number", choose(json!({ "choice": "refuse", "offer_number": -1 }))?, "form"),
            ("an offer number with a fraction", choose(json!({ "choice": "refuse", "offer_number": 1.0 }))?, "form"),
            (
                "a note's hash in capitals",
                choose(json!({ "choice": "note", "offer_number": 1, "note": hash.to_uppercase() }))?,
                "form",
            ),
            ("a sequence above 32 bits", at("/sequence", json!(4_294_967_296_u64))?, "form"),
            ("a negative sequence", at("/sequence", json!(-1))?, "form"),
            ("a serial above 2^53 - 1", at("/statement", json!(9_007_199_254_740_992_u64))?, "form"),
            ("an earlier letter in capitals", at("/previous", json!(hash[..32].to_uppercase()))?, "form"),
            ("an earlier letter's id that is too short", at("/previous", json!(hash[..30]))?, "form"),
            ("an earlier letter's id that is too long", at("/previous", json!(hash[..34]))?, "form"),
            (
                "a lock in capitals",
                at("/lock", json!(self.setting.reporter.mailbox_lock().to_hex().to_uppercase()))?,
                "form",
            ),
            ("a seed in capitals", at("/enclosure", json!(seed.to_uppercase()))?, "form"),
            ("a seed that is too short", at("/enclosure", json!(seed[..62]))?, "form"),
            ("a seed with a size", at("/enclosure", json!({ "seed": seed, "size": 1_048_576 }))?, "form"),
            ("a text for a restriction", at("/body/restricted", json!("yes"))?, "form"),
            ("an identity envelope of another size", at("/identity", json!("AAAA"))?, "form"),
            ("a report without an envelope", at("/identity", Value::Null)?, "identity"),
            ("open payment without an envelope", choose(open)?, "identity"),
            ("a cover letter with an envelope", body(json!({ "kind": "cover" }))?, "identity"),
        ];
        Ok(cases.into_iter().map(|(name, letter, reason)| self.case(name, &letter.to_string(), reason)).collect())
    }

    /// The JSON itself could be read in two ways, or in none.
    fn texts(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let text = self.letter.to_string();
        let twice = replaced(&text, "\"sequence\":0", "\"sequence\":0,\"sequence\":1")?;
        let half = replaced(&text, "only at night", "\\ud83d")?;
        let list = format!("[{text}]");
        let cut = &text[..text.len() - 1];
        Ok(vec![
            self.case("a field twice", &twice, "form"),
            self.case("half a character", &half, "form"),
            self.case("an array around it", &list, "form"),
            self.case("cut within the JSON", cut, "form"),
        ])
    }

    /// The signature, or a field of it, is another's.
    fn others(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let text = self.letter.to_string();
        let (own, strange) = (self.setting.reporter.signing_key(), self.stranger.signing_key());
        let case =
            |name: &str, signed: Value, reason: &str| json!({ "name": name, "signed": signed, "reason": reason });
        let sound = signed(&text, CONTEXT, own);
        let capitals = sound["signature"].as_str().unwrap_or_default().to_uppercase();
        let text_of = |place: &str, other: Value| changed(&self.letter, place, other).map(|letter| letter.to_string());
        let mut padded = self.case("padded to another size", &text, "size");
        padded["padded"] = json!(LETTER - 1);
        let long = "水".repeat(LETTER / 3);
        Ok(vec![
            case("signed by another key", signed(&text, CONTEXT, strange), "signature"),
            case("signed as a letter of another version", signed(&text, "qingniao/letter/v1", own), "signature"),
            case("signed as a slot", signed(&text, "qingniao/slot/v1", own), "signature"),
            case("a signature in capitals", changed(&sound, "/signature", json!(capitals))?, "signature"),
            case("a signature of another text", changed(&sound, "/content", json!(format!("{text} ")))?, "signature"),
            case("a field beside the signature", with_field(&sound, "", "more", json!(1))?, "form"),
            case("no signature", without_field(&sound, "", "signature")?, "form"),
            padded,
            self.case("too long", &text_of("/body/what", json!(long))?, "too-long"),
            self.case("another lock inside", &text_of("/lock", json!(self.stranger.mailbox_lock()))?, "foreign"),
            self.case("another id inside", &text_of("/letter", json!("0b".repeat(16)))?, "foreign"),
            self.case(
                "another recipient inside",
                &text_of("/reply_to", json!(self.stranger.identity().recipient()))?,
                "foreign",
            ),
        ])
    }

    /// The header is not of its format, or names another mailbox.
    fn headers(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let sound = signed(&self.letter.to_string(), CONTEXT, self.setting.reporter.signing_key());
        let case = |name: &str, header: Value, reason: &str| {
            let signed = &sound;
            json!({ "name": name, "header": header, "signed": signed, "reason": reason })
        };
        let strange = serde_json::to_value(self.stranger.verification_key())?;
        let recipient = json!(self.stranger.identity().recipient());
        // Sound in itself, but from somebody who knows the lock and not the keys: it names another mailbox.
        let letter = changed(&changed(&self.letter, "/verify_with", strange.clone())?, "/reply_to", recipient.clone())?;
        let header = changed(&changed(&self.header, "/verify_with", strange)?, "/reply_to", recipient.clone())?;
        let intruder = signed(&letter.to_string(), CONTEXT, self.stranger.signing_key());
        let upper = |field: &str| self.header[field].as_str().unwrap_or_default().to_uppercase();
        let mut padded = case("a header padded to another size", self.header.clone(), "size");
        padded["headerPadded"] = json!(HEADER + 1);
        let mut strangers = case("keys that are not the mailbox's", header, "foreign");
        strangers["signed"] = intruder;
        Ok(vec![
            case("a field of the header more", with_field(&self.header, "", "more", json!(1))?, "form"),
            case("a field of the header less", without_field(&self.header, "", "letter")?, "form"),
            case("a lock in capitals in the header", changed(&self.header, "/lock", json!(upper("lock")))?, "form"),
            case(
                "another lock in the header",
                changed(&self.header, "/lock", json!(self.stranger.mailbox_lock()))?,
                "foreign",
            ),
            case("another recipient in the header", changed(&self.header, "/reply_to", recipient)?, "foreign"),
            padded,
            strangers,
        ])
    }

    /// The sealed bytes do not open.
    fn seals(&self, sound: &Letter) -> Result<Vec<Value>, Box<dyn Error>> {
        let Setting { roles, reporter, .. } = self.setting;
        let plain = sound.sign(reporter.signing_key())?;
        let (post, recorder) = (roles.post.recipient(), roles.recorder.recipient());
        let whole = outer::seal(sound, &plain, &post, &recorder)?;
        let to_stranger = outer::seal(sound, &plain, &post, &self.stranger.identity().recipient())?;
        let inside = outer::seal(sound, &plain, &recorder, &recorder)?;
        let case =
            |name: &str, sealed: &[u8]| json!({ "name": name, "sealed": STANDARD.encode(sealed), "reason": "open" });
        Ok(vec![
            case("cut", &whole[..whole.len() - 1]),
            case("sealed to another recipient than the recorder", &to_stranger),
            case("sealed inside to another recipient than the post", &inside),
        ])
    }
}
