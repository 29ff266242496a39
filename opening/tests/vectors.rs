//! The project's own vectors, read as a second implementation would read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::keys::note_key::NoteKey;
use crypto::keys::signature::{BadSignature, VerificationKey};
use crypto::keys::statement::{BadStatement, KeyStatement};
use crypto::keys::words::{BadWords, WordList};
use crypto::letters::letter::{BadLetter, LETTER, Letter};
use crypto::letters::receipt::ReceiptCode;
use crypto::log::witness::WitnessKey;
use crypto::sealing::outer::{self, Header};
use crypto::sealing::padded::{self, BadMessage};
use crypto::sealing::sealed::seal;
use crypto::slots::access::{Access, ProofState, WitnessedLog};
use crypto::slots::slot::{self, BadSlot, PostSlot, Slot};
use model::{Day, LetterDigest};
use opening::HybridIdentity;
use opening::letter::{LetterError, open_identity, open_inner, open_outer};
use opening::reporter::Reporter;
use serde_json::{Value, json};

fn read(name: &str) -> Value {
    let path = format!("{}/../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a vector file")).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn list(value: &Value) -> &[Value] {
    let list = value.as_array().expect("a list");
    assert!(!list.is_empty());
    list
}

fn code(value: &Value) -> ReceiptCode {
    let mut bytes = [0; 16];
    hex::decode_to_slice(text(value), &mut bytes).expect("hex");
    ReceiptCode::from_random(bytes)
}

#[test]
fn receipts() {
    let vectors = read("receipt");
    for vector in vectors["codes"].as_array().expect("codes") {
        let words = code(&vector["bytes"]);
        assert_eq!(*words.words(WordList::Chinese), text(&vector["chinese"]));
        assert_eq!(*words.words(WordList::English), text(&vector["english"]));
        let typed = ReceiptCode::parse(text(&vector["chinese"])).expect("our own words");
        assert_eq!(hex::encode(typed.mailbox_secret().expose()), text(&vector["secret"]));
        assert_eq!(hex::encode(typed.reply_seed().expose()), text(&vector["replySeed"]));
        let letter = text(&vectors["letter"]).parse().expect("a letter's id");
        let token = typed.enclosure_token(&letter);
        assert_eq!(hex::encode(token.expose()), text(&vector["enclosureToken"]));
        assert_eq!(token.lock().to_hex(), text(&vector["enclosureLock"]));
        assert_eq!(hex::encode(typed.enclosure_seed(&letter).expose()), text(&vector["enclosureSeed"]));
        assert_eq!(hex::encode(typed.claim_key().expose()), text(&vector["claimKey"]));
        let reporter = Reporter::new(typed);
        assert_eq!(reporter.mailbox_lock().to_hex(), text(&vector["lock"]));
        assert_eq!(reporter.mailbox_keys().to_hex(), text(&vector["keys"]));
        assert_eq!(reporter.mailbox().to_hex(), text(&vector["mailbox"]));
        assert_eq!(reporter.identity().recipient().to_string(), text(&vector["replyTo"]));
        assert_eq!(String::from(reporter.verification_key()), text(&vector["verifyWith"]));
    }
    // B01, B08, B09
    for vector in list(&vectors["typed"]) {
        let typed =
            ReceiptCode::parse(text(&vector["typed"])).unwrap_or_else(|bad| panic!("{bad}: {}", vector["typed"]));
        assert_eq!(hex::encode(typed.mailbox_secret().expose()), text(&vector["secret"]), "{}", vector["typed"]);
    }
    for vector in vectors["refused"].as_array().expect("refused") {
        let refused = ReceiptCode::parse(text(&vector["typed"])).err().expect("refused");
        let found = match refused {
            BadWords::Length { found, .. } => {
                assert!(vector["at"].is_null() || vector["at"] == found, "{}", vector["typed"]);
                "length"
            }
            BadWords::OtherKind => "claim-note",
            BadWords::UnknownWord(at) => {
                assert_eq!(vector["at"].as_u64(), Some(at as u64));
                "unknown-word"
            }
            BadWords::Checksum => "checksum",
        };
        assert_eq!(found, text(&vector["code"]), "{}", vector["typed"]);
    }
}

