//! Writes `vectors/{receipt,letter,slot,statement,enclosure}.json`.
//!
//! A refused case is a sound one with one change, made in the text before it is signed, so that nothing else is wrong.

mod keys;
mod letter;
mod receipt;
mod refused_letter;
mod refused_slot;
mod signed;
mod slot;
mod slot_access;
mod statement;

use std::error::Error;
use std::fs;

use crypto::keys::statement::VerifiedStatement;
use crypto::letters::receipt::ReceiptCode;
use crypto::sealing::enclosure::EnclosureSize;
use model::Day;
use opening::reporter::Reporter;
use serde_json::{Value, json};

use crate::keys::Roles;

/// What all makers of letters and slots need.
struct Setting {
    roles: Roles,
    reporter: Reporter,
    keys: VerifiedStatement,
    today: Day,
}

fn main() -> Result<(), Box<dyn Error>> {
    let roles = Roles::new()?;
    let today: Day = "2026-11-23".parse()?;
    write("statement", &statement::statements(&roles, today)?)?;
    write("receipt", &receipt::receipts())?;
    write("enclosure", &enclosures())?;
    let reporter = Reporter::new(ReceiptCode::from_random([9; 16]));
    let keys = roles.keys(today, today.plus_days(365));
    let statement = roles.statement(7, today, today.plus_days(30));
    let setting = Setting { roles, reporter, keys: VerifiedStatement { keys, statement }, today };
    write("letter", &letter::letters(&setting)?)?;
    write("slot", &slot::slots(&setting)?)?;
    Ok(())
}

fn write(name: &str, value: &Value) -> Result<(), Box<dyn Error>> {
    let path = format!("{}/../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Ok(fs::write(path, format!("{}\n", serde_json::to_string_pretty(value)?))?)
}

fn enclosures() -> Value {
    let sizes: Vec<Value> = EnclosureSize::all()
        .map(|size| json!({ "plain": size.plain(), "sealed": size.sealed(), "parts": size.parts() }))
        .collect();
    json!({ "sizes": sizes })
}
