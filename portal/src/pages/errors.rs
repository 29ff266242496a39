//! Error pages: a clear sentence and a link to the first page.

use maud::{Markup, html};

use super::{Frame, PageKind, say};

impl Frame<'_> {
    pub(crate) fn not_found(&self) -> Markup {
        self.error(&say!(self, "not-found-title"), &say!(self, "not-found-text"))
    }

    pub(crate) fn wrong_method(&self) -> Markup {
        self.error(&say!(self, "method-title"), &say!(self, "method-text"))
    }

    fn error(&self, title: &str, text: &str) -> Markup {
        let body = html! {
            h1 { (title) }
            p { (text) }
            p.actions { a.button href=(self.link(PageKind::Landing)) { (say!(self, "nav-home")) } }
        };
        self.page(None, title, &body)
    }
}
