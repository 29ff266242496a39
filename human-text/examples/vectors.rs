//! Writes `vectors/human-text.json` again from the inputs in it: what Rust reads in each of them. Add an input to the
//! file, with anything as its result, and run this.

use human_text::{NamesTaken, is_blank, plain, read_fen, safe_name};
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/human-text.json");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let before: Value = serde_json::from_str(&std::fs::read_to_string(PATH)?)?;
    let again = |part: &str, read: &dyn Fn(&str) -> Value| -> Vec<Value> {
        let cases = before[part].as_array().into_iter().flatten();
        cases.filter_map(|case| Some(json!([case[0], read(case[0].as_str()?)]))).collect()
    };
    let archives = before["archives"].as_array().into_iter().flatten().map(|case| {
        let mut taken = NamesTaken::default();
        let names = case[0].as_array().into_iter().flatten().filter_map(Value::as_str).zip(1..);
        let kept: Vec<String> = names.map(|(name, at)| taken.unique(safe_name(name, at), at)).collect();
        json!([case[0], kept])
    });
    let vectors = json!({
        "plain": again("plain", &|text| plain(text).into()),
        "blank": again("blank", &|text| is_blank(text).into()),
        "amounts": again("amounts", &|text| read_fen(text).ok().into()),
        "archives": archives.collect::<Vec<_>>(),
    });
    Ok(std::fs::write(PATH, serde_json::to_string_pretty(&vectors)? + "\n")?)
}
