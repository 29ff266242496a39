//! The access list in a slot: sound, refused, witnessed in time or not, with proofs that hold or do not.

use std::error::Error;

use crypto::keys::note_text::LogKey;
use crypto::log::access_list::{AccessList, AccessRecord, RecordProof, Witnessed};
use crypto::log::checkpoint::{Checkpoint, Hash, Proof, entry_half, leaf, leaf_disclosed, node};
use crypto::slots::slot::Slot;
use model::{Purpose, Role};
use opening::{NoteSigningKey, WitnessSigningKey};
use serde_json::{Value, json};

use crate::Setting;
use crate::keys::sign_any;
use crate::signed::{changed, replaced, signed, with_field, without_field};
use crate::slot::{full, post};

const CONTEXT: &str = "qingniao/access/v2";
/// When the witness cosigned, in seconds since 1970: the day of the slots, at eight in the morning in Asia/Shanghai.
pub(crate) const TIME: u64 = 1_795_392_000;
const DAY: u64 = 24 * 60 * 60;

/// What a reader makes of the access list in a slot.
pub(crate) struct Shown {
    /// `ok`, or why the list is not shown.
    pub(crate) access: &'static str,
    /// `cosigned`, `old` (with a warning), `none` or `wrong` (with an alarm).
    pub(crate) witnessed: &'static str,
    /// The state of each record's proof: `proved`, `none` or `wrong`.
    pub(crate) proofs: &'static [&'static str],
}

impl Shown {
    /// The list is the recorder's, and what can be proved is.
    pub(crate) const PROVED: Self = Self { access: "ok", witnessed: "cosigned", proofs: &["proved", "none"] };
    const REFUSED: Self = Self { access: "form", witnessed: "cosigned", proofs: &[] };
    const FOREIGN: Self = Self { access: "signature", ..Self::REFUSED };
    const OLD: Self = Self { witnessed: "old", ..Self::PROVED };
    const NONE: Self = Self { witnessed: "none", proofs: &["none", "none"], ..Self::PROVED };
    const WRONG: Self = Self { witnessed: "wrong", proofs: &["wrong", "none"], ..Self::PROVED };
    const WRONG_PROOF: Self = Self { proofs: &["wrong", "none"], ..Self::PROVED };
}

pub(crate) fn list(setting: &Setting) -> AccessList {
    let day = setting.today;
    let record = |number, purpose| AccessRecord { number, day, role: Role::Officer, person: 2, purpose };
    let records = vec![record(1, Purpose::Review), record(2, Purpose::Answer)];
    AccessList::fitting(setting.reporter.mailbox(), day, &records)
}

/// A log of three entries. The second is the one behind the list's first record.
pub(crate) fn witnessed(setting: &Setting, list: &AccessList, time: u64) -> Result<Witnessed, Box<dyn Error>> {
    let record = list.records.first().ok_or("no record")?;
    let half = entry_half("what only the log's readers see", &[13; 32]);
    let told = leaf_disclosed(half, &record.disclosed(&list.mailbox)?, &[14; 32]);
    let (before, after) = (leaf("an entry", &[15; 32]), leaf("another", &[16; 32]));
    let checkpoint = Checkpoint { size: 3, root: node(node(before, told), after) };
    let path = Proof(vec![before, after]);
    let proof = RecordProof { number: record.number, sequence: 2, entry: half.0, salt: [14; 32], path };
    proof.check(&checkpoint, &list.mailbox, record)?;
    let note = setting.roles.log.sign_note(&checkpoint)?;
    Ok(Witnessed { checkpoint: setting.roles.witness.cosign(&note, time)?, proofs: vec![proof] })
}

/// Slots that are shown, each with another access list, checkpoint or proof.
pub(crate) fn shown_variants(setting: &Setting) -> Result<Vec<Value>, Box<dyn Error>> {
    let sound = serde_json::to_value(Slot::Post(full(setting)?))?;
    let mut cases = lists(setting, &sound)?;
    cases.extend(long_lists(setting, &sound)?);
    cases.extend(codes(setting, &sound)?);
    cases.extend(checkpoints(setting, &sound)?);
    cases.extend(proofs(setting, &sound)?);
    Ok(cases)
}

