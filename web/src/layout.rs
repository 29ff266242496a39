//! The document around every page of the sites, and what both begin with.

use maud::{DOCTYPE, Markup, html};

use crate::language::Language;

/// What a document has beside its body.
pub struct Head<'a> {
    /// The page's title, with the site's name.
    pub title: &'a str,
    /// Further `meta` elements.
    pub metas: Markup,
    /// Style sheets and scripts.
    pub links: Markup,
}

/// A whole document; `body` is the element itself, with its attributes.
#[must_use]
pub fn document(language: Language, head: &Head<'_>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) translate="no" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                (head.metas)
                title { (head.title) }
                link rel="icon" href="/static/bird.svg" type="image/svg+xml";
                (head.links)
            }
            (body)
        }
    }
}

/// The first elements of a body: the way past the navigation, and in a demonstration the word that it is one.
#[must_use]
pub fn beginning(skip: &str, demo: Option<&str>) -> Markup {
    html! {
        a.skip href="#content" { (skip) }
        @if let Some(demo) = demo { p.demo role="note" { (demo) } }
    }
}

/// The site's sign, which leads to its first page.
#[must_use]
pub fn brand(path: &str, site_name: &str) -> Markup {
    html! {
        a.brand href=(path) {
            img src="/static/bird.svg" alt="" width="27" height="27";
            (site_name)
        }
    }
}
