//! Receipt codes: bytes, words, everything derived from them, and words that are refused.

use crypto::keys::words::WordList;
use crypto::letters::claim_note::ClaimNote;
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use opening::reporter::Reporter;
use serde_json::{Value, json};

pub(crate) fn receipts() -> Value {
    let codes: Vec<Value> = [[0; 16], [9; 16], [0xff; 16], std::array::from_fn(|i| u8::try_from(i * 17).unwrap_or(0))]
        .into_iter()
        .map(|bytes| {
            let code = ReceiptCode::from_random(bytes);
            let letter = LetterId::from([5; 16]);
            let reporter = Reporter::new(ReceiptCode::from_random(bytes));
            json!({
                "bytes": hex::encode(bytes),
                "chinese": *code.words(WordList::Chinese),
                "english": *code.words(WordList::English),
                "secret": hex::encode(code.mailbox_secret().expose()),
                "lock": reporter.mailbox_lock(),
                "keys": reporter.mailbox_keys(),
                "mailbox": reporter.mailbox(),
                "replySeed": hex::encode(code.reply_seed().expose()),
                "replyTo": reporter.identity().recipient(),
                "verifyWith": reporter.verification_key(),
                "enclosureToken": hex::encode(code.enclosure_token(&letter).expose()),
                "enclosureLock": code.enclosure_token(&letter).lock(),
                "enclosureSeed": hex::encode(code.enclosure_seed(&letter).expose()),
                "claimKey": hex::encode(code.claim_key().expose()),
                "notes": [note(&code, 1), note(&code, 2)],
            })
        })
        .collect();
    json!({ "letter": LetterId::from([5; 16]), "codes": codes, "refused": refused_receipts() })
}

fn note(code: &ReceiptCode, number: u32) -> Value {
    let note = ClaimNote::derive(&code.claim_key(), number);
    json!({
        "hash": note.hash(),
        "chinese": *note.words(WordList::Chinese),
        "english": *note.words(WordList::English),
        "qr": *note.qr_text(),
    })
}

fn refused_receipts() -> Value {
    let abandon = "abandon ".repeat(12);
    json!([
        { "typed": "", "code": "length" },
        { "typed": "abandon about", "code": "length" },
        { "typed": abandon, "code": "checksum" },
        { "typed": abandon.replacen("abandon", "qingniao", 3), "code": "unknown-word", "at": 1 },
        { "typed": "的一是在不了有和人这中鼂", "code": "unknown-word", "at": 12 },
        { "typed": "的一是在不了有和人这中", "code": "length" },
    ])
}
