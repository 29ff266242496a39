//! Writes `vectors/calculator.json`: the amounts and explanation lines that the page's calculator must reproduce.

use casework::reports::Category;
use casework::rewards::{Facts, award};
use casework::rules::{BUILT_IN, RuleSets};
use model::Fen;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sets = RuleSets::parse(BUILT_IN)?;
    let policy = &sets.newest().ok_or("no rules")?.policy;
    // JavaScript integers are exact up to 2^53 - 1; the page refuses larger fines.
    let fines = [0, 1, 19, 20, 1_999, 123_456_789, 199_999_999, 200_000_000, 200_000_001, 200_000_020, (1 << 53) - 1];
    let mut cases = Vec::new();
    for fine in fines {
        let made = award(policy, &Facts::of(Category::CovertDischarge, Fen(fine)))?;
        cases.push(json!({ "fine": fine, "award": made, "text": Fen(made.due_fen).to_string() }));
    }
    let rules = json!({ "policy": policy.document, "rate": policy.rate_basis_points, "cap": policy.cap_fen });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/calculator.json");
    let text = serde_json::to_string_pretty(&json!({ "rules": rules, "cases": cases }))?;
    Ok(std::fs::write(path, text + "\n")?)
}
