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
    json!({
        "letter": LetterId::from([5; 16]),
        "codes": codes,
        "typed": typed_receipts(),
        "refused": refused_receipts(),
    })
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

/// Texts with a receipt code in them, as pages, papers and keyboards give them, each with its bytes.
fn typed_receipts() -> Value {
    let typed = [
        // With its label.
        "回执码：割乎唐设贫渔投田饿优厉快",
        "回执码 割乎唐设 贫渔投田 饿优厉快",
        "我的回执码是：割乎唐设贫渔投田饿优厉快。",
        "这是我在网站上拿到的回执码：割乎唐设贫渔投田饿优厉快",
        "Receipt code: monitor hair neck book popular repair explain enhance worth figure ticket decade",
        "my receipt code is monitor hair neck book popular repair explain enhance worth figure ticket decade",
        // Numbered.
        "1. monitor 2. hair 3. neck 4. book 5. popular 6. repair 7. explain 8. enhance 9. worth 10. figure 11. ticket 12. decade",
        "1monitor 2hair 3neck 4book\n5popular 6repair 7explain 8enhance\n9worth 10figure 11ticket 12decade",
        "Word 1: monitor, word 2: hair, word 3: neck, word 4: book, word 5: popular, word 6: repair, word 7: explain, word 8: enhance, word 9: worth, word 10: figure, word 11: ticket, word 12: decade",
        "1.割 2.乎 3.唐 4.设 5.贫 6.渔 7.投 8.田 9.饿 10.优 11.厉 12.快",
        "①割②乎③唐④设⑤贫⑥渔⑦投⑧田⑨饿⑩优⑪厉⑫快",
        "第1个字：割，第2个字：乎，第3个字：唐，第4个字：设，第5个字：贫，第6个字：渔，第7个字：投，第8个字：田，第9个字：饿，第10个字：优，第11个字：厉，第12个字：快",
        // In both languages.
        "割乎唐设贫渔投田饿优厉快   monitor hair neck book popular repair explain enhance worth figure ticket decade",
        "回执码：割乎唐设贫渔投田饿优厉快\nReceipt code: monitor hair neck book popular repair explain enhance worth figure ticket decade",
        "回执码：monitor hair neck book popular repair explain enhance worth figure ticket decade",
        // From a PDF, by a traditional input method, with what cannot be seen.
        "劝碍避税胀斯周我⻢⻦招男",
        "勸礙避稅脹斯周我馬鳥招男",
        "劝\u{200b}碍避税\u{ad}胀斯\u{feff}周我马鸟招男\u{fe0e}",
    ];
    let read = |typed: &str| ReceiptCode::parse(typed).ok().map(|code| hex::encode(code.mailbox_secret().expose()));
    typed.iter().map(|typed| json!({ "typed": typed, "secret": read(typed) })).collect()
}

fn refused_receipts() -> Value {
    let abandon = "abandon ".repeat(12);
    let code = ReceiptCode::from_random([9; 16]);
    let note = ClaimNote::derive(&code.claim_key(), 1);
    let [chinese, english] = [WordList::Chinese, WordList::English].map(|list| note.words(list));
    let last = chinese.chars().last().map(String::from).unwrap_or_default();
    json!([
        { "typed": "", "code": "length" },
        { "typed": "abandon about", "code": "length" },
        { "typed": abandon, "code": "checksum" },
        { "typed": abandon.replacen("abandon", "qingniao", 3), "code": "unknown-word", "at": 1 },
        { "typed": "的一是在不了有和人这中鼂", "code": "unknown-word", "at": 12 },
        { "typed": "的一是在不了有和人这中", "code": "length" },
        // A claim note is called so only when its checksum matches.
        { "typed": *chinese, "code": "claim-note" },
        { "typed": format!("领取凭证：{}", *chinese), "code": "claim-note" },
        { "typed": *english, "code": "claim-note" },
        { "typed": chinese.replace(&last, "一"), "code": "length", "at": 15 },
        { "typed": "回执码：割乎唐设贫渔投田饿优厉", "code": "length", "at": 11 },
        { "typed": "回执码割乎唐设贫渔投田饿优厉", "code": "length", "at": 14 },
        { "typed": "我的回执码是割乎唐设贫渔投田饿优厉", "code": "length", "at": 17 },
        { "typed": "回执码：割乎唐设贫渔投田饿优厉厉", "code": "checksum" },
        // Nothing is guessed: a digit for a letter, two codes that differ, one that a slip has spoiled.
        { "typed": "m0nitor hair neck book popular repair explain enhance worth figure ticket decade", "code": "unknown-word", "at": 1 },
        { "typed": "割乎唐设贫渔投田饿优厉快 abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", "code": "checksum" },
        { "typed": "割乎唐设贫渔投田饿优厉厉 monitor hair neck book popular repair explain enhance worth figure ticket decade", "code": "checksum" },
    ])
}