/// Lists that are not shown, and an empty one, which is.
fn lists(setting: &Setting, slot: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let sound = serde_json::to_value(list(setting))?;
    let text = sound.to_string();
    let recorder = setting.roles.recorder_signing.signing_key();
    let case = |name: &str, access: Value, shown: &Shown| {
        changed(slot, "/access", access).map(|slot| post(setting, name, &slot, shown))
    };
    let refused = |name: &str, content: &str| case(name, signed(content, CONTEXT, recorder), &Shown::REFUSED);
    let at = |name: &str, place: &str, other: Value| refused(name, &changed(&sound, place, other)?.to_string());
    let (one, two) = (sound["records"][0].clone(), sound["records"][1].clone());
    let nobody = json!({ "mailbox": sound["mailbox"], "day": sound["day"], "earlier": [], "records": [] });
    let empty = Shown { proofs: &[], ..Shown::PROVED };
    let day = |day: &str| json!(day);
    Ok(vec![
        case("nobody has looked", signed(&nobody.to_string(), CONTEXT, recorder), &empty)?,
        case(
            "a list by another key",
            signed(&text, CONTEXT, setting.roles.post_signing.signing_key()),
            &Shown::FOREIGN,
        )?,
        case("a list signed as a slot", signed(&text, "qingniao/slot/v2", recorder), &Shown::FOREIGN)?,
        at("a list of another mailbox", "/mailbox", json!("ab".repeat(32)))?,
        at("a list that does not begin with the first record", "/records", json!([two]))?,
        at("a list without a record in the middle", "/records", json!([one, changed(&two, "/number", json!(3))?]))?,
        at("a number below one", "/records", json!([changed(&one, "/number", json!(0))?, one]))?,
        at("a count where there is room", "/earlier", json!([{ "purpose": "review", "count": 1 }]))?,
        at("a list in the wrong order", "/records", json!([two, one]))?,
        at("a record twice", "/records", json!([one, one]))?,
        at("a list's day with a space before it", "/day", day(" 2026-11-23"))?,
        at("a list's day that is empty", "/day", day(""))?,
        at("a list's day that is in no calendar", "/day", day("2026-02-30"))?,
        at("a record's day with a time", "/records/0/day", day("2026-11-23T08:00"))?,
        at("a record's day without zeros", "/records/0/day", day("2026-11-3"))?,
        at("a record's number as text", "/records/0/number", json!("1"))?,
        at("a record as an array", "/records/0", json!([1, "2026-11-23", "officer", 2, "review"]))?,
        refused("a record with a field more", &with_field(&sound, "/records/0", "more", json!(1))?.to_string())?,
        refused("a record with a field less", &without_field(&sound, "/records/0", "person")?.to_string())?,
        refused("a list with a field twice", &replaced(&text, "\"earlier\":[]", "\"earlier\":[],\"earlier\":[]")?)?,
    ])
}

/// Lists from which older records are left out, by the rules and against them.
fn long_lists(setting: &Setting, slot: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let purpose = |number| match number {
        1 => Purpose::Review,
        2 => Purpose::Answer,
        3 => Purpose::OpenIdentity,
        5 => Purpose::ReadIdentity,
        _ => Purpose::Verify,
    };
    let record = |number| AccessRecord { number, purpose: purpose(number), ..list(setting).records[0] };
    let long =
        AccessList::fitting(setting.reporter.mailbox(), setting.today, &(1..=40).map(record).collect::<Vec<_>>());
    let sound = serde_json::to_value(long)?;
    let shown = |access, proofs| Shown { access, proofs, ..Shown::PROVED };
    let all = shown("ok", &["none"; 32]);
    let case = |name: &str, list: &Value, shown: &Shown| {
        let signed = signed(&list.to_string(), CONTEXT, setting.roles.recorder_signing.signing_key());
        changed(slot, "/access", signed).map(|slot| post(setting, name, &slot, shown))
    };
    let earlier = |counts: &[(&str, Value)]| {
        let counts = counts.iter().map(|(purpose, count)| json!({ "purpose": purpose, "count": count }));
        changed(&sound, "/earlier", counts.collect())
    };
    let (review, answer) = (("review", json!(1)), ("answer", json!(1)));
    let mut cases = vec![case("older records counted, openings of the identity kept", &sound, &all)?];
    let without = |index: usize| {
        let mut list = sound.clone();
        list["records"].as_array_mut().map(|records| records.remove(index));
        list
    };
    for (name, list) in [
        ("an opening neither listed nor counted", without(0)),
        ("the newest record left out", without(31)),
        ("one of the newest records left out", without(20)),
        ("a purpose counted too low", earlier(&[review.clone(), answer.clone(), ("verify", json!(5))])?),
        ("a purpose counted twice", earlier(&[review.clone(), review.clone(), ("verify", json!(6))])?),
        ("a purpose counted as none", earlier(&[review.clone(), ("answer", json!(0)), ("verify", json!(7))])?),
        ("an unknown purpose counted", earlier(&[review.clone(), ("sort", json!(1)), ("verify", json!(6))])?),
        ("a count with a fraction", earlier(&[review.clone(), answer, ("verify", json!(6.0))])?),
        ("a count with a field more", with_field(&sound, "/earlier/0", "role", json!("officer"))?),
        ("a count for a list of counts", changed(&sound, "/earlier", json!(8))?),
    ] {
        cases.push(case(name, &list, &Shown::REFUSED)?);
    }
    Ok(cases)
}

