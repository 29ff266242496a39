//! Problems shown to the user: a sentence, and the stable code that tests and support use.

use maud::{Markup, Render, html};

/// A problem of a form or a page. Its code is the key of its sentence; it stands in the page as `data-problem`.
pub(crate) struct Problem {
    code: &'static str,
    text: String,
}

impl Problem {
    /// A problem with its sentence; pages use [`problem!`].
    pub(crate) fn new(code: &'static str, text: String) -> Self {
        Self { code, text }
    }

    /// The problem with another sentence after its own.
    pub(crate) fn followed_by(mut self, sentence: &str) -> Self {
        self.text = format!("{} {sentence}", self.text);
        self
    }
}

impl Problem {
    /// The problem as a warning on a page whose other parts can be used.
    pub(crate) fn as_warning(&self) -> Markup {
        html! { p.warning data-problem=(self.code) { (self.text) } }
    }
}

impl Render for Problem {
    fn render(&self) -> Markup {
        html! { p.problem #problem role="alert" data-problem=(self.code) { (self.text) } }
    }
}

/// A [`Problem`] with the sentence of a key; key and variables are checked at compile time.
macro_rules! problem {
    ($at:expr, $key:literal $($variables:tt)*) => {
        $crate::http::problem::Problem::new($key, i18n_embed_fl::fl!($at.words(), $key $($variables)*))
    };
}
pub(crate) use problem;
