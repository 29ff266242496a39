//! Clues as other systems and people write them: JSON, a row of a spreadsheet, the data of a CloudEvent. Each is checked
//! on its own. docs/formats/clues.md describes the fields.

use casework::reports::{Category, Origin};
use crypto::letters::letter::{Body, Report};
use human_text::{is_blank, plain};
use model::Digest;
use serde::Deserialize;
use serde_json::Value;

/// Characters of a field of one line, at most.
const LINE: usize = 200;
/// Characters of a field of several lines, at most.
const TEXT: usize = 4000;
/// The names of the fields, in the order of a file's columns, each with the Chinese headings that are read as it.
pub const FIELDS: [(&str, &[&str]); 8] = [
    ("id", &["编号", "序号", "线索编号"]),
    ("category", &["类别", "问题类别", "类型"]),
    ("party", &["当事人", "单位", "单位名称", "企业", "企业名称", "被举报单位"]),
    ("address", &["地址", "地点", "详细地址"]),
    ("town", &["镇街", "乡镇", "乡镇街道", "街道", "所属镇街"]),
    ("what", &["情况", "内容", "问题", "问题描述", "线索内容"]),
    ("when", &["时间", "日期", "发现时间"]),
    ("evidence", &["证据", "证据材料", "佐证"]),
];

/// Chinese names of categories that are read as their codes: those of the console's pages, and short ones.
const CATEGORIES: [(&str, Category); 9] = [
    ("偷排", Category::CovertDischarge),
    ("监测数据造假", Category::FalsifiedMonitoring),
    ("数据造假", Category::FalsifiedMonitoring),
    ("非法倾倒危险废物", Category::HazardousDumping),
    ("倾倒危废", Category::HazardousDumping),
    ("在饮用水水源一级保护区排污", Category::WaterProtectionZone),
    ("水源保护区", Category::WaterProtectionZone),
    ("其他", Category::Other),
    ("其它", Category::Other),
];

/// A clue as written, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct ClueFields {
    /// The sender's own id: a clue that is sent again under one id is taken in once. Without an id the content
    /// identifies the clue.
    id: String,
    category: String,
    party: String,
    address: String,
    town: String,
    what: String,
    when: String,
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
    /// The file is no text in UTF-8, UTF-16 or GB18030.
    Encoding,
    /// There is a column or a field of this unknown name.
    Heading(String),
    /// Two columns are the named field.
    HeadingTwice(&'static str),
    /// The row has something in a column without a heading.
    NoHeading,
    /// The file has no clues.
    NoRows,
    /// The named field is longer than this many characters.
    TooLong(&'static str, usize),
    /// The category is not a known code.
    Category,
    /// The file is no JSON list; holds the line in which it ends to be one.
    Json(usize),
    /// The clue is no JSON object.
    NotObject,
    /// The named field is neither text nor a number.
    NotText(&'static str),
    /// An earlier row has this id or, without an id, this content.
    Twice,
    /// The file has more than 500 clues or 2 MiB.
    TooMany,
}

/// The field of a heading, in English or Chinese, in any case, however it is spaced.
pub(crate) fn field_of(heading: &str) -> Option<&'static str> {
    let heading: String = plain(heading).chars().filter(|c| c.is_alphanumeric()).collect();
    FIELDS.iter().find(|(name, others)| *name == heading || others.contains(&heading.as_str())).map(|(name, _)| *name)
}

/// The category of a code in any case, or of a Chinese name; `other` for none.
fn category_of(written: &str) -> Option<Category> {
    let code = plain(written.trim());
    let named = CATEGORIES.iter().find(|(name, _)| *name == code).map(|(_, category)| *category);
    if code.is_empty() { Some(Category::Other) } else { Category::of_code(&code).or(named) }
}

/// Reads a JSON object as a clue: numbers are text, null is empty.
impl TryFrom<Value> for ClueFields {
    type Error = ClueProblem;

    fn try_from(value: Value) -> Result<Self, ClueProblem> {
        let Value::Object(fields) = value else { return Err(ClueProblem::NotObject) };
        let mut clue = Self::default();
        for (heading, value) in fields {
            let Some(name) = field_of(&heading) else { return Err(ClueProblem::Heading(heading)) };
            clue.set(
                name,
                match value {
                    Value::String(text) => text,
                    Value::Number(number) => number.to_string(),
                    Value::Null => String::new(),
                    _ => return Err(ClueProblem::NotText(name)),
                },
            );
        }
        Ok(clue)
    }
}

/// For senders, which are systems.
impl std::fmt::Display for ClueProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl ClueFields {
    /// Sets one of [`FIELDS`]; text that shows nothing is empty.
    pub(crate) fn set(&mut self, name: &str, text: String) {
        let field = match name {
            "id" => &mut self.id,
            "category" => &mut self.category,
            "party" => &mut self.party,
            "address" => &mut self.address,
            "town" => &mut self.town,
            "what" => &mut self.what,
            "when" => &mut self.when,
            _ => &mut self.evidence,
        };
        *field = if is_blank(&text) { String::new() } else { text };
    }

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
        if self.what.is_empty() {
            wrong.push(ClueProblem::Empty("what"));
        }
        if self.party.is_empty() && self.address.is_empty() {
            wrong.push(ClueProblem::Nobody);
        }
        let category = category_of(&self.category);
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
        (if party.is_empty() { address } else { party }).trim().to_lowercase()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_they_are_compared() {
        for name in FIELDS.iter().flat_map(|(name, headings)| [*name].into_iter().chain(headings.iter().copied())) {
            assert!(plain(name) == name && field_of(name).is_some(), "{name}");
        }
        assert!(CATEGORIES.iter().all(|(name, category)| category_of(name) == Some(*category)));
        assert_eq!((category_of("OTHER"), category_of("噪声")), (Some(Category::Other), None));
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
