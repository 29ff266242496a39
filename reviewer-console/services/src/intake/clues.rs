//! Clues as other systems and people write them: JSON, a line of CSV, the data of a CloudEvent. Each is checked on its
//! own. docs/formats/clues.md describes the fields.

use casework::reports::{Category, Origin};
use crypto::letters::letter::{Body, Report};
use model::Digest;
use serde::Deserialize;

/// Characters of a field of one line, at most.
const LINE: usize = 200;
/// Characters of a field of several lines, at most.
const TEXT: usize = 4000;
/// Clues in one file at most: as many as a person can review afterwards.
pub const MOST: usize = 500;
/// Bytes of a file at most, 2 MiB: far more than [`MOST`] clues take.
const LARGEST: usize = 2 * 1024 * 1024;

/// The names of the fields, in the order of a file's columns.
pub const FIELDS: [&str; 8] = ["id", "category", "party", "address", "town", "what", "when", "evidence"];

/// A clue as written, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClueFields {
    /// The sender's own id: a clue that is sent again under one id is taken in once. Without an id the content
    /// identifies the clue.
    #[serde(default)]
    id: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    party: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    town: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    when: String,
    #[serde(default)]
    evidence: String,
}

/// A clue that [`ClueFields::check`] has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedClue {
    written: ClueFields,
    category: Category,
    origin: Origin,
}

/// A problem of a field, a row or the file. As text: its stable code.
#[derive(Clone, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ClueProblem {
    /// The named field must not be empty.
    Empty(&'static str),
    /// Neither a party nor an address is given.
    Nobody,
    /// The file is not UTF-8.
    Encoding,
    /// The file has a column of this unknown name.
    Heading(String),
    /// The file has no clues.
    NoRows,
    /// The named field is longer than this many characters.
    TooLong(&'static str, usize),
    /// The category is not a known code.
    Category,
    /// The file or row does not parse; holds the parser's message.
    Form(String),
    /// An earlier row has this id or, without an id, this content.
    Twice,
    /// The file has more than 500 clues or 2 MiB.
    TooMany,
}

/// Problems of a refused file, each with its row. CSV rows are numbered as in a spreadsheet, with the heading as 1,
/// JSON clues by position from 1; 0 is the whole file.
pub type WrongRows = Vec<(usize, ClueProblem)>;

impl ClueFields {
    /// The clue with its sender's id.
    #[must_use]
    pub fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }

    /// Checks a clue of this origin; an error holds every problem found.
    pub fn check(self, origin: Origin) -> Result<CheckedClue, Vec<ClueProblem>> {
        let lines = [
            ("id", &self.id),
            ("party", &self.party),
            ("address", &self.address),
            ("town", &self.town),
            ("when", &self.when),
        ];
        let mut wrong: Vec<ClueProblem> = lines
            .iter()
            .filter(|(_, text)| text.chars().count() > LINE)
            .map(|(name, _)| ClueProblem::TooLong(name, LINE))
            .collect();
        let texts = [("what", &self.what), ("evidence", &self.evidence)];
        wrong.extend(
            texts
                .iter()
                .filter(|(_, text)| text.chars().count() > TEXT)
                .map(|(name, _)| ClueProblem::TooLong(name, TEXT)),
        );
        if self.what.trim().is_empty() {
            wrong.push(ClueProblem::Empty("what"));
        }
        if self.party.trim().is_empty() && self.address.trim().is_empty() {
            wrong.push(ClueProblem::Nobody);
        }
        let category = if self.category.is_empty() { Some(Category::Other) } else { Category::of_code(&self.category) };
        if category.is_none() {
            wrong.push(ClueProblem::Category);
        }
        match category {
            Some(category) if wrong.is_empty() => Ok(CheckedClue { written: self, category, origin }),
            _ => Err(wrong),
        }
    }
}

impl CheckedClue {
    /// Identifies the clue: SHA-256 of its feed and its id, or of its feed and content without an id.
    pub(crate) fn event(&self, feed: &str) -> Digest {
        let ClueFields { id, category, party, address, town, what, when, evidence } = &self.written;
        let parts: &[&String] =
            if id.is_empty() { &[category, party, address, town, what, when, evidence] } else { &[id] };
        let parts: Vec<&str> = std::iter::once(feed).chain(parts.iter().map(|part| part.as_str())).collect();
        // As JSON, so that no two lists of parts have the same encoding.
        Digest::of(serde_json::to_string(&parts).unwrap_or_default().as_bytes())
    }

    /// Subject of the clue, in lower case: the party, or else the address. Clues of one feed about one subject are one
    /// report a day.
    pub(crate) fn subject(&self) -> String {
        let ClueFields { party, address, .. } = &self.written;
        (if party.trim().is_empty() { address } else { party }).trim().to_lowercase()
    }

