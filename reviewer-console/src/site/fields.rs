//! Fields of forms that keep what was typed when a form comes back with a problem.

use maud::{Markup, html};

use super::at::At;

/// One line.
pub(crate) fn line(at: &At, name: &str, label: &str, otherwise: &str) -> Markup {
    let value = at.sent().field(name).unwrap_or(otherwise);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="text" value=(value) required maxlength="200" autocomplete="off" spellcheck="false";
        }
    }
}

/// One line that may stay empty.
pub(crate) fn optional_line(at: &At, name: &str, label: &str, hint: &str) -> Markup {
    let value = at.sent().field(name).unwrap_or_default();
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="text" value=(value) maxlength="200" autocomplete="off" spellcheck="false";
            @if !hint.is_empty() { p.hint { (hint) } }
        }
    }
}

/// A day.
pub(crate) fn day(at: &At, name: &str, label: &str, otherwise: &str) -> Markup {
    let value = at.sent().field(name).unwrap_or(otherwise);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="date" value=(value) required autocomplete="off";
        }
    }
}

/// Several lines; `id` where the same name stands on a page more than once, and `tried` whether it
/// was this form that came back.
pub(crate) fn text(at: &At, id: &str, name: &str, label: &str, tried: bool) -> Markup {
    let value = if tried { at.sent().field(name).unwrap_or_default() } else { "" };
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(name) rows="4" maxlength="2000" autocomplete="off" spellcheck="false" {
                // The first line feed of a text area is the browser's own.
                "\n" (value)
            }
        }
    }
}

/// A choice; nothing is chosen before.
pub(crate) fn choice(at: &At, name: &str, label: &str, options: &[(String, String)]) -> Markup {
    let chosen = at.sent().field(name).unwrap_or_default();
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) required {
                option value="" { "—" }
                @for (value, text) in options { option value=(value) selected[value == chosen] { (text) } }
            }
        }
    }
}
