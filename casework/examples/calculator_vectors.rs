//! Writes `vectors/calculator.json`, which the calculator in the page must reproduce.

use casework::money::Fen;
use casework::policy::Policy;
use casework::reward::ordinary;
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::parse(include_str!("../../policy/2022-01-30.toml"))?;
    // JavaScript counts exactly up to 2^53 - 1; the page refuses more.
    let fines = [0, 1, 19, 20, 1_999, 123_456_789, 199_999_999, 200_000_000, 200_000_001, 200_000_020, (1 << 53) - 1];
    let mut cases = Vec::new();
    for fine in fines {
        let reward = ordinary(Fen(fine), &policy)?;
        cases.push(json!({ "fine": fine, "share": reward.share, "due": reward.due, "capped": reward.capped, "text": reward.due.to_string() }));
    }
    let rules = json!({ "rate": policy.rate_basis_points, "cap": policy.cap_fen });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/calculator.json");
    let text = serde_json::to_string_pretty(&json!({ "rules": rules, "cases": cases }))?;
    Ok(std::fs::write(path, text + "\n")?)
}