    /// The clue as the first letter of a report.
    pub(crate) fn report(&self) -> Body {
        let written = self.written.clone();
        Body::Report(Box::new(Report {
            category: self.category.code().to_owned(),
            party: written.party,
            address: written.address,
            town: written.town,
            what: written.what,
            when: written.when,
            evidence: written.evidence,
            ongoing: "unknown".to_owned(),
            reporter: "organisation".to_owned(),
            reward: "no".to_owned(),
            naming: "anonymous".to_owned(),
            origin: self.origin.code().to_owned(),
            ..Report::default()
        }))
    }

    /// The clue as a later letter of a report.
    pub(crate) fn follow_up(&self) -> Body {
        let ClueFields { when, what, evidence, .. } = &self.written;
        let said = [when, what, evidence].into_iter().filter(|text| !text.is_empty());
        Body::FollowUp { text: said.map(String::as_str).collect::<Vec<_>>().join("\n") }
    }
}

/// Reads a file of clues, CSV or a JSON array: all of them, or the problems of every wrong row.
pub fn read(file: &[u8], origin: Origin) -> Result<Vec<CheckedClue>, WrongRows> {
    if file.len() > LARGEST {
        return Err(vec![(0, ClueProblem::TooMany)]);
    }
    let text = std::str::from_utf8(file).map_err(|_| vec![(0, ClueProblem::Encoding)])?;
    let text = text.trim_start_matches('\u{feff}');
    let rows = if text.trim_start().starts_with('[') { from_json(text)? } else { from_csv(text)? };
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
    let mut seen = std::collections::BTreeSet::new();
    wrong.extend(
        found
            .iter()
            .filter(|(_, clue)| !seen.insert(clue.event("").to_hex()))
            .map(|(row, _)| (*row, ClueProblem::Twice)),
    );
    wrong.sort_by_key(|(row, _)| *row);
    if wrong.is_empty() { Ok(found.into_iter().map(|(_, clue)| clue).collect()) } else { Err(wrong) }
}

type Rows = Vec<(usize, Result<ClueFields, Vec<ClueProblem>>)>;

fn from_json(text: &str) -> Result<Rows, WrongRows> {
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(text).map_err(|error| vec![(0, ClueProblem::Form(error.to_string()))])?;
    let read = |row| serde_json::from_value(row).map_err(|error| vec![ClueProblem::Form(error.to_string())]);
    Ok(rows.into_iter().take(MOST + 1).enumerate().map(|(at, row)| (at + 1, read(row))).collect())
}

fn from_csv(text: &str) -> Result<Rows, WrongRows> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| vec![(0, ClueProblem::Form(error.to_string()))])?.clone();
    if let Some(unknown) = headings.iter().find(|heading| !FIELDS.contains(heading)) {
        return Err(vec![(0, ClueProblem::Heading(unknown.to_owned()))]);
    }
    let read = |row: csv::Result<csv::StringRecord>| {
        row.and_then(|row| row.deserialize(Some(&headings))).map_err(|error| vec![ClueProblem::Form(error.to_string())])
    };
    Ok(reader.records().take(MOST + 1).enumerate().map(|(at, row)| (at + 2, read(row))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(matches!(&wrong[4].1, ClueProblem::Form(_)), "a row that is too short");
        for (file, row) in [("", 0), ("id,colour\n1,red\n", 0), ("[{\"what\":1}]", 1), ("[", 0), ("id,what\n", 0)] {
            let wrong = read(file.as_bytes(), Origin::Patrol).expect_err(file);
            assert_eq!(wrong[0].0, row, "{file}");
        }
        assert!(read(b"\xff\xfe", Origin::Patrol).is_err());
        let long = format!("party,what\n{},x\n", "水".repeat(LINE + 1));
        assert_eq!(
            read(long.as_bytes(), Origin::Patrol).expect_err("long"),
            [(2, ClueProblem::TooLong("party", LINE))]
        );
        let many = format!("party,what\n{}", "a,x\n".repeat(MOST + 1));
        assert!(matches!(read(many.as_bytes(), Origin::Patrol).expect_err("many")[0], (0, ClueProblem::TooMany)));
    }

    #[test]
    fn what_is_sent_again_is_known() {
        let clue = |id: &str, what: &str| {
            let written =
                ClueFields { id: id.to_owned(), party: "x".to_owned(), what: what.to_owned(), ..ClueFields::default() };
            written.check(Origin::Alarm).expect("a clue")
        };
        assert_eq!(clue("7", "a").event("one"), clue("7", "b").event("one"), "by its id");
        assert_ne!(clue("7", "a").event("one"), clue("7", "a").event("two"), "of each feed");
        assert_ne!(clue("", "a").event("one"), clue("", "b").event("one"), "by its content");
    }
}
