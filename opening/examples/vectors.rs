//! Writes `vectors/{receipt,letter,slot,statement,enclosure}.json`.

use std::error::Error;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto::keys::statement::{KeyStatement, Statement, VerifiedStatement, YearKeys};
use crypto::keys::words::WordList;
use crypto::letters::claim_note::ClaimNote;
use crypto::letters::letter::{Body, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::letters::visit::Visit;
use crypto::log::access_list::{AccessList, AccessRecord, RecordProof, Witnessed};
use crypto::log::checkpoint::{Checkpoint, Proof, entry_half, leaf, leaf_told, node};
use crypto::sealing::enclosure::EnclosureSize;
use crypto::sealing::outer::Header;
use crypto::slots::slot::{ClaimState, ClaimStatus, Message, PostSlot, ReportOutcome, ReportState, Slot};
use model::{Award, Day, Due, Line, Purpose, Role};
use opening::reporter::Reporter;
use opening::{HybridIdentity, NoteSigningKey, WitnessSigningKey};
use serde_json::{Value, json};

/// All private keys of the vectors, from constant seeds.
struct Roles {
    root: NoteSigningKey,
    statement: NoteSigningKey,
    custodian: HybridIdentity,
    post: HybridIdentity,
    post_signing: NoteSigningKey,
    recorder: HybridIdentity,
    recorder_signing: NoteSigningKey,
    log: NoteSigningKey,
    witness: WitnessSigningKey,
}

fn main() -> Result<(), Box<dyn Error>> {
    let roles = Roles {
        root: NoteSigningKey::from_seed("demo.vectors/root", &[1; 32])?,
        statement: NoteSigningKey::from_seed("demo.vectors/statement", &[2; 32])?,
        custodian: HybridIdentity::from_seed(&[3; 32]),
        post: HybridIdentity::from_seed(&[4; 32]),
        post_signing: NoteSigningKey::from_seed("demo.vectors/post", &[5; 32])?,
        recorder: HybridIdentity::from_seed(&[6; 32]),
        recorder_signing: NoteSigningKey::from_seed("demo.vectors/recorder", &[7; 32])?,
        log: NoteSigningKey::from_seed("demo.vectors/log", &[8; 32])?,
        witness: WitnessSigningKey::from_seed("demo.vectors/witness", &[12; 32])?,
    };
    let today: Day = "2026-11-23".parse()?;
    let keys = roles.keys(today, today.plus_days(365));
    let statement = roles.statement(7, today, today.plus_days(30));
    write("statement", &statements(&roles, today)?)?;
    write("receipt", &receipts())?;
    write("enclosure", &enclosures())?;
    let reporter = Reporter::new(ReceiptCode::from_random([9; 16]));
    let verified = VerifiedStatement { keys, statement };
    write("letter", &letter(&roles, &reporter, &verified, today)?)?;
    write("slot", &slots(&roles, &reporter, &verified, today)?)?;
    Ok(())
}

fn write(name: &str, value: &Value) -> Result<(), Box<dyn Error>> {
    let path = format!("{}/../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Ok(fs::write(path, format!("{}\n", serde_json::to_string_pretty(value)?))?)
}

impl Roles {
    fn keys(&self, from: Day, until: Day) -> YearKeys {
        YearKeys {
            from,
            until,
            statement: self.statement.public(),
            custodian: self.custodian.recipient(),
            recorder: self.recorder_signing.public(),
            log: self.log.public(),
            witnesses: vec![self.witness.public().clone()],
            vouchers: vec![],
        }
    }

    fn statement(&self, serial: u64, from: Day, until: Day) -> Statement {
        Statement {
            serial,
            from,
            until,
            post: self.post.recipient(),
            post_signing: self.post_signing.public(),
            recorder: self.recorder.recipient(),
        }
    }

    fn signed(&self, keys: &YearKeys, statement: &Statement) -> Result<KeyStatement, Box<dyn Error>> {
        Ok(KeyStatement {
            keys: self.root.sign_note(&keys.to_text())?,
            statement: self.recorder_signing.cosign_note(&self.statement.sign_note(&statement.to_text())?)?,
        })
    }
}

fn receipts() -> Value {
    let codes: Vec<Value> = [[0; 16], [9; 16], [0xff; 16], std::array::from_fn(|i| u8::try_from(i * 17).unwrap_or(0))]
        .into_iter()
        .map(|bytes| {
            let code = ReceiptCode::from_random(bytes);
            let reporter = Reporter::new(ReceiptCode::from_random(bytes));
            json!({
                "bytes": hex::encode(bytes),
                "chinese": *code.words(WordList::Chinese),
                "english": *code.words(WordList::English),
                "token": hex::encode(code.mailbox_token().expose()),
                "mailbox": reporter.mailbox(),
                "replySeed": hex::encode(code.reply_seed().expose()),
                "replyTo": reporter.identity().recipient(),
                "verifyWith": reporter.verification_key(),
                "claimKey": hex::encode(code.claim_key().expose()),
                "notes": [note(&code, 1), note(&code, 2)],
            })
        })
        .collect();
    json!({ "codes": codes, "refused": refused_receipts() })
}

/// A claim that may be taken, after a correction.
fn standing(today: Day) -> ClaimStatus {
    ClaimStatus {
        state: ClaimState::Open,
        last_day: Some(today.plus_days(60)),
        reconsider_until: Some(today.plus_days(30)),
        offer_number: 1,
        against_code: true,
        open_fen: 50_000_000,
        paid_fen: 0,
        paid_on: None,
        before_fen: Some(10_000_000),
        answered_on: Some(today),
    }
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

fn statements(roles: &Roles, today: Day) -> Result<Value, Box<dyn Error>> {
    let keys = roles.keys(today, today.plus_days(365));
    let statement = roles.statement(7, today, today.plus_days(30));
    let good = roles.signed(&keys, &statement)?;
    let wrong_root = NoteSigningKey::from_seed("demo.vectors/root", &[99; 32])?.public();
    let long_year = roles.signed(&roles.keys(today, today.plus_days(367)), &statement)?;
    let long_month = roles.signed(&keys, &roles.statement(7, today, today.plus_days(31)))?;
    let alone = KeyStatement { statement: roles.statement.sign_note(&statement.to_text())?, ..good.clone() };
    let not_root = KeyStatement {
        statement: roles.recorder_signing.cosign_note(&roles.root.sign_note(&statement.to_text())?)?,
        ..good.clone()
    };
    let altered = KeyStatement { statement: good.statement.replacen("serial 7", "serial 8", 1), ..good.clone() };
    let extra = KeyStatement {
        statement: roles
            .recorder_signing
            .cosign_note(&roles.statement.sign_note(&format!("{}backdoor x\n", statement.to_text()))?)?,
        ..good.clone()
    };
    let root = roles.root.public().to_string();
    let case = |name: &str, root: &str, bundle: &KeyStatement, today: Day, seen: Option<u64>, expect: &str| json!({ "name": name, "root": root, "bundle": bundle, "today": today, "seen": seen, "expect": expect });
    Ok(json!([
        case("in force", &root, &good, today, None, "ok"),
        case("last day", &root, &good, today.plus_days(30), Some(7), "ok"),
        case("expired", &root, &good, today.plus_days(31), None, "not-in-force"),
        case("not yet", &root, &good, "2026-11-22".parse()?, None, "not-in-force"),
        case("old serial", &root, &good, today, Some(8), "serial-back"),
        case("wrong root", &wrong_root.to_string(), &good, today, None, "signature"),
        case("statement signed by another key", &root, &not_root, today, None, "signature"),
        case("not cosigned by the recorder", &root, &alone, today, None, "signature"),
        case("altered", &root, &altered, today, None, "signature"),
        case("a year and two days", &root, &long_year, today, None, "too-long"),
        case("thirty-one days", &root, &long_month, today, None, "too-long"),
        case("an unknown line", &root, &extra, today, None, "form"),
    ]))
}

fn enclosures() -> Value {
    let sizes: Vec<Value> = EnclosureSize::all()
        .map(|size| json!({ "plain": size.plain(), "sealed": size.sealed(), "parts": size.parts() }))
        .collect();
    json!({ "sizes": sizes })
}

fn letter(roles: &Roles, reporter: &Reporter, keys: &VerifiedStatement, today: Day) -> Result<Value, Box<dyn Error>> {
    let report = Report {
        category: "covert-discharge".to_owned(),
        party: "某某化工厂".to_owned(),
        what: "夜间通过暗管向河道排放废水。\nA hidden pipe, \"only at night\".".to_owned(),
        reporter: "insider".to_owned(),
        naming: "anonymous".to_owned(),
        ..Report::default()
    };
    let letter = reporter.letter(LetterId::from([10; 16]), Body::Report(Box::new(report)), keys)?;
    let visit = reporter.visit(&letter, keys, today)?;
    let parsed = Visit::parse(&visit.request)?;
    Ok(json!({
        "code": hex::encode([9; 16]),
        "postIdentity": *roles.post.to_text(),
        "recorderIdentity": *roles.recorder.to_text(),
        "custodianIdentity": *roles.custodian.to_text(),
        "header": Header::of(&letter),
        "letter": letter,
        "sealed": STANDARD.encode(parsed.letter),
        "digest": visit.digest,
        "sizes": {
            "visit": visit.request.len(),
            "letter": parsed.letter.len(),
            "slot": parsed.first_slot.len(),
        },
    }))
}

fn slots(roles: &Roles, reporter: &Reporter, keys: &VerifiedStatement, today: Day) -> Result<Value, Box<dyn Error>> {
    let letter = reporter.letter(LetterId::from([11; 16]), Body::Cover {}, keys)?;
    let visit = reporter.visit(&letter, keys, today)?;
    let first = Visit::parse(&visit.request)?.first_slot.to_vec();
    let record = |number, purpose| AccessRecord { number, day: today, role: Role::Officer, person: 2, purpose };
    let list = AccessList {
        mailbox: reporter.mailbox(),
        day: today,
        earlier: 4,
        records: vec![record(5, Purpose::Review), record(6, Purpose::Answer)],
    };
    let post = Slot::Post(PostSlot {
        mailbox: reporter.mailbox(),
        number: 3,
        day: today,
        earlier: 2,
        received: vec![visit.digest],
        state: ReportState::Answered,
        outcome: Some(ReportOutcome::Confirmed {
            decided_on: today,
            award: special_award(),
            closed: false,
            claim: standing(today),
        }),
        due: Some(Due { acknowledge: today, written_reply: today, feedback: today, answer: today }),
        messages: vec![Message { day: today, text: "已收到，正在核实。Thank you.".to_owned() }],
        dropped: false,
        erased_on: Some(today),
        access: list.sign(roles.recorder_signing.signing_key())?,
        witnessed: Some(witnessed(roles, &list)?),
    });
    let sealed = post.seal(roles.post_signing.signing_key(), &reporter.identity().recipient())?;
    Ok(json!({
        "code": hex::encode([9; 16]),
        "post": keys.statement.post_signing.key(),
        "recorder": keys.keys.recorder.key(),
        "log": keys.keys.log.to_string(),
        "witnesses": keys.keys.witnesses.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "first": { "sealed": STANDARD.encode(&first), "slot": reporter.read_slot(&first, keys)? },
        "answer": { "sealed": STANDARD.encode(&sealed), "slot": post, "access": list },
    }))
}

/// A log of three entries. The second is the one behind the list's first record.
fn witnessed(roles: &Roles, list: &AccessList) -> Result<Witnessed, Box<dyn Error>> {
    let record = list.records[0];
    let half = entry_half("what only the log's readers see", &[13; 32]);
    let told = leaf_told(half, &record.told(&list.mailbox)?, &[14; 32]);
    let (before, after) = (leaf("an entry", &[15; 32]), leaf("another", &[16; 32]));
    let checkpoint = Checkpoint { size: 3, root: node(node(before, told), after) };
    let note = roles.log.sign_note(&checkpoint.to_text(roles.log.public().name())?)?;
    let (entry, salt, path) = (half.0, [14; 32], Proof(vec![before, after]));
    let proof = RecordProof { number: record.number, sequence: 2, entry, salt, path };
    proof.check(&checkpoint, &list.mailbox, &record)?;
    Ok(Witnessed { checkpoint: roles.witness.cosign(&note, 1_795_000_000)?, proofs: vec![proof] })
}

/// An award with all the lines that can occur together.
fn special_award() -> Award {
    let share = Line::Share { fine_fen: 9_007_199_254_740_991, basis_points: 500, share_fen: 450_359_962_737_049 };
    let lines = vec![
        share,
        Line::Capped { cap_fen: 10_000_000 },
        Line::Special { amount_fen: 50_000_000 },
        Line::Joint { reporters: 2, place: 1, share_fen: 25_000_000 },
    ];
    Award { policy: "天政办发〔2021〕46 号".to_owned(), lines, due_fen: 25_000_000 }
}
