//! Slots that must be refused, each a sound one with one change.

use std::error::Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::letters::receipt::ReceiptCode;
use crypto::slots::slot::{PLAIN, Slot};
use opening::reporter::Reporter;
use serde_json::{Value, json};

use crate::Setting;
use crate::signed::{changed, replaced, signed, with_field, without_field};
use crate::slot::{CONTEXT, full};

/// All refused slots. A case with `signed` is to be padded and sealed to the reporter; one with `sealed` is whole.
pub(crate) fn refused(setting: &Setting) -> Result<Vec<Value>, Box<dyn Error>> {
    let mailbox = setting.reporter.mailbox();
    let first = Slot::First { mailbox, day: setting.today, received: Vec::new() };
    let post = serde_json::to_value(Slot::Post(full(setting)?))?;
    let make = Maker { setting, first: serde_json::to_value(first)?, post };
    let mut cases = make.days()?;
    cases.extend(make.letters()?);
    cases.extend(make.numbers()?);
    cases.extend(make.codes()?);
    cases.extend(make.fields()?);
    cases.extend(make.texts()?);
    cases.extend(make.first_slots()?);
    cases.extend(make.signatures()?);
    cases.extend(make.seals()?);
    Ok(cases)
}

struct Maker<'a> {
    setting: &'a Setting,
    first: Value,
    post: Value,
}

