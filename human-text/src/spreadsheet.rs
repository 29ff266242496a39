//! Tables in text: what spreadsheets write is read, and what is written opens in them.

use std::fmt::Display;
use std::io;

use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::invisible::is_blank;

/// Makes spreadsheets read a file as UTF-8; without it, Chinese ones read GB18030.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Signs that may stand between cells.
const SEPARATORS: [char; 3] = [',', '\t', ';'];

/// The bytes are text in none of the encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file is not text in UTF-8, UTF-16 or GB18030")]
pub struct NotText;

/// The text of a file in UTF-8 or UTF-16, with or without a byte order mark, or in GB18030, in which Chinese Excel and
/// WPS write CSV.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let (encoding, content) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None => (guessed(bytes), bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(content).ok_or(NotText)?;
    // Files of other kinds are full of control characters; text has few. ^Z ends files of old systems.
    let control = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1a}');
    if text.contains(control) { Err(NotText) } else { Ok(text.trim_start_matches(BYTE_ORDER_MARK).to_owned()) }
}

/// The encoding of bytes without a mark. Tables have separators and line ends, which UTF-16 writes with a zero byte.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let zero = |half: usize| bytes.chunks_exact(2).filter(|pair| pair[half] == 0).count();
    match (zero(0), zero(1)) {
        (0, 0) if std::str::from_utf8(bytes).is_ok() => UTF_8,
        (0, 0) => GB18030,
        (high, low) if high > low => UTF_16BE,
        _ => UTF_16LE,
    }
}

/// A table without its blank rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spreadsheet {
    /// The first row that is not blank: the heading of each column, trimmed. Blank for a column that has cells only.
    pub headings: Vec<String>,
    /// The other rows. Each has at least one cell for each heading, and more where the row is longer than the headings.
    pub rows: Vec<SpreadsheetRow>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpreadsheetRow {
    /// Number of the row in a spreadsheet, from 1; blank rows count.
    pub number: usize,
    /// The cells, trimmed.
    pub cells: Vec<String>,
}

/// Reads separated values. The separator is the one that `sep=` names in the first line, or else the comma, tab or
/// semicolon that the first row has most of. Blank rows are skipped, short rows are filled up, and columns without
/// heading and content are left out.
pub fn read_spreadsheet(text: &str) -> io::Result<Spreadsheet> {
    let (separator, text) = separator(text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut record, mut rows) = (StringRecord::new(), Vec::new());
    let (mut number, mut begin) = (0, 0);
    while reader.read_record(&mut record)? {
        // The reader passes over empty lines, which are rows of a spreadsheet too.
        number += 1 + empty_lines(&text.as_bytes()[begin..], begin > 0 && text.as_bytes()[begin - 1] == b'\r');
        begin = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !is_blank(cell)) {
            rows.push(SpreadsheetRow { number, cells });
        }
    }
    Ok(without_blank_columns(rows))
}

fn without_blank_columns(mut rows: Vec<SpreadsheetRow>) -> Spreadsheet {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let filled = |at: usize| rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| !is_blank(cell)));
    let columns: Vec<usize> = (0..width).filter(|at| filled(*at)).collect();
    for row in &mut rows {
        row.cells = columns.iter().map(|at| row.cells.get(*at).cloned().unwrap_or_default()).collect();
    }
    let mut rows = rows.into_iter();
    let headings = rows.next().map(|row| row.cells).unwrap_or_default();
    Spreadsheet { headings, rows: rows.collect() }
}

/// The separator of a table, and the text without the line that names it.
fn separator(text: &str) -> (u8, &str) {
    let line = text.trim_start_matches(['\r', '\n']).split(['\r', '\n']).next().unwrap_or_default();
    let named = line.trim_matches(['"', ' ']).as_bytes();
    if let [s, e, p, b'=', sign] = named
        && [s, e, p].map(u8::to_ascii_lowercase) == *b"sep"
        && sign.is_ascii()
    {
        let rest = text.split_once(line).map_or("", |(_, rest)| rest);
        return (*sign, rest.strip_prefix("\r\n").or(rest.strip_prefix(['\n', '\r'])).unwrap_or(rest));
    }
    let mut quoted = false;
    let mut counts = [0; SEPARATORS.len()];
    for c in line.chars() {
        quoted ^= c == '"';
        if let Some(at) = SEPARATORS.iter().position(|separator| *separator == c && !quoted) {
            counts[at] += 1;
        }
    }
    let most = (0..counts.len()).rev().max_by_key(|at| counts[*at]).unwrap_or_default();
    (SEPARATORS[most] as u8, text)
}

