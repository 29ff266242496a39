//! The project's own vectors, read as a second implementation would read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::keys::note_key::NoteKey;
use crypto::keys::statement::{BadStatement, KeyStatement};
use crypto::keys::words::{BadWords, WordList};
use crypto::letters::receipt::ReceiptCode;
use model::Day;
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};
use opening::reporter::Reporter;
use serde_json::Value;

fn read(name: &str) -> Value {
    let path = format!("{}/../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("a vector file")).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
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
        assert_eq!(hex::encode(typed.mailbox_token().expose()), text(&vector["token"]));
        assert_eq!(hex::encode(typed.reply_seed().expose()), text(&vector["replySeed"]));
        assert_eq!(hex::encode(typed.claim_key().expose()), text(&vector["claimKey"]));
        let reporter = Reporter::new(typed);
        assert_eq!(reporter.mailbox().to_hex(), text(&vector["mailbox"]));
        assert_eq!(reporter.identity().recipient().to_string(), text(&vector["replyTo"]));
        assert_eq!(String::from(reporter.verification_key()), text(&vector["verifyWith"]));
    }
    for vector in vectors["refused"].as_array().expect("refused") {
        let refused = ReceiptCode::parse(text(&vector["typed"])).err().expect("refused");
        let found = match refused {
            BadWords::Length { .. } => "length",
            BadWords::UnknownWord(at) => {
                assert_eq!(vector["at"].as_u64(), Some(at as u64));
                "unknown-word"
            }
            BadWords::Checksum => "checksum",
        };
        assert_eq!(found, text(&vector["code"]), "{}", vector["typed"]);
    }
}

#[test]
fn letters() {
    let vector = read("letter");
    let recorder = HybridIdentity::parse(text(&vector["recorderIdentity"])).expect("an identity");
    let post = HybridIdentity::parse(text(&vector["postIdentity"])).expect("an identity");
    let sealed = STANDARD.decode(text(&vector["sealed"])).expect("base64");
    let (header, inner) = open_outer(&recorder, &sealed).expect("the outer layer");
    assert_eq!(serde_json::to_value(&header).expect("JSON"), vector["header"]);
    let letter = open_inner(&post, &header, &inner).expect("the inner layer");
    assert_eq!(serde_json::to_value(&letter).expect("JSON"), vector["letter"]);
}

#[test]
fn slots() {
    let vector = read("slot");
    let reporter = Reporter::new(code(&vector["code"]));
    let post = serde_json::from_value(vector["post"].clone()).expect("a key");
    for name in ["first", "answer"] {
        let sealed = STANDARD.decode(text(&vector[name]["sealed"])).expect("base64");
        let plain = reporter.identity().open(&sealed, crypto::slots::slot::PLAIN).expect("opens");
        let slot = crypto::slots::slot::Slot::read(&plain, &reporter.mailbox(), &reporter.verification_key(), &post);
        assert_eq!(serde_json::to_value(slot.expect("a slot")).expect("JSON"), vector[name]["slot"]);
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
