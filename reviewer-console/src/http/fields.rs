//! Fields of forms that keep what was typed when a form comes back with a problem.

use maud::{Markup, html};

use crate::http::form::{ONCE, TextField};
use crate::http::request::RequestContext;

/// A number of its own for a form whose sending twice would do something twice: somebody reloads a page.
/// Without random bytes the form is one of many.
pub(crate) fn once() -> Markup {
    let number = random::bytes::<16>().map(hex::encode).unwrap_or_default();
    html! { input type="hidden" name=(ONCE) value=(number); }
}

/// One line.
pub(crate) fn line(at: &RequestContext, name: &str, label: &str, otherwise: &str) -> Markup {
    let value = at.sent().field(name).unwrap_or(otherwise);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="text" value=(value) required maxlength="200" autocomplete="off" spellcheck="false";
        }
    }
}

/// One line that may stay empty.
pub(crate) fn optional_line(at: &RequestContext, name: &str, label: &str, hint: &str) -> Markup {
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
pub(crate) fn day(at: &RequestContext, name: &str, label: &str, otherwise: &str) -> Markup {
    one_day(name, name, label, at.sent().field(name).unwrap_or(otherwise))
}

/// A day in one of several forms of a page; `tried` whether it was this form that came back.
pub(crate) fn day_as(at: &RequestContext, id: &str, name: &str, label: &str, tried: bool) -> Markup {
    one_day(id, name, label, at.sent().field(name).filter(|_| tried).unwrap_or_default())
}

fn one_day(id: &str, name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) type="date" value=(value) required autocomplete="off";
        }
    }
}

/// Several lines; `id` where the same name stands on a page more than once, and `tried` whether it
/// was this form that came back.
pub(crate) fn text(at: &RequestContext, id: &str, field: TextField, label: &str, tried: bool) -> Markup {
    let name = field.code();
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

/// Something that is confirmed or not.
pub(crate) fn check(at: &RequestContext, name: &str, label: &str) -> Markup {
    let was = at.sent().field(name).is_some();
    html! {
        div.field {
            label.check { input id=(name) name=(name) type="checkbox" value="yes" checked[was] autocomplete="off"; " " (label) }
        }
    }
}

/// A choice; nothing is chosen before.
pub(crate) fn choice(at: &RequestContext, name: &str, label: &str, options: &[(String, String)]) -> Markup {
    select(at, name, name, label, options, true)
}

/// A choice that may be left open.
pub(crate) fn optional_choice(at: &RequestContext, name: &str, label: &str, options: &[(String, String)]) -> Markup {
    select(at, name, name, label, options, false)
}

/// The same in one of several forms of a page.
pub(crate) fn choice_as(
    at: &RequestContext,
    id: &str,
    name: &str,
    label: &str,
    options: &[(String, String)],
) -> Markup {
    select(at, id, name, label, options, true)
}

fn select(
    at: &RequestContext,
    id: &str,
    name: &str,
    label: &str,
    options: &[(String, String)],
    required: bool,
) -> Markup {
    let chosen = at.sent().field(name).unwrap_or_default();
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) required[required] {
                option value="" { "—" }
                @for (value, text) in options { option value=(value) selected[value == chosen] { (text) } }
            }
        }
    }
}
