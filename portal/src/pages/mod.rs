//! Pages, rendered once at start. No page differs from visitor to visitor.

mod errors;
mod landing;
mod mailbox;
mod parts;
mod report;
mod results;
mod rules;
mod safety;
mod sentences;

use crypto::slots::results::Results;
use i18n_embed::fluent::FluentLanguageLoader;
use maud::{Markup, html};
use rust_embed::RustEmbed;
use web::language::{Language, NoSentences, sentences};
use web::layout::{self, Head};

use crate::config::{Config, PostNames};

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

/// A sentence in the page's language. The key and its variables are checked at compile time.
macro_rules! say {
    ($frame:expr, $($sentence:tt)*) => {
        i18n_embed_fl::fl!($frame.words, $($sentence)*)
    };
}
pub(crate) use say;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    Landing,
    Safety,
    Rules,
    Report,
    Mailbox,
    /// Rendered from what the post publishes, so not a fixed file.
    Results,
}

impl PageKind {
    /// Pages rendered once at start.
    pub(crate) const FIXED: &[Self] = &[Self::Landing, Self::Safety, Self::Rules, Self::Report, Self::Mailbox];

    fn name(self) -> &'static str {
        match self {
            Self::Landing => "",
            Self::Safety => "safety",
            Self::Rules => "rules",
            Self::Report => "report",
            Self::Mailbox => "mailbox",
            Self::Results => "results",
        }
    }

    /// The page's path in a language.
    pub(crate) fn path(self, language: Language) -> String {
        match self.name() {
            "" => format!("/{}/", language.code()),
            name => format!("/{}/{name}/", language.code()),
        }
    }
}

/// The `integrity` attributes of the script and the style that pages load.
pub(crate) struct Integrity {
    script: String,
    style: String,
}

impl Integrity {
    pub(crate) fn of(script: &[u8], style: &[u8]) -> Self {
        Self { script: web::files::integrity(script), style: web::files::integrity(style) }
    }
}

