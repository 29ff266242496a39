//! Published results of reports and cases, quarter by quarter: a signed note that the portal shows.

use serde::{Deserialize, Serialize};

const CONTEXT: &str = "qingniao/results/v1";

/// All results published so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Oldest first. A published quarter never changes.
    pub quarters: Vec<Quarter>,
}

/// The published results of one quarter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarter {
    /// Name of the quarter, such as `2026-Q3`.
    pub quarter: String,
    /// The smallest figure of reports that is published.
    pub smallest: u32,
    /// Reports received in the quarter, by category code; the sum of all has an empty code.
    pub reports: Vec<Reports>,
    /// Number of cases opened in the quarter.
    pub cases_opened: u32,
    /// Number of cases closed in the quarter.
    pub cases_closed: u32,
    /// Published texts about closed cases.
    pub notes: Vec<String>,
}

/// Numbers of reports of one category. A figure that is `None` is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    /// The category's code; empty for the sum.
    pub category: String,
    /// Reports that were confirmed by the day of publication.
    pub confirmed: Option<u32>,
    /// All other reports of the category.
    pub other: Option<u32>,
    /// All reports of the category.
    pub all: Option<u32>,
}

/// The text is not a results note.
#[derive(Debug, thiserror::Error)]
#[error("the text is no results")]
pub struct NotResults;

impl Results {
    /// The text of the note, to be signed.
    pub fn to_text(&self) -> Result<String, NotResults> {
        let json = serde_json::to_string(self).map_err(|_| NotResults)?;
        Ok(format!("{CONTEXT}\n{json}\n"))
    }

    /// Reads the text of a note. The caller must have verified its signature.
    pub fn parse(text: &str) -> Result<Self, NotResults> {
        let json = text.strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('\n')).ok_or(NotResults)?;
        serde_json::from_str(json).map_err(|_| NotResults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_round_trip_and_nothing_else_is_read() {
        let reports = Reports { category: "other".to_owned(), confirmed: None, other: Some(7), all: None };
        let quarter = Quarter {
            quarter: "2026-Q3".to_owned(),
            smallest: 5,
            reports: vec![reports],
            cases_opened: 3,
            cases_closed: 1,
            notes: vec!["某厂已整改。\n复查合格。".to_owned()],
        };
        let results = Results { quarters: vec![quarter] };
        let text = results.to_text().expect("a text");
        assert_eq!(Results::parse(&text).expect("read"), results);
        assert_eq!(text.lines().count(), 2, "a note of two lines whatever a note says");
        for wrong in ["", "qingniao/results/v1", "qingniao/results/v2\n{\"quarters\":[]}\n"] {
            assert!(Results::parse(wrong).is_err());
        }
        assert!(Results::parse(&text.replace("\"notes\"", "\"reporter\":1,\"notes\"")).is_err());
    }
}