/// Roles and purposes: every one there is, and ones that there are not.
fn codes(setting: &Setting, slot: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let sound = serde_json::to_value(list(setting))?;
    let with = |name: &str, place: &str, other: Value, shown: &Shown| {
        let list = changed(&sound, place, other)?.to_string();
        let signed = signed(&list, CONTEXT, setting.roles.recorder_signing.signing_key());
        Ok::<_, Box<dyn Error>>(post(setting, name, &changed(slot, "/access", signed)?, shown))
    };
    let mut cases = vec![
        with("an unknown role", "/records/1/role", json!("boss"), &Shown::REFUSED)?,
        with("a role in capitals", "/records/1/role", json!("Officer"), &Shown::REFUSED)?,
        with("an unknown purpose", "/records/1/purpose", json!("curiosity"), &Shown::REFUSED)?,
        with("an empty purpose", "/records/1/purpose", json!(""), &Shown::REFUSED)?,
        with("a person's number above 32 bits", "/records/1/person", json!(4_294_967_296_u64), &Shown::REFUSED)?,
        with("a negative person's number", "/records/1/person", json!(-2), &Shown::REFUSED)?,
    ];
    // The second record has no proof, so that another code breaks none.
    for role in Role::ALL {
        cases.push(with(&format!("role {}", role.code()), "/records/1/role", json!(role), &Shown::PROVED)?);
    }
    for purpose in Purpose::ALL {
        let name = format!("purpose {}", purpose.code());
        cases.push(with(&name, "/records/1/purpose", json!(purpose), &Shown::PROVED)?);
    }
    Ok(cases)
}

