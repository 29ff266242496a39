//! Form fields that keep the typed values when a form is shown again with a problem.

use maud::{Markup, html};

use crate::http::form::{ONCE, TextField};
use crate::http::request::RequestContext;

/// A hidden random number for a form that must not be carried out twice, such as after a reload. Without random bytes
/// the number is empty, and a second sending is not recognised.
pub(crate) fn once() -> Markup {
    let number = random::bytes::<16>().map(hex::encode).unwrap_or_default();
    html! { input type="hidden" name=(ONCE) value=(number); }
}

/// A required text input of one line, at most 200 characters; `otherwise` is its value before anything was sent.
pub(crate) fn line(at: &RequestContext, name: &str, label: &str, otherwise: &str) -> Markup {
    let value = at.sent().field(name).unwrap_or(otherwise);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) type="text" value=(value) required maxlength="200" autocomplete="off" spellcheck="false";
        }
    }
}

/// An optional text input of one line, at most 200 characters, with a hint below it.
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

/// A required date input; `otherwise` is its value before anything was sent.
pub(crate) fn day(at: &RequestContext, name: &str, label: &str, otherwise: &str) -> Markup {
    one_day(name, name, label, at.sent().field(name).unwrap_or(otherwise))
}

/// A required date input in one of several forms of a page; `tried` says whether this form was the one sent.
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

/// A text area of at most 2000 characters. `id` must be unique where a page has the field more than once; `tried` says
/// whether this form was the one sent.
pub(crate) fn text(at: &RequestContext, id: &str, field: TextField, label: &str, tried: bool) -> Markup {
    let name = field.code();
    let value = if tried { at.sent().field(name).unwrap_or_default() } else { "" };
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(name) rows="4" maxlength="2000" autocomplete="off" spellcheck="false" {
                // Browsers drop the first line feed of a text area.
                "\n" (value)
            }
        }
    }
}

/// A checkbox with its label.
pub(crate) fn check(at: &RequestContext, name: &str, label: &str) -> Markup {
    let was = at.sent().field(name).is_some();
    html! {
        div.field {
            label.check { input id=(name) name=(name) type="checkbox" value="yes" checked[was] autocomplete="off"; " " (label) }
        }
    }
}

/// A required choice with no option preselected.
pub(crate) fn choice(at: &RequestContext, name: &str, label: &str, options: &[(String, String)]) -> Markup {
    select(at, name, name, label, options, true)
}

/// An optional choice with no option preselected.
pub(crate) fn optional_choice(at: &RequestContext, name: &str, label: &str, options: &[(String, String)]) -> Markup {
    select(at, name, name, label, options, false)
}

/// A required choice in one of several forms of a page, with an id of its own.
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
