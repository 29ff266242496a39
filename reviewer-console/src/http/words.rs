//! The sentences of pages, in both languages.

use i18n_embed::fluent::FluentLanguageLoader;
use rust_embed::RustEmbed;
use web::language::{Language, NoSentences, sentences};

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

/// A sentence of the page's language; the key and its variables are checked at compile time.
macro_rules! say {
    ($at:expr, $($sentence:tt)*) => {
        i18n_embed_fl::fl!($at.words(), $($sentence)*)
    };
}
pub(crate) use say;

/// The sentences of both languages.
pub(crate) struct Words([FluentLanguageLoader; 2]);

impl Words {
    pub(crate) fn load() -> Result<Self, NoSentences> {
        let [zh, en] = Language::ALL;
        Ok(Self([sentences(&Locales, "reviewer-console", zh)?, sentences(&Locales, "reviewer-console", en)?]))
    }

    pub(crate) fn of(&self, language: Language) -> &FluentLanguageLoader {
        &self.0[language as usize]
    }
}
