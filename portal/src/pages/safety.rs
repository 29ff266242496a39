//! Safety advice: risks from which sealing does not protect a person.

use maud::{Markup, html};

use super::{Frame, PageKind, say};

pub(super) fn body(frame: &Frame<'_>) -> Markup {
    let section = |title: String, notes: &[String]| {
        html! {
            h2 { (title) }
            ul { @for note in notes { li { (note) } } }
        }
    };
    html! {
        h1 { (say!(frame, "safety-title")) }
        p.lead { (say!(frame, "safety-lead")) }
        (section(say!(frame, "safety-device"), &[
            say!(frame, "safety-device-1"), say!(frame, "safety-device-2"), say!(frame, "safety-device-3"),
            say!(frame, "safety-device-4"),
        ]))
        (section(say!(frame, "safety-photos"), &[
            say!(frame, "safety-photos-1"), say!(frame, "safety-photos-2"), say!(frame, "safety-photos-3"),
            say!(frame, "safety-photos-4"),
        ]))
        (section(say!(frame, "safety-words"), &[say!(frame, "safety-words-1"), say!(frame, "safety-words-2")]))
        (section(say!(frame, "safety-code"), &[say!(frame, "safety-code-1"), say!(frame, "safety-code-2")]))
        (section(say!(frame, "safety-talk"), &[say!(frame, "safety-talk-1"), say!(frame, "safety-talk-2")]))
        p.actions { a.button href=(frame.link(PageKind::Report)) { (say!(frame, "safety-onward")) } }
    }
}