/// Empty lines at the start. `ended` says that the line before ended in CR, whose LF may follow.
fn empty_lines(bytes: &[u8], ended: bool) -> usize {
    let mut before = if ended { b'\r' } else { 0 };
    let mut lines = 0;
    for byte in bytes.iter().copied().take_while(|byte| matches!(byte, b'\r' | b'\n')) {
        if !(byte == b'\n' && before == b'\r') {
            lines += 1;
        }
        before = byte;
    }
    lines
}

/// Writes a table that spreadsheets open as they find it: UTF-8 with a byte order mark, commas, CRLF; no cell is run as
/// a formula.
pub struct SpreadsheetWriter(csv::Writer<Vec<u8>>);

impl Default for SpreadsheetWriter {
    fn default() -> Self {
        let begun = BYTE_ORDER_MARK.as_bytes().to_vec();
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begun))
    }
}

impl SpreadsheetWriter {
    /// Adds a row.
    pub fn row<T: Display>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        Ok(self.0.write_record(cells.into_iter().map(|cell| no_formula(cell.to_string())))?)
    }

    /// The file.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Puts an apostrophe before text that a spreadsheet would run as a formula, but not before a number.
fn no_formula(cell: String) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if runs && cell.parse::<f64>().is_err() { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        let table = read_spreadsheet(text).expect("a table");
        std::iter::once((0, table.headings)).chain(table.rows.into_iter().map(|row| (row.number, row.cells))).collect()
    }

    fn row(number: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    // B10
    #[test]
    fn separators_blank_rows_and_short_rows() {
        let expected = [row(0, &["a", "b"]), row(2, &["1", "x,y"]), row(3, &["2", ""])];
        for text in [
            "a,b\n1,\"x,y\"\n2\n",
            "a;b\r\n1;x,y\r\n2;\r\n",
            "a\tb\r1\tx,y\r2",
            "sep=;\r\na;b\r\n1;x,y\r\n2;\r\n;\r\n",
            "\"sep=|\"\na|b\n1|x,y\n2|\n",
            "a,,b,,\n1,,\"x,y\",,\n2,,,,\n,,,,\n\n",
        ] {
            assert_eq!(rows(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_row_has_the_number_that_a_spreadsheet_shows() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", "", "\"1", "2\",x", "", "", ",", "3,y", ""].join(end);
            let numbers: Vec<usize> =
                read_spreadsheet(&text).expect("a table").rows.iter().map(|row| row.number).collect();
            assert_eq!(numbers, [4, 8], "{end:?}");
        }
    }

    #[test]
    fn every_encoding_of_a_spreadsheet_is_read() {
        let text = "编号,情况\r\n1,夜间排放";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let (gb18030, _, _) = GB18030.encode(text);
        for bytes in [
            text.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", text.as_bytes()),
            marked(b"\xef\xbb\xbf\xef\xbb\xbf", text.as_bytes()),
            marked(b"\xff\xfe", &little),
            marked(b"\xfe\xff", &big),
            little,
            big,
            gb18030.into_owned(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:02x?}");
        }
        for not in [b"\xff\xff\xff".as_slice(), b"PK\x03\x04\x14\0\x06\0\x08\0", b"\x81"] {
            assert_eq!(decode(not), Err(NotText), "{not:02x?}");
        }
    }

    // B13
    #[test]
    fn a_spreadsheet_reads_what_is_written() {
        let mut table = SpreadsheetWriter::default();
        table.row(["镇街", "数"]).expect("a row");
        table.row(["=cmd()", "-5"]).expect("a row");
        table.row(["－1+1", "1 · 平桥"]).expect("a row");
        let bytes = table.finish().expect("a file");
        assert_eq!(bytes, "\u{feff}镇街,数\r\n'=cmd(),-5\r\n'－1+1,1 · 平桥\r\n".as_bytes());
        assert_eq!(read_spreadsheet(&decode(&bytes).expect("text")).expect("a table").headings, ["镇街", "数"]);
    }
}
