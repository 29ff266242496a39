//! Files of clues: a spreadsheet as text, or a JSON list. All clues of a file are good, or none is taken.

use std::collections::BTreeSet;

use casework::reports::Origin;
use human_text::{SpreadsheetRow, decode, is_blank, read_spreadsheet};
use serde_json::Value;

use crate::intake::clues::{CheckedClue, ClueFields, ClueProblem, field_of};

/// Clues in one file at most: as many as a person can review afterwards.
pub const MOST: usize = 500;
/// Bytes of a file at most, 2 MiB: far more than [`MOST`] clues take.
const LARGEST: usize = 2 * 1024 * 1024;

/// Problems of a refused file, each with its row. Rows are numbered as a spreadsheet numbers them, with the heading as 1
/// if nothing stands before it; JSON clues by position from 1. 0 is the whole file.
pub type WrongRows = Vec<(usize, ClueProblem)>;

type Rows = Vec<(usize, Result<ClueFields, Vec<ClueProblem>>)>;

/// Reads a file of clues, separated values or a JSON list: all of them, or the problems of every wrong row.
pub fn read(file: &[u8], origin: Origin) -> Result<Vec<CheckedClue>, WrongRows> {
    if file.len() > LARGEST {
        return Err(vec![(0, ClueProblem::TooMany)]);
    }
    let text = decode(file).map_err(|_| vec![(0, ClueProblem::Encoding)])?;
    let rows = if text.trim_start().starts_with(['[', '{']) { from_json(&text)? } else { from_table(&text)? };
    if rows.is_empty() || rows.len() > MOST {
        return Err(vec![(0, if rows.is_empty() { ClueProblem::NoRows } else { ClueProblem::TooMany })]);
    }
    let (mut found, mut wrong) = (Vec::new(), WrongRows::new());
    for (number, row) in rows {
        match row.and_then(|row| row.check(origin)) {
            Ok(clue) => found.push((number, clue)),
            Err(whys) => wrong.extend(whys.into_iter().map(|why| (number, why))),
        }
    }
    let mut seen = BTreeSet::new();
    let again = found.iter().filter(|(_, clue)| !seen.insert(clue.event("").to_hex()));
    wrong.extend(again.map(|(row, _)| (*row, ClueProblem::Twice)));
    wrong.sort_by_key(|(row, _)| *row);
    if wrong.is_empty() { Ok(found.into_iter().map(|(_, clue)| clue).collect()) } else { Err(wrong) }
}

fn from_json(text: &str) -> Result<Rows, WrongRows> {
    let rows: Vec<Value> = serde_json::from_str(text).map_err(|error| vec![(0, ClueProblem::Json(error.line()))])?;
    let read = |row| ClueFields::try_from(row).map_err(|why| vec![why]);
    Ok(rows.into_iter().take(MOST + 1).enumerate().map(|(at, row)| (at + 1, read(row))).collect())
}