/// Data shared by all pages of one language.
pub(crate) struct Frame<'a> {
    words: FluentLanguageLoader,
    language: Language,
    integrity: &'a Integrity,
    root_key: String,
    demo: bool,
    post: PostNames,
    paying: Option<PostNames>,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(config: &Config, language: Language, integrity: &'a Integrity) -> Result<Self, NoSentences> {
        Ok(Self {
            words: sentences(&Locales, "portal", language)?,
            language,
            integrity,
            root_key: config.root_key.to_string(),
            demo: config.demo(),
            post: config.post().clone(),
            paying: config.paying().cloned(),
        })
    }

    /// A complete page of this kind.
    pub(crate) fn render(&self, kind: PageKind, config: &Config) -> Markup {
        let (title, body) = match kind {
            PageKind::Landing => (say!(self, "site-line"), landing::body(self, &config.policy)),
            PageKind::Safety => (say!(self, "safety-title"), safety::body(self)),
            PageKind::Rules => (say!(self, "rules-title"), rules::body(self, &config.policy)),
            PageKind::Report => (say!(self, "report-title"), report::body(self, &config.policy)),
            PageKind::Mailbox => (say!(self, "mailbox-title"), mailbox::body(self)),
            PageKind::Results => (say!(self, "results-title"), results::body(self, &Results::default())),
        };
        self.page(Some(kind), &title, &body)
    }

    /// The page of results, with the published results.
    pub(crate) fn results(&self, results: &Results) -> Markup {
        self.page(Some(PageKind::Results), &say!(self, "results-title"), &results::body(self, results))
    }

    fn link(&self, kind: PageKind) -> String {
        kind.path(self.language)
    }

    /// The name of the BIP-39 word list in which this page shows codes.
    fn list(&self) -> &'static str {
        match self.language {
            Language::Chinese => "chinese",
            Language::English => "english",
        }
    }

    fn page(&self, kind: Option<PageKind>, title: &str, body: &Markup) -> Markup {
        let head = Head {
            title: &format!("{title} · {}", say!(self, "site-name")),
            metas: html! { meta name="format-detection" content="telephone=no"; },
            links: html! {
                link rel="stylesheet" href="/static/site.css" integrity=(self.integrity.style);
                // A script has integrity, for the policy, only if it is also fetched in the mode "cors".
                script src="/static/page.js" integrity=(self.integrity.script) crossorigin="anonymous" defer {}
            },
        };
        let demo = self.demo.then(|| say!(self, "demo-banner"));
        let body = html! {
            body data-page=[kind.map(PageKind::name)] data-root=(self.root_key) data-words=(self.list()) {
                (layout::beginning(&say!(self, "skip"), demo.as_deref()))
                (self.bar(kind))
                main #content { (body) }
                (self.foot())
                (sentences::template(self))
            }
        };
        layout::document(self.language, &head, &body)
    }

    fn bar(&self, current: Option<PageKind>) -> Markup {
        let links = [
            (PageKind::Report, say!(self, "nav-report")),
            (PageKind::Mailbox, say!(self, "nav-mailbox")),
            (PageKind::Safety, say!(self, "nav-safety")),
            (PageKind::Rules, say!(self, "nav-rules")),
        ];
        let other = self.language.other();
        html! {
            header.bar {
                div {
                    (layout::brand(&self.link(PageKind::Landing), &say!(self, "site-name")))
                    nav #navigation aria-label=(say!(self, "nav-label")) {
                        @for (kind, name) in links {
                            a href=(self.link(kind)) aria-current=[(current == Some(kind)).then_some("page")] { (name) }
                        }
                        a href=(current.unwrap_or(PageKind::Landing).path(other)) lang=(other.tag()) {
                            (say!(self, "other-language"))
                        }
                    }
                }
            }
        }
    }

    fn named(&self, names: &PostNames) -> String {
        match self.language {
            Language::Chinese => names.zh.clone(),
            Language::English => names.en.clone(),
        }
    }

    /// The name of the place where rewards are paid, if configured.
    pub(crate) fn paying(&self) -> Option<String> {
        self.paying.as_ref().map(|paying| self.named(paying))
    }

    fn foot(&self) -> Markup {
        let name = self.named(&self.post);
        html! {
            footer {
                p { (say!(self, "footer-post", name = name)) }
                p { a href=(self.link(PageKind::Results)) { (say!(self, "results-title")) } }
                p { (say!(self, "footer-source")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::demo;

    #[test]
    fn pages_as_they_are() {
        let config = demo();
        let integrity = Integrity { script: "sha384-script".to_owned(), style: "sha384-style".to_owned() };
        for language in Language::ALL {
            let frame = Frame::new(&config, language, &integrity).expect("sentences");
            for kind in PageKind::FIXED {
                let page = frame.render(*kind, &config).into_string().replace("><", ">\n<");
                insta::assert_snapshot!(format!("{}-{kind:?}", language.code()), page);
            }
        }
    }

    #[test]
    fn results_as_they_are() {
        let reports = |category: &str, confirmed, other, all| crypto::slots::results::Reports {
            category: category.to_owned(),
            confirmed,
            other,
            all,
        };
        let quarter = crypto::slots::results::Quarter {
            quarter: "2026-Q3".to_owned(),
            smallest: 5,
            reports: vec![reports("covert-discharge", Some(6), None, None), reports("", Some(6), Some(9), Some(15))],
            cases_opened: 4,
            cases_closed: 2,
            notes: vec!["<b>某厂</b>已整改。".to_owned()],
        };
        let results = Results { quarters: vec![quarter] };
        let config = demo();
        let integrity = Integrity { script: "sha384-script".to_owned(), style: "sha384-style".to_owned() };
        for language in Language::ALL {
            let frame = Frame::new(&config, language, &integrity).expect("sentences");
            let page = frame.results(&results).into_string();
            assert!(page.contains("&lt;b&gt;某厂") && !page.contains(" style="));
            let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a page");
            insta::assert_snapshot!(format!("{}-Results", language.code()), main.replace("><", ">\n<"));
        }
    }

    #[test]
    fn nothing_inline_nothing_named_nothing_foreign() {
        let config = demo();
        let integrity = Integrity::of(b"", b"");
        for language in Language::ALL {
            let frame = Frame::new(&config, language, &integrity).expect("sentences");
            for kind in PageKind::FIXED {
                let page = frame.render(*kind, &config).into_string();
                for forbidden in
                    [" style=", " onclick=", "http://", "https://", " action=", "<script>", "No localization"]
                {
                    assert!(!page.contains(forbidden), "{kind:?} contains {forbidden}");
                }
                let named = page.matches(" name=").count();
                let metas = page.matches("<meta name=").count();
                assert_eq!(named, metas, "{kind:?}: an input with a name could leave the page");
                let typed = page.matches("<input").count() + page.matches("<textarea").count();
                assert_eq!(page.matches("autocomplete=\"off\" spellcheck=\"false\"").count(), typed, "{kind:?}");
            }
        }
    }

    #[test]
    fn both_languages_have_every_sentence() {
        let differences = web::language::differences(
            include_str!("../../locales/zh/portal.ftl"),
            include_str!("../../locales/en/portal.ftl"),
        );
        assert!(differences.is_empty(), "{differences:#?}");
    }
}
