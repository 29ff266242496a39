//! Amounts of yuan as people type them. What is not certainly an amount is refused, never guessed.

use crate::folding::fold;
use crate::invisible::is_invisible;

/// The largest amount that is read, 2^53 - 1 fen: every reader of JSON keeps it exactly, and no real amount reaches it.
pub const LARGEST_FEN: i64 = (1 << 53) - 1;

/// Spaces that stand between groups of three digits: plain, no-break, thin, figure and narrow no-break.
const SPACES: [char; 5] = [' ', '\u{a0}', '\u{2009}', '\u{2007}', '\u{202f}'];

/// Why a text is not an amount of yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// The text does not follow the grammar of [`read_fen`].
    #[error("an amount is written like 1234567.89")]
    Form,
    /// The amount is above [`LARGEST_FEN`].
    #[error("the amount is absurdly large")]
    TooLarge,
}

/// Reads an amount of yuan, in fen:
///
/// `[¥] digits [. decimals] [万] [元 [整]]`
///
/// The digits stand together, or in groups of three after the first, separated by commas or by single spaces of one
/// kind. There are at most two decimals, with 万 (ten thousand) at most six. Full-width forms are read, invisible
/// characters and spaces around the parts are skipped, 萬, 圓 and 正 are 万, 元 and 整. Signs, exponents, numerals in
/// characters, circled or raised digits are refused.
pub fn read_fen(typed: &str) -> Result<i64, BadAmount> {
    let seen: String = typed.chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let text = seen.trim();
    let text = text.strip_prefix('¥').unwrap_or(text).trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',' && !SPACES.contains(&c));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let unit: String = fold(unit).into_iter().map(|one| one.is).filter(|c| !c.is_whitespace()).collect();
    let decimals = match unit.as_str() {
        "" | "元" | "元整" | "元正" | "圆" | "圆整" | "圆正" => 2,
        "万" | "万元" | "万元整" | "万元正" | "万圆" | "万圆整" | "万圆正" => 6,
        _ => return Err(BadAmount::Form),
    };
    fen(number.trim(), decimals)
}

/// The amount of a number whose last of `decimals` decimals is one fen.
fn fen(number: &str, decimals: usize) -> Result<i64, BadAmount> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let separator = whole.chars().find(|c| !c.is_ascii_digit());
    let mut groups = whole.split(|c| Some(c) == separator);
    let first = groups.next().unwrap_or_default();
    let sound = digits(first)
        && (separator.is_none() || first.len() <= 3)
        && groups.all(|group| group.len() == 3 && digits(group));
    if first.is_empty() || !sound || part.len() > decimals || !digits(part) {
        return Err(BadAmount::Form);
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let fen: i64 = format!("{whole}{part:0<decimals$}").parse().map_err(|_| BadAmount::TooLarge)?;
    if fen > LARGEST_FEN { Err(BadAmount::TooLarge) } else { Ok(fen) }
}

/// Full-width digits and signs as plain ones. Not NFKC, which would make digits of ①, ² and other signs that are none.
fn half_width(typed: char) -> char {
    match typed {
        '￥' => '¥',
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(typed as u32 - 0xfee0).unwrap_or(typed),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_that_is_too_large_says_so() {
        for large in [i64::MAX.to_string().as_str(), "90071992547409.92", "99999999999999999999999", "9007199255万"] {
            assert_eq!(read_fen(large), Err(BadAmount::TooLarge), "{large}");
        }
        assert_eq!(read_fen("壹拾万元整"), Err(BadAmount::Form));
    }
}
