//! Pages as the tests saw them, stored so that two versions of the programs can be compared byte for byte.
//!
//! With `QINGNIAO_PAGES` set to a folder every page that a test loads is written below it, in a folder named after the
//! test. Parts that differ from run to run (keys, tokens, random words, ports, the time of day) are masked.
//! `scripts/compare-pages` compares two such folders; without the variable nothing is stored.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::PathBuf;

/// The shortest run of letters and digits that counts as random; hexadecimal runs count from eight.
const RANDOM: usize = 16;

/// The beginnings of elements that hold random words or keys.
const RANDOM_ELEMENTS: [&str; 8] = [
    "class=\"code\"",
    "class=\"key\"",
    "class=\"words\"",
    "id=\"code-other\"",
    "id=\"first-password\"",
    "id=\"receipt-code\"",
    "id=\"code-input\"",
    "id=\"receipt-retype\"",
];

/// Whether pages are stored.
pub(crate) fn wanted() -> bool {
    std::env::var_os("QINGNIAO_PAGES").is_some()
}

/// Stores a page, if `QINGNIAO_PAGES` is set. A page that a test sees twice is stored once.
pub fn keep(method: &str, url: &str, page: &str) {
    let Some(folder) = std::env::var_os("QINGNIAO_PAGES") else { return };
    let text = masked(page);
    let folder = PathBuf::from(folder).join(test_name());
    fs::create_dir_all(&folder).expect("a folder");
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let path: String = masked(path).chars().map(plain).collect();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let name = format!("{method}-{}-{:08x}.html", path.trim_matches('-'), hasher.finish() >> 32);
    fs::write(folder.join(name), text).expect("written");
}

/// The binary and the test that runs in this thread.
fn test_name() -> String {
    let program = std::env::current_exe().ok();
    let program = program.as_ref().and_then(|path| path.file_stem()?.to_str()).unwrap_or("tests");
    let binary = program.rsplit_once('-').map_or(program, |(name, _)| name);
    let thread = std::thread::current();
    format!("{binary}/{}", thread.name().unwrap_or("unnamed").replace("::", "-"))
}

/// The page with random parts and times of day masked, one tag a line.
fn masked(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut run = String::new();
    for c in page.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_') {
            run.push(c);
            continue;
        }
        out.push_str(if is_random(&run) { "*" } else { &run });
        run.clear();
        out.push(c);
    }
    out.pop();
    let out = mask_between(&out, "127.0.0.1:", &["/", "\"", "<", " ", "&"]);
    let out = RANDOM_ELEMENTS.iter().fold(out, |out, start| mask_between(&out, start, &["</"]));
    let out = mask_between(&out, "class=\"qr\"", &["</div"]);
    mask_times(&out).replace("><", ">\n<")
}

/// Whether a run mixes letters and digits, and is long or hexadecimal: neither a word nor a number. Pages show digests
/// by their first eight or sixteen digits.
fn is_random(run: &str) -> bool {
    let mixed = run.bytes().any(|byte| byte.is_ascii_digit()) && run.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_hexadecimal = run.len() >= 8 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
    mixed && !run.contains("//") && (run.len() >= RANDOM || is_hexadecimal)
}

/// Masks what follows `start` up to one of `ends`.
fn mask_between(text: &str, start: &str, ends: &[&str]) -> String {
    let mut parts = text.split(start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = ends.iter().filter_map(|end| part.find(end)).min().map_or("", |end| &part[end..]);
        out.push_str(start);
        out.push('*');
        out.push_str(rest);
    }
    out
}

/// Masks times of day: `08:30` and `08:30:15`.
fn mask_times(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let digit = |place: usize| bytes.get(at + place).is_some_and(u8::is_ascii_digit);
        let colon = |place: usize| bytes.get(at + place) == Some(&b':');
        if digit(0) && digit(1) && colon(2) && digit(3) && digit(4) {
            out.extend_from_slice(b"**:**");
            at += if colon(5) && digit(6) && digit(7) { 8 } else { 5 };
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).expect("only ASCII was replaced")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_random_is_masked_and_nothing_else() {
        let page =
            "<p>案件 1 · 2026-11-27 08:30:15</p><input value=\"0123456789abcdef0123\"><a href=\"/zh/reports/12\">";
        let expected = "<p>案件 1 · 2026-11-27 **:**</p>\n<input value=\"*\">\n<a href=\"/zh/reports/12\">";
        assert_eq!(masked(page), expected);
        assert_eq!(masked("<p class=\"words\" lang=\"zh\">一二 三四</p>"), "<p class=\"words\"*</p>");
        assert_eq!(masked("<dd>0a1b2c3d…</dd><dd>20261127</dd>"), "<dd>*…</dd>\n<dd>20261127</dd>");
        assert_eq!(masked("http://127.0.0.1:40123/zh/ covert-discharge"), "http://127.0.0.1:*/zh/ covert-discharge");
    }
}
