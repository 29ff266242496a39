//! Key statements that verify, and refused ones.

use std::error::Error;

use crypto::keys::note_text::RootKey;
use crypto::keys::statement::KeyStatement;
use model::Day;
use opening::NoteSigningKey;
use serde_json::{Value, json};

use crate::keys::{Roles, cosign_any, sign_any};
use crate::signed::replaced;

pub(crate) fn statements(roles: &Roles, today: Day) -> Result<Value, Box<dyn Error>> {
    let keys = roles.keys(today, today.plus_days(365));
    let statement = roles.statement(7, today, today.plus_days(30));
    let good = roles.signed(&keys, &statement)?;
    let wrong_root = NoteSigningKey::<RootKey>::from_seed("demo.vectors/root", &[99; 32])?.public();
    let long_year = roles.signed(&roles.keys(today, today.plus_days(367)), &statement)?;
    let long_month = roles.signed(&keys, &roles.statement(7, today, today.plus_days(31)))?;
    let alone = KeyStatement { statement: roles.statement.sign_note(&statement)?, ..good.clone() };
    let not_root = KeyStatement {
        statement: cosign_any(&roles.recorder_signing, &sign_any(&roles.root, &statement.to_text())?)?,
        ..good.clone()
    };
    let altered = KeyStatement { statement: good.statement.replacen("serial 7", "serial 8", 1), ..good.clone() };
    let root = roles.root.public().to_string();
    let case = |name: &str, root: &str, bundle: &KeyStatement, today: Day, seen: Option<u64>, expect: &str| json!({ "name": name, "root": root, "bundle": bundle, "today": today, "seen": seen, "expect": expect });
    let mut cases = vec![
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
    ];
    for (name, bundle) in malformed(roles, &good, &statement.to_text())? {
        cases.push(case(name, &root, &bundle, today, None, "form"));
    }
    Ok(json!(cases))
}

/// Statements whose text was changed before it was signed, and a note with a line that is no signature.
fn malformed(
    roles: &Roles,
    good: &KeyStatement,
    text: &str,
) -> Result<Vec<(&'static str, KeyStatement)>, Box<dyn Error>> {
    let key = roles.post_signing.public().to_string();
    let id = key.split('+').nth(1).ok_or("no id")?;
    let mut cases = Vec::new();
    for (name, part, other) in [
        ("a day with a space before it", "from 2026", "from  2026"),
        ("a day that is in no calendar", "until 2026-12-23", "until 2026-11-31"),
        ("the last day before the first", "until 2026-12-23", "until 2026-11-22"),
        ("a serial with a zero before it", "serial 7", "serial 07"),
        ("a serial with a sign", "serial 7", "serial +7"),
        ("a serial above 2^53 - 1", "serial 7", "serial 9007199254740992"),
        ("a line twice", "serial 7\n", "serial 7\nserial 7\n"),
        ("a key's id in capitals", id, &id.to_uppercase()),
        ("an unknown line", "serial 7\n", "serial 7\nbackdoor x\n"),
    ] {
        let changed = replaced(text, part, other)?;
        let statement = cosign_any(&roles.recorder_signing, &sign_any(&roles.statement, &changed)?)?;
        cases.push((name, KeyStatement { statement, ..good.clone() }));
    }
    let not_signed = KeyStatement { statement: format!("{}— x\n", good.statement), ..good.clone() };
    cases.push(("a signature line that is none", not_signed));
    Ok(cases)
}