impl Maker<'_> {
    fn case(name: &str, signed: &Value, reason: &str) -> Value {
        json!({ "name": name, "signed": signed, "reason": reason })
    }

    /// A slot that the post has signed as it should, and that is not of its format.
    fn malformed(&self, name: &str, content: &str) -> Value {
        let signed = signed(content, CONTEXT, self.setting.roles.post_signing.signing_key());
        Self::case(name, &signed, "form")
    }

    /// The sound slot with one value changed, for each of these places and values.
    fn changes(&self, changes: &[(&str, &str, Value)]) -> Result<Vec<Value>, Box<dyn Error>> {
        let made = changes.iter().map(|(name, place, other)| {
            let slot = changed(&self.post, place, other.clone())?;
            Ok(self.malformed(name, &slot.to_string()))
        });
        made.collect()
    }

    fn days(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let bad = [
            ("with a space before it", " 2026-11-27"),
            ("with a space after it", "2026-11-27 "),
            ("that is empty", ""),
            ("that is in no calendar", "2026-02-30"),
            ("in a leap year that is none", "2026-02-29"),
            ("in month thirteen", "2026-13-01"),
            ("on day zero", "2026-11-00"),
            ("without zeros", "2026-11-3"),
            ("without hyphens", "20261127"),
            ("with a time", "2026-11-27T00:00:00Z"),
            ("in words", "27 Nov 2026"),
            ("with full-width digits", "２０２６-11-27"),
            ("as a week", "2026-W48-5"),
            ("with a sign", "+002026-11-27"),
            ("after a line feed", "\n2026-11-27"),
        ];
        let mut cases = Vec::new();
        for (name, day) in bad {
            let slot = changed(&self.post, "/day", json!(day))?;
            cases.push(self.malformed(&format!("a day {name}"), &slot.to_string()));
        }
        let day = || json!("2026-11-31");
        cases.extend(self.changes(&[
            ("a number for a day", "/day", json!(20_261_127)),
            ("null for a day", "/day", Value::Null),
            ("a bad day of erasure", "/erased_on", day()),
            ("a bad day of a message", "/messages/0/day", day()),
            ("a bad day to acknowledge", "/due/acknowledge", day()),
            ("a bad day to reply", "/due/written_reply", day()),
            ("a bad day for feedback", "/due/feedback", day()),
            ("a bad day to answer", "/due/answer", day()),
            ("a bad day of decision", "/outcome/decided_on", day()),
            ("a bad last day", "/outcome/claim/last_day", day()),
            ("a bad day to reconsider", "/outcome/claim/reconsider_until", day()),
            ("a bad day of payment", "/outcome/claim/paid_on", day()),
            ("a bad day of an answer", "/outcome/claim/answered_on", day()),
        ])?);
        Ok(cases)
    }

    fn letters(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let id = "ab".repeat(16);
        self.changes(&[
            ("a letter's id in capitals", "/received/0/letter", json!(id.to_uppercase())),
            ("a letter's id that is too short", "/received/1/letter", json!(id[..30])),
            ("a letter's id that is too long", "/received/1/letter", json!(format!("{id}ab"))),
            ("a letter's id that is not hexadecimal", "/received/0/letter", json!("g".repeat(32))),
            ("a letter's id with a space", "/received/0/letter", json!(format!(" {}", &id[1..]))),
            ("a text for a list of letters", "/received", json!(id)),
            ("a text for a letter", "/received/0", json!(id)),
            (
                "a letter with a field more",
                "/received/0",
                json!({ "letter": id, "enclosure": { "state": "none" }, "day": null }),
            ),
            ("an unknown state of an enclosure", "/received/0/enclosure", json!({ "state": "lost" })),
            ("the state of an enclosure as text", "/received/0/enclosure", json!("whole")),
            ("incomplete since no day", "/received/0/enclosure", json!({ "state": "incomplete" })),
            ("incomplete since a bad day", "/received/1/enclosure/since", json!("2026-11-31")),
            ("whole since a day", "/received/0/enclosure", json!({ "state": "whole", "since": "2026-11-23" })),
            ("a mailbox in capitals", "/mailbox", json!(self.setting.reporter.mailbox().to_hex().to_uppercase())),
        ])
    }

    fn numbers(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let above = json!(9_007_199_254_740_992_u64);
        let wide = json!(4_294_967_296_u64);
        let share = "/outcome/award/lines/0";
        let place = |field: &str| format!("{share}/{field}");
        self.changes(&[
            ("a negative amount due", "/outcome/award/due_fen", json!(-1)),
            ("an amount due above 2^53 - 1", "/outcome/award/due_fen", above.clone()),
            ("an amount due with a fraction", "/outcome/award/due_fen", json!(0.5)),
            ("an amount due written with a point", "/outcome/award/due_fen", json!(25.0)),
            ("an amount due as text", "/outcome/award/due_fen", json!("25")),
            ("a negative amount to pay", "/outcome/claim/open_fen", json!(-1)),
            ("an amount to pay above 2^53 - 1", "/outcome/claim/open_fen", above.clone()),
            ("a negative amount paid", "/outcome/claim/paid_fen", json!(-1)),
            ("an amount paid above 2^53 - 1", "/outcome/claim/paid_fen", above.clone()),
            ("a negative amount before", "/outcome/claim/before_fen", json!(-1)),
            ("an amount before above 2^53 - 1", "/outcome/claim/before_fen", above.clone()),
            ("a negative fine", &place("fine_fen"), json!(-1)),
            ("a fine above 2^53 - 1", &place("fine_fen"), above.clone()),
            ("a negative share", &place("share_fen"), json!(-1)),
            ("basis points above 32 bits", &place("basis_points"), wide.clone()),
            ("a negative cap", "/outcome/award/lines/1/cap_fen", json!(-1)),
            ("a negative special award", "/outcome/award/lines/2/amount_fen", json!(-1)),
            ("reporters above 32 bits", "/outcome/award/lines/3/reporters", wide.clone()),
            ("a negative place", "/outcome/award/lines/3/place", json!(-1)),
            ("an offer number above 32 bits", "/outcome/claim/offer_number", wide),
            ("a slot's number above 2^53 - 1", "/number", above.clone()),
            ("a slot's negative number", "/number", json!(-3)),
            ("a statement's serial above 2^53 - 1", "/statement", above.clone()),
            ("a statement's negative serial", "/statement", json!(-1)),
            ("a number of older letters above 2^53 - 1", "/earlier", above.clone()),
            ("a proof's number above 2^53 - 1", "/witnessed/proofs/0/number", above.clone()),
            ("a negative place in the log", "/witnessed/proofs/0/sequence", json!(-1)),
            ("a place in the log above 2^53 - 1", "/witnessed/proofs/0/sequence", above),
        ])
    }

    fn codes(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let lines = "/outcome/award/lines";
        let negative = json!([{ "line": "several", "fines_fen": [1, -1], "summed": true, "fine_fen": 0 }]);
        self.changes(&[
            ("an unknown kind", "/kind", json!("second")),
            ("an unknown state", "/state", json!("forwarded")),
            ("a state in capitals", "/state", json!("Answered")),
            ("an unknown outcome", "/outcome", json!({ "outcome": "lost" })),
            ("an outcome with a field more", "/outcome", json!({ "outcome": "known", "closed": true })),
            ("an outcome as text", "/outcome", json!("known")),
            ("an unknown state of a claim", "/outcome/claim/state", json!("gone")),
            ("an empty state of a claim", "/outcome/claim/state", json!("")),
            ("an unknown line", lines, json!([{ "line": "bonus", "amount_fen": 1 }])),
            ("a line named like a method", lines, json!([{ "line": "constructor" }])),
            ("a line with another's field", lines, json!([{ "line": "no-fine", "cap_fen": 1 }])),
            ("a negative fine among several", lines, negative),
            ("a negative add-on", lines, json!([{ "line": "add-on", "event": "arrest", "amount_fen": -1 }])),
            ("a number for an exclusion", lines, json!([{ "line": "excluded", "exclusion": 1 }])),
            ("a text for yes or no", "/dropped", json!("false")),
            ("a number for yes or no", "/outcome/claim/against_code", json!(1)),
            ("a number for a message's text", "/messages/0/text", json!(1)),
        ])
    }

    fn fields(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let mut cases = Vec::new();
        for (name, object) in [
            ("the slot", ""),
            ("the outcome", "/outcome"),
            ("the award", "/outcome/award"),
            ("a line", "/outcome/award/lines/0"),
            ("the claim", "/outcome/claim"),
            ("the days due", "/due"),
            ("a message", "/messages/0"),
            ("the signed list", "/access"),
            ("the checkpoint with its proofs", "/witnessed"),
            ("a proof", "/witnessed/proofs/0"),
        ] {
            let slot = with_field(&self.post, object, "more", json!(1))?;
            cases.push(self.malformed(&format!("a field more in {name}"), &slot.to_string()));
        }
        for (object, field) in [
            ("", "dropped"),
            ("", "outcome"),
            ("", "due"),
            ("", "erased_on"),
            ("", "witnessed"),
            ("/outcome/claim", "paid_on"),
            ("/outcome/claim", "before_fen"),
            ("/outcome/award", "policy"),
            ("/due", "answer"),
            ("/messages/0", "text"),
            ("/access", "signature"),
            ("/witnessed", "proofs"),
            ("/witnessed/proofs/0", "salt"),
        ] {
            let slot = without_field(&self.post, object, field)?;
            cases.push(self.malformed(&format!("no {field} in {object}"), &slot.to_string()));
        }
        let base64 = |name, text: &str| (name, "/witnessed/proofs/0/salt", json!(text));
        cases.extend(self.changes(&[
            ("an array for the days due", "/due", json!(["2026-11-23", "2026-11-23", "2026-11-23", "2026-11-23"])),
            ("an array for a message", "/messages/0", json!(["2026-11-23", "x"])),
            ("no list at all", "/access", Value::Null),
            ("a number for the list's text", "/access/content", json!(1)),
            ("a number for the checkpoint", "/witnessed/checkpoint", json!(3)),
            base64("a salt that is too short", "AAAA"),
            base64("a salt without padding", &"A".repeat(43)),
            base64("a salt with bits left over", &format!("{}B=", "A".repeat(42))),
            ("a path that is no list", "/witnessed/proofs/0/path", json!("")),
            ("a hash of a path that is too short", "/witnessed/proofs/0/path/0", json!("AAAA")),
        ])?);
        Ok(cases)
    }

    /// The JSON itself could be read in two ways, or in none.
    fn texts(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let text = self.post.to_string();
        let part = |name, part: &str, other: &str| {
            Ok::<_, Box<dyn Error>>(self.malformed(name, &replaced(&text, part, other)?))
        };
        Ok(vec![
            part("a day twice", "\"dropped\":false", "\"dropped\":false,\"day\":\"2026-11-27\"")?,
            part(
                "a name twice, once with an escape",
                "\"dropped\":false",
                "\"dropped\":false,\"d\\u0061y\":\"2026-11-27\"",
            )?,
            part("a kind twice", "\"kind\":\"post\"", "\"kind\":\"first\",\"kind\":\"post\"")?,
            part("a number with an exponent", "\"number\":3", "\"number\":3e0")?,
            part("a number with a zero before it", "\"number\":3", "\"number\":03")?,
            part("zero below zero", "\"earlier\":2", "\"earlier\":-0")?,
            part("half a character", "正在核实", "\\ud83d")?,
            part("a comma at the end", "\"dropped\":false", "\"dropped\":false,")?,
            self.malformed("an array around it", &format!("[{text}]")),
            self.malformed("more after it", &format!("{text}{{}}")),
            self.malformed("cut within the JSON", &text[..text.len() - 1]),
            self.malformed("nothing", ""),
            self.malformed("null", "null"),
        ])
    }

    fn first_slots(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let own = self.setting.reporter.signing_key();
        let case = |name, slot: Value| Self::case(name, &signed(&slot.to_string(), CONTEXT, own), "form");
        Ok(vec![
            case("first: a bad day", changed(&self.first, "/day", json!(" 2026-11-23"))?),
            case("first: a letter as text", changed(&self.first, "/received", json!(["ab".repeat(16)]))?),
            case("first: a field more", with_field(&self.first, "", "number", json!(1))?),
            case("first: a field less", without_field(&self.first, "", "received")?),
        ])
    }

    /// The slot is another's, or signed by another key.
    fn signatures(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let Setting { roles, reporter, .. } = self.setting;
        let (post, first) = (self.post.to_string(), self.first.to_string());
        let by_post = roles.post_signing.signing_key();
        let sound = signed(&post, CONTEXT, by_post);
        let capitals = sound["signature"].as_str().unwrap_or_default().to_uppercase();
        let other = json!("ab".repeat(32));
        let foreign = changed(&self.post, "/mailbox", other.clone())?.to_string();
        let foreign_first = changed(&self.first, "/mailbox", other)?.to_string();
        let mut padded = Self::case("padded to another size", &sound, "size");
        padded["padded"] = json!(PLAIN - 1);
        let long = changed(&self.post, "/messages/0/text", json!("水".repeat(PLAIN / 3)))?.to_string();
        Ok(vec![
            Self::case("of another mailbox", &signed(&foreign, CONTEXT, by_post), "foreign"),
            Self::case(
                "first: of another mailbox",
                &signed(&foreign_first, CONTEXT, reporter.signing_key()),
                "foreign",
            ),
            Self::case(
                "signed by the recorder",
                &signed(&post, CONTEXT, roles.recorder_signing.signing_key()),
                "signature",
            ),
            Self::case("signed by the reporter", &signed(&post, CONTEXT, reporter.signing_key()), "signature"),
            Self::case("first: signed by the post", &signed(&first, CONTEXT, by_post), "signature"),
            Self::case("signed as a slot of another version", &signed(&post, "qingniao/slot/v1", by_post), "signature"),
            Self::case("signed as a letter", &signed(&post, "qingniao/letter/v2", by_post), "signature"),
            Self::case("a signature in capitals", &changed(&sound, "/signature", json!(capitals))?, "signature"),
            Self::case(
                "a signature of another text",
                &changed(&sound, "/content", json!(format!("{post} ")))?,
                "signature",
            ),
            Self::case("a field beside the signature", &with_field(&sound, "", "more", json!(1))?, "form"),
            Self::case("no signature", &without_field(&sound, "", "signature")?, "form"),
            Self::case("too long", &signed(&long, CONTEXT, by_post), "too-long"),
            padded,
        ])
    }

    /// The sealed bytes do not open.
    fn seals(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let key = self.setting.roles.post_signing.signing_key();
        let slot = Slot::Post(full(self.setting)?);
        let whole = slot.seal(key, &self.setting.reporter.identity().recipient())?;
        let stranger = Reporter::new(ReceiptCode::from_random([99; 16]));
        let astray = slot.seal(key, &stranger.identity().recipient())?;
        let case =
            |name: &str, sealed: &[u8]| json!({ "name": name, "sealed": STANDARD.encode(sealed), "reason": "open" });
        Ok(vec![case("cut", &whole[..whole.len() - 1]), case("sealed to another reporter", &astray)])
    }
}
