//! One reading of what people type, paste and import. Whatever compares, counts or requires text asks here, so that no
//! two places see different text in the same input. `browser/shared/human-text.ts` reads alike; both are held to
//! `vectors/human-text.json`. No I/O, no keys.

mod amount;
mod file_name;
mod folding;
mod invisible;
mod spreadsheet;

pub use amount::{BadAmount, LARGEST_FEN, read_fen};
pub use file_name::{NamesTaken, safe_name, sent_name};
pub use folding::{Folded, fold, is_han, plain};
pub use invisible::{is_blank, is_invisible, visible};
pub use spreadsheet::{NotText, Spreadsheet, SpreadsheetRow, SpreadsheetWriter, decode, read_spreadsheet};