/// Pads signed JSON to a size, or to another one if the case says so.
fn padded_as(value: &Value, field: &Value, size: usize) -> Result<Vec<u8>, &'static str> {
    match field.as_u64() {
        None => Ok(padded::pad(value, size).map_err(|bad| message(&bad))?.to_vec()),
        Some(other) => {
            let mut plain = value.to_string().into_bytes();
            plain.resize(usize::try_from(other).expect("a size"), b' ');
            Ok(plain)
        }
    }
}

fn message(bad: &BadMessage) -> &'static str {
    match bad {
        BadMessage::TooLong { .. } => "too-long",
        BadMessage::Size => "size",
        BadMessage::Form => "form",
    }
}

fn signature(bad: &BadSignature) -> &'static str {
    match bad {
        BadSignature::Signature => "signature",
        BadSignature::Form => "form",
    }
}

fn letter_refusal(bad: &BadLetter) -> &'static str {
    match bad {
        BadLetter::Message(bad) => message(bad),
        BadLetter::Signature(bad) => signature(bad),
        BadLetter::Identity => "identity",
        BadLetter::Foreign => "foreign",
    }
}

/// The post's and the recorder's side of `letter.json`.
struct Post {
    vector: Value,
    inner: HybridIdentity,
    outer: HybridIdentity,
    first: Header,
}

impl Post {
    fn read() -> Self {
        let vector = read("letter");
        let identity = |name: &str| HybridIdentity::parse(text(&vector[name])).expect("an identity");
        let (inner, outer) = (identity("postIdentity"), identity("recorderIdentity"));
        let first = serde_json::from_value(vector["first"].clone()).expect("a header");
        Self { vector, inner, outer, first }
    }

    /// The sealed bytes of a case, sealed here if the case has only what is inside.
    fn sealed(&self, case: &Value) -> Result<Vec<u8>, &'static str> {
        if let Some(sealed) = case["sealed"].as_str() {
            return Ok(STANDARD.decode(sealed).expect("base64"));
        }
        let header = case.get("header").unwrap_or(&self.vector["first"]);
        let mut plain = padded_as(header, &case["headerPadded"], outer::HEADER)?;
        let signed = padded_as(&case["signed"], &case["padded"], LETTER)?;
        plain.extend(seal(&self.inner.recipient(), &signed).expect("sealed"));
        Ok(seal(&self.outer.recipient(), &plain).expect("sealed"))
    }

    fn open(&self, case: &Value) -> Result<(Header, Letter), &'static str> {
        let code = |bad: LetterError| match bad {
            LetterError::Open(_) => "open",
            LetterError::Message(bad) => message(&bad),
            LetterError::Letter(bad) => letter_refusal(&bad),
            LetterError::Envelope(_) => "envelope",
        };
        let (header, inner) = open_outer(&self.outer, &self.sealed(case)?).map_err(code)?;
        let letter = open_inner(&self.inner, &header, &inner).map_err(code)?;
        // Which mailbox the letter came through.
        if header.mailbox() != self.first.mailbox() {
            return Err("foreign");
        }
        Ok((header, letter))
    }
}

#[test]
fn letters_open() {
    let post = Post::read();
    let custodian = HybridIdentity::parse(text(&post.vector["custodianIdentity"])).expect("an identity");
    for case in list(&post.vector["letters"]) {
        let name = text(&case["name"]);
        let (header, letter) = post.open(case).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        assert_eq!(serde_json::to_value(&header).expect("JSON"), case["header"], "{name}");
        assert_eq!(serde_json::to_value(&letter).expect("JSON"), case["letter"], "{name}");
        assert_eq!(LetterDigest::of(&post.sealed(case).expect("sealed")).to_hex(), text(&case["digest"]), "{name}");
        let mailbox = letter.mailbox();
        let envelope = letter.identity.map(|sealed| {
            let opened = open_identity(&custodian, &sealed, &mailbox).expect("an envelope");
            serde_json::to_value(&opened).expect("JSON")
        });
        assert_eq!(envelope.unwrap_or(Value::Null), case["envelope"], "{name}");
    }
}

#[test]
fn bad_letters_are_refused() {
    let post = Post::read();
    for case in list(&post.vector["refused"]) {
        assert_eq!(post.open(case).err(), Some(text(&case["reason"])), "{}", case["name"]);
    }
}

/// The reporter's side of `slot.json`.
struct Mailbox {
    vector: Value,
    reporter: Reporter,
    post: VerificationKey,
    recorder: VerificationKey,
    log: NoteKey,
    witnesses: Vec<WitnessKey>,
}

