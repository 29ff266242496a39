//! The site: for officers, custodians, approvers, auditors and administrators at the post's door, for case
//! units and for finance at their own. Pages are made anew for each request, from plain text; the one script
//! reads codes at finance's desk.

mod accounts;
mod approval;
mod approval_form;
mod approvals;
mod at;
mod award_words;
mod budget;
mod by_hand;
mod case_forms;
mod case_list;
mod case_words;
mod cases;
mod chain;
mod claim;
mod clocks;
mod consent;
mod custodian;
mod desk;
mod door;
mod download;
mod draft;
mod enclosure;
mod evidence;
mod exchange;
mod fact_sheet;
mod fields;
mod figures;
mod form;
mod frame;
mod guard;
mod handling;
mod handling_words;
mod identity;
mod import;
mod inbox;
mod keys;
mod letter;
mod log;
mod log_file;
mod log_state;
mod log_words;
mod officers;
mod password;
mod payments;
mod reply;
mod report;
mod retention;
mod reward;
mod routes;
mod same;
mod second_look;
mod serve;
mod sign_in;
mod waiting;

pub(crate) use door::Door;
pub(crate) use serve::serve;

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

#[cfg(test)]
mod tests;
