//! The HTML document of every page, and its first elements.

use maud::{DOCTYPE, Markup, html};

use crate::language::Language;

/// The parts of a document besides its body.
pub struct Head<'a> {
    /// The page's title, with the site's name.
    pub title: &'a str,
    /// Further `meta` elements of the page.
    pub metas: Markup,
    /// Links to style sheets and scripts.
    pub links: Markup,
}

/// A complete document; `body` is the `body` element with its attributes.
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

/// The first elements of a body: the link past the navigation, and in a demonstration the notice that it is one.
#[must_use]
pub fn beginning(skip: &str, demo: Option<&str>) -> Markup {
    html! {
        a.skip href="#content" { (skip) }
        @if let Some(demo) = demo { p.demo role="note" { (demo) } }
    }
}

/// The site's logo and name, as a link to `path`.
#[must_use]
pub fn brand(path: &str, site_name: &str) -> Markup {
    html! {
        a.brand href=(path) {
            img src="/static/bird.svg" alt="" width="27" height="27";
            (site_name)
        }
    }
}