impl Mailbox {
    fn read() -> Self {
        let vector = read("slot");
        let key = |name: &str| serde_json::from_value(vector[name].clone()).expect("a key");
        let (post, recorder) = (key("post"), key("recorder"));
        let log = NoteKey::parse(text(&vector["log"])).expect("a key");
        let witnesses = list(&vector["witnesses"]).iter().map(|key| WitnessKey::parse(text(key)).expect("a key"));
        let (witnesses, reporter) = (witnesses.collect(), Reporter::new(code(&vector["code"])));
        Self { vector, reporter, post, recorder, log, witnesses }
    }

    fn open(&self, case: &Value) -> Result<Slot, &'static str> {
        let sealed = if let Some(sealed) = case["sealed"].as_str() {
            STANDARD.decode(sealed).expect("base64")
        } else {
            let plain = padded_as(&case["signed"], &case["padded"], slot::PLAIN)?;
            seal(&self.reporter.identity().recipient(), &plain).expect("sealed")
        };
        let plain = self.reporter.identity().open(&sealed, slot::PLAIN).map_err(|_| "open")?;
        let own = self.reporter.verification_key();
        Slot::read(&plain, &self.reporter.mailbox(), &own, &self.post).map_err(|bad| match bad {
            BadSlot::Message(bad) => message(&bad),
            BadSlot::Signature(bad) => signature(&bad),
            BadSlot::Foreign => "foreign",
        })
    }

    /// What a reporter is shown of the access list: the list's state, the checkpoint's, and that of each proof.
    fn shown(&self, slot: &PostSlot) -> Value {
        let access = Access::of(slot, &self.recorder, &self.log, &self.witnesses);
        let list = access.list.as_ref().map_or_else(signature, |_| "ok");
        let witnessed = match access.witnessed {
            WitnessedLog::None => "none",
            WitnessedLog::Wrong => "wrong",
            WitnessedLog::Cosigned { old: true, .. } => "old",
            WitnessedLog::Cosigned { old: false, .. } => "cosigned",
        };
        let proofs = access.proofs.iter().map(|proof| match proof {
            ProofState::Proved => "proved",
            ProofState::None => "none",
            ProofState::Wrong => "wrong",
        });
        json!([list, witnessed, proofs.collect::<Vec<_>>()])
    }
}

#[test]
fn slots_are_read() {
    let mailbox = Mailbox::read();
    for case in list(&mailbox.vector["sealed"]) {
        let slot = mailbox.open(case).expect("a slot");
        assert_eq!(serde_json::to_value(slot).expect("JSON"), case["slot"], "{}", case["name"]);
    }
    for case in list(&mailbox.vector["slots"]) {
        let name = text(&case["name"]);
        let slot = mailbox.open(case).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        let content: Value = serde_json::from_str(text(&case["signed"]["content"])).expect("JSON");
        assert_eq!(serde_json::to_value(&slot).expect("JSON"), content, "{name}");
        if let Slot::Post(slot) = slot {
            let expected = json!([case["access"], case["witnessed"], case["proofs"]]);
            assert_eq!(mailbox.shown(&slot), expected, "{name}");
        }
    }
}

#[test]
fn bad_slots_are_refused() {
    let mailbox = Mailbox::read();
    for case in list(&mailbox.vector["refused"]) {
        assert_eq!(mailbox.open(case).err(), Some(text(&case["reason"])), "{}", case["name"]);
    }
}

#[test]
fn statements() {
    for vector in read("statement").as_array().expect("cases") {
        let root = NoteKey::parse(text(&vector["root"])).expect("a key");
        let bundle: KeyStatement = serde_json::from_value(vector["bundle"].clone()).expect("a bundle");
        let today: Day = text(&vector["today"]).parse().expect("a day");
        let found = match bundle.verify(&root, today, vector["seen"].as_u64()) {
            Ok(_) => "ok",
            Err(BadStatement::Form(_)) => "form",
            Err(BadStatement::Signature) => "signature",
            Err(BadStatement::TooLong) => "too-long",
            Err(BadStatement::NotInForce) => "not-in-force",
            Err(BadStatement::SerialBack) => "serial-back",
        };
        assert_eq!(found, text(&vector["expect"]), "{}", vector["name"]);
    }
}