/// Checkpoints by other keys, of other forms, and cosigned too late or long ago.
fn checkpoints(setting: &Setting, slot: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let roles = &setting.roles;
    let log = roles.log.public();
    let root = Hash([17; 32]).to_string();
    let text = |size: &str, root: &str, more: &str| format!("{}\n{size}\n{root}\n{more}", log.name());
    let case = |name: &str, note: &str, shown: &Shown| {
        changed(slot, "/witnessed/checkpoint", json!(note)).map(|slot| post(setting, name, &slot, shown))
    };
    let sound = witnessed(setting, &list(setting), TIME)?.checkpoint;
    let unsigned = sound.lines().take_while(|line| !line.starts_with('—')).collect::<Vec<_>>().join("\n");
    let unsigned = format!("{}\n", unsigned.trim_end_matches('\n'));
    let bare = sign_any(&roles.log, &unsigned)?;
    let at = |time| roles.witness.cosign(&bare, time);
    let by_log = |text: &str| Ok::<_, Box<dyn Error>>(roles.witness.cosign(&sign_any(&roles.log, text)?, TIME)?);
    let stranger = WitnessSigningKey::from_seed("demo.vectors/stranger", &[98; 32])?;
    let other_log = NoteSigningKey::<LogKey>::from_seed("demo.vectors/log", &[97; 32])?;
    let other_name = NoteSigningKey::<LogKey>::from_seed("demo.vectors/other", &[8; 32])?;
    let renamed = unsigned.replacen(log.name(), other_name.public().name(), 1);
    let forged = sound.replacen("\n3\n", "\n4\n", 1);
    let mut cases = vec![post(setting, "no checkpoint", &changed(slot, "/witnessed", Value::Null)?, &Shown::NONE)];
    for (name, note, shown) in [
        ("cosigned two days after the slot's day", at(TIME + 2 * DAY)?, &Shown::PROVED),
        ("cosigned three days after the slot's day", at(TIME + 3 * DAY)?, &Shown::WRONG),
        ("cosigned at a time in milliseconds", at(TIME * 1000)?, &Shown::WRONG),
        ("cosigned at a time in nanoseconds", at(TIME * 1_000_000_000)?, &Shown::WRONG),
        ("cosigned at the largest time", at(u64::MAX)?, &Shown::WRONG),
        ("cosigned fourteen days before the slot's day", at(TIME - 14 * DAY)?, &Shown::PROVED),
        ("cosigned fifteen days before the slot's day", at(TIME - 15 * DAY)?, &Shown::OLD),
        ("cosigned in 1970", at(0)?, &Shown::OLD),
        ("signed by the log alone", bare.clone(), &Shown::NONE),
        ("cosigned by a witness of another year", stranger.cosign(&bare, TIME)?, &Shown::NONE),
        ("signed by another log", roles.witness.cosign(&sign_any(&other_log, &unsigned)?, TIME)?, &Shown::WRONG),
        ("the text of another log", by_log(&renamed)?, &Shown::WRONG),
        ("a size that was changed", forged, &Shown::WRONG),
        ("a size with a zero before it", by_log(&text("03", &root, ""))?, &Shown::WRONG),
        ("a negative size", by_log(&text("-3", &root, ""))?, &Shown::WRONG),
        ("a size above 2^53 - 1", by_log(&text("9007199254740992", &root, ""))?, &Shown::WRONG),
        ("a root that is too short", by_log(&text("3", "AAAA", ""))?, &Shown::WRONG),
        ("a root without padding", by_log(&text("3", root.trim_end_matches('='), ""))?, &Shown::WRONG),
        ("a line after the root", by_log(&text("3", &root, "more\n"))?, &Shown::WRONG),
        ("another root", by_log(&text("3", &root, ""))?, &Shown::WRONG_PROOF),
        ("a smaller log", by_log(&unsigned.replacen("\n3\n", "\n2\n", 1))?, &Shown::WRONG_PROOF),
        ("no note", "checkpoint".to_owned(), &Shown::WRONG),
        ("a signature line that is none", format!("{sound}— x\n"), &Shown::WRONG),
    ] {
        cases.push(case(name, &note, shown)?);
    }
    Ok(cases)
}

/// Proofs of their form that lead to another checkpoint.
fn proofs(setting: &Setting, slot: &Value) -> Result<Vec<Value>, Box<dyn Error>> {
    let first = "/witnessed/proofs/0";
    let proof = slot.pointer(first).ok_or("no proof")?.clone();
    let (entry, salt, path) = (proof["entry"].clone(), proof["salt"].clone(), proof["path"].clone());
    let longer = json!([path[0], path[1], salt]);
    let changed_proof = |field: &str, other: Value| changed(slot, &format!("{first}/{field}"), other);
    let none = Shown { proofs: &["none", "none"], ..Shown::PROVED };
    let swapped = Shown { proofs: &["none", "wrong"], ..Shown::PROVED };
    let twice = changed(slot, "/witnessed/proofs", json!([changed(&proof, "/salt", entry.clone())?, proof]))?;
    let cases = [
        ("no proofs", changed(slot, "/witnessed/proofs", json!([]))?, &none),
        ("a proof at another place", changed_proof("sequence", json!(1))?, &Shown::WRONG_PROOF),
        ("a proof at no place", changed_proof("sequence", json!(0))?, &Shown::WRONG_PROOF),
        ("a proof beyond the log", changed_proof("sequence", json!(4))?, &Shown::WRONG_PROOF),
        ("a proof of another entry", changed_proof("entry", salt.clone())?, &Shown::WRONG_PROOF),
        ("a proof with another salt", changed_proof("salt", entry)?, &Shown::WRONG_PROOF),
        ("a proof without its path", changed_proof("path", json!([]))?, &Shown::WRONG_PROOF),
        ("a proof with a longer path", changed_proof("path", longer)?, &Shown::WRONG_PROOF),
        ("a proof of another record", changed_proof("number", json!(2))?, &swapped),
        ("a proof of a record that is not listed", changed_proof("number", json!(9))?, &none),
        ("two proofs of one record, of which the first counts", twice, &Shown::WRONG_PROOF),
    ];
    Ok(cases.into_iter().map(|(name, slot, shown)| post(setting, name, &slot, shown)).collect())
}
