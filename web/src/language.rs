//! Languages: Chinese and English, chosen by the path, never by the browser's settings.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use i18n_embed::LanguageLoader as _;
use i18n_embed::fluent::FluentLanguageLoader;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

/// A language of the sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Simplified Chinese, under `/zh/`.
    Chinese,
    /// English, under `/en/`.
    English,
}

impl Language {
    /// Both languages, Chinese first.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The first part of a path, and the name of the folder of sentences.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh",
            Self::English => "en",
        }
    }

    /// The value of the `lang` attribute.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language's name in the language itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Chinese => "中文",
            Self::English => "English",
        }
    }

    /// The other of the two languages.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// The language of a path; Chinese if it names none.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let english = path == "/en" || path.starts_with("/en/");
        if english { Self::English } else { Self::Chinese }
    }

    fn identifier(self) -> Result<LanguageIdentifier, NoSentences> {
        self.code().parse().map_err(|_| NoSentences(self))
    }
}

/// A language's sentences are missing or broken.
#[derive(Debug, thiserror::Error)]
#[error("the sentences of {0:?} cannot be loaded")]
pub struct NoSentences(Language);

/// Loads one language's sentences. There is no fallback language: a missing sentence must be found by `make lint`,
/// not hidden by another language.
pub fn sentences(
    assets: &impl RustEmbed,
    domain: &str,
    language: Language,
) -> Result<FluentLanguageLoader, NoSentences> {
    let identifier = language.identifier()?;
    let loader = FluentLanguageLoader::new(domain, identifier.clone());
    loader.load_languages(assets, &[identifier]).map_err(|_| NoSentences(language))?;
    // Isolation marks are for mixed scripts in one line; here they would only end up in copied text.
    loader.set_use_isolating(false);
    Ok(loader)
}

/// Differences between two files of sentences: keys, and the variables of each key. Empty if both are complete.
#[must_use]
pub fn differences(one: &str, other: &str) -> Vec<String> {
    let (one, other) = (keys(one), keys(other));
    let all: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = all.into_iter().filter(|key| one.get(*key) != other.get(*key));
    differs.map(|key| format!("{key}: {:?} and {:?}", one.get(key), other.get(key))).collect()
}

/// Every key with its variables, sorted.
fn keys(text: &str) -> BTreeMap<String, Vec<String>> {
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, _)| resource);
    let mut found = BTreeMap::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut variables = Vec::new();
                if let Some(Pattern { elements }) = &message.value {
                    collect(elements, &mut variables);
                }
                variables.sort();
                variables.dedup();
                if found.insert(message.id.name.to_owned(), variables).is_some() {
                    found.insert(format!("twice: {}", message.id.name), Vec::new());
                }
            }
            Entry::Junk { content } => {
                found.insert(format!("not understood: {content}"), Vec::new());
            }
            _ => {}
        }
    }
    found
}

fn collect(elements: &[PatternElement<&str>], variables: &mut Vec<String>) {
    for element in elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    collect(&variant.value.elements, variables);
                }
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            variables.push(id.name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_must_have_the_same_keys_and_variables() {
        assert!(differences("a = x { $n }\nb = y", "b = z\na = { $n } w").is_empty());
        assert_eq!(differences("a = x", "b = y").len(), 2);
        assert_eq!(differences("a = x { $n }", "a = x { $m }").len(), 1);
        assert_eq!(differences("a = x\n= broken", "a = x").len(), 1);
        assert_eq!(differences("a = x\na = z", "a = y").len(), 1, "a key that stands twice");
    }
}