fn from_table(text: &str) -> Result<Rows, WrongRows> {
    let table = read_spreadsheet(text).map_err(|_| vec![(0, ClueProblem::Encoding)])?;
    let (mut columns, mut wrong) = (Vec::new(), WrongRows::new());
    for heading in &table.headings {
        let field = field_of(heading);
        match field {
            Some(field) if columns.contains(&Some(field)) => wrong.push((0, ClueProblem::HeadingTwice(field))),
            None if !is_blank(heading) => wrong.push((0, ClueProblem::Heading(heading.clone()))),
            _ => {}
        }
        columns.push(field);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let read = |SpreadsheetRow { number, cells }| (number, from_cells(&columns, cells).map_err(|why| vec![why]));
    Ok(table.rows.into_iter().take(MOST + 1).map(read).collect())
}

fn from_cells(columns: &[Option<&'static str>], cells: Vec<String>) -> Result<ClueFields, ClueProblem> {
    let mut clue = ClueFields::default();
    for (field, cell) in columns.iter().zip(cells) {
        match field {
            Some(field) => clue.set(field, cell),
            None if is_blank(&cell) => {}
            None => return Err(ClueProblem::NoHeading),
        }
    }
    Ok(clue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::letters::letter::Body;

    const CSV: &str = "id,category,party,town,what\n1,covert-discharge,东溪印染,平桥镇,夜间排放\n2,,石梁山庄,,溢流\n";

    #[test]
    fn a_file_is_read_as_csv_or_json_with_or_without_a_mark() {
        let read = |text: &str| super::read(text.as_bytes(), Origin::Patrol).expect("clues");
        let clues = read(CSV);
        assert_eq!((clues.len(), clues[0].subject()), (2, "东溪印染".to_owned()));
        assert_eq!(read(&format!("\u{feff}{CSV}")), clues);
        let json = r#"[{"id":"1","category":"covert-discharge","party":"东溪印染","town":"平桥镇","what":"夜间排放"},
            {"id":"2","party":"石梁山庄","what":"溢流"}]"#;
        assert_eq!(read(json), clues);
        let Body::Report(report) = clues[1].report() else { panic!("a report") };
        assert_eq!((report.category.as_str(), report.origin.as_str()), ("other", "patrol"));
    }

    #[test]
    fn every_wrong_row_is_named_and_none_is_taken() {
        let file = "id,category,party,what\n1,other,a,x\n2,noise,b,y\n3,other,,z\n1,other,d,w\n5,other,e,\n6,other,f\n";
        let wrong = read(file.as_bytes(), Origin::Hotline).expect_err("refused");
        let rows: Vec<usize> = wrong.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [3, 4, 5, 6, 7]);
        assert_eq!(
            (&wrong[0].1, &wrong[1].1, &wrong[2].1),
            (&ClueProblem::Category, &ClueProblem::Nobody, &ClueProblem::Twice)
        );
        // B10: a row without its last cells is filled up.
        assert_eq!(wrong[4].1, ClueProblem::Empty("what"));
        for (file, row) in [("", 0), ("id,colour\n1,red\n", 0), ("[{\"what\":1}]", 1), ("[", 0), ("id,what\n", 0)] {
            let wrong = read(file.as_bytes(), Origin::Patrol).expect_err(file);
            assert_eq!(wrong[0].0, row, "{file}");
        }
        assert!(read(b"\xff\xfe", Origin::Patrol).is_err() && read(b"PK\x03\x04\x14", Origin::Patrol).is_err());
        let long = format!("party,what\n{},x\n", "水".repeat(201));
        assert_eq!(read(long.as_bytes(), Origin::Patrol).expect_err("long"), [(2, ClueProblem::TooLong("party", 200))]);
        let many = format!("party,what\n{}", "a,x\n".repeat(MOST + 1));
        assert!(matches!(read(many.as_bytes(), Origin::Patrol).expect_err("many")[0], (0, ClueProblem::TooMany)));
    }

    // B10, the files of the finding.
    #[test]
    fn files_of_offices_are_read() {
        let one = |file: &[u8]| {
            let clues = read(file, Origin::Patrol).unwrap_or_else(|wrong| panic!("{wrong:?}"));
            assert_eq!(clues.len(), 1);
            let Body::Report(report) = clues[0].report() else { panic!("a report") };
            assert_eq!((report.category.as_str(), report.what.as_str()), ("covert-discharge", "夜间排放"));
            (report.town.clone(), report.party.clone(), report.when.clone())
        };
        let heading = "id,category,party,address,town,what,when,evidence";
        let row = "A1,covert-discharge,某印染厂,,平桥镇,夜间排放,2026/11/3";
        let plain = format!("{heading}\n{row},\n");
        let expected = one(plain.as_bytes());
        let chinese = "编号,类 别,企业名称,地址,乡镇,问题描述,时间,证据";
        let wide: Vec<u8> = plain.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for file in [
            encoded(&plain),
            [b"\xff\xfe".to_vec(), wide].concat(),
            format!("{heading},,,\n{row},,,,\n").into_bytes(),
            format!("{heading}\n\n{row},\n,,,,,,,\n\n,,,,,,,\n").into_bytes(),
            format!("{}\n{row}\n", heading.to_uppercase()).into_bytes(),
            encoded(&format!("{chinese}\r\n{}\r\n", row.replace("covert-discharge", "偷排"))),
            plain.replace(',', ";").into_bytes(),
            format!("sep=;\r\n{}", plain.replace(',', ";")).into_bytes(),
        ] {
            assert_eq!(one(&file), expected, "{}", String::from_utf8_lossy(&file));
        }
        let json = r#"[{"id":17,"party":"某厂","what":"排放","town":null}]"#;
        let text = json.replace("17", "\"17\"").replace("null", "\"\"");
        assert_eq!(read(json.as_bytes(), Origin::Patrol), read(text.as_bytes(), Origin::Patrol));
        assert!(read(json.as_bytes(), Origin::Patrol).is_ok());
    }

    /// Text in GB18030, of which these characters are in the part that is older than Unicode.
    fn encoded(text: &str) -> Vec<u8> {
        let (bytes, _, lossy) = encoding_rs::GB18030.encode(text);
        assert!(!lossy);
        bytes.into_owned()
    }

    #[test]
    fn what_is_wrong_has_a_code_and_the_row_of_the_spreadsheet() {
        let wrong = |file: &str| read(file.as_bytes(), Origin::Patrol).expect_err(file);
        assert_eq!(wrong("party,what,\na,x,y\n"), [(2, ClueProblem::NoHeading)]);
        assert_eq!(wrong("party,what\na,x,y\n"), [(2, ClueProblem::NoHeading)]);
        assert_eq!(wrong("party,单位,what\na,b,x\n"), [(0, ClueProblem::HeadingTwice("party"))]);
        assert_eq!(wrong("party,what\n\n\na,\n"), [(4, ClueProblem::Empty("what"))]);
        assert_eq!(wrong("party,what\na,\u{200b}\n"), [(2, ClueProblem::Empty("what"))]);
        assert_eq!(wrong("[{},\n}"), [(0, ClueProblem::Json(2))]);
        assert_eq!(wrong("{}"), [(0, ClueProblem::Json(1))]);
        assert_eq!(wrong("[1,{\"what\":[]}]"), [(1, ClueProblem::NotObject), (2, ClueProblem::NotText("what"))]);
        assert_eq!(wrong("[{\"colour\":\"red\"}]"), [(1, ClueProblem::Heading("colour".to_owned()))]);
    }
}
