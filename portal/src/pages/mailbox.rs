//! The mailbox page: a receipt code in, the slot shown, a follow-up out.

use maud::{Markup, html};

use super::parts::{Typed, files, typed, upload, without_scripts};
use super::{Frame, Kind, say};

pub(super) fn body(frame: &Frame<'_>) -> Markup {
    html! {
        (without_scripts(frame))
        section #look data-step {
            h1 tabindex="-1" { (say!(frame, "mailbox-title")) }
            p.lead { (say!(frame, "mailbox-lead")) }
            form #look-form {
                label for="code-input" { (say!(frame, "mailbox-code")) }
                p.hint #code-input-hint { (say!(frame, "mailbox-code-hint")) }
                (typed(&Typed { id: "code-input", ..Typed::default() }))
                p.problem #code-input-problem role="alert" hidden {}
                p #look-busy role="status" hidden { (say!(frame, "mailbox-busy")) }
                p.actions { button #look-button type="submit" { (say!(frame, "mailbox-look")) } }
            }
        }
        section #mailbox data-step hidden {
            h1 tabindex="-1" { (say!(frame, "mailbox-content")) }
            div #mailbox-slot role="status" data-private {}
            p.actions #none-onward hidden {
                a.button href=(frame.link(Kind::Mailbox)) { (say!(frame, "slot-none-onward")) }
            }
            form #follow-up-form {
                h2 { (say!(frame, "follow-up-title")) }
                div.field {
                    label for="follow-up" { (say!(frame, "follow-up-label")) }
                    (typed(&Typed { id: "follow-up", rows: Some(6), ..Typed::default() }))
                }
                (files(frame))
                p.problem #follow-up-problem role="alert" hidden {}
                (upload(frame))
                p.state #follow-up-sent role="status" hidden {}
                p.actions {
                    button #follow-up-send type="submit" { (say!(frame, "follow-up-send")) }
                    button.quiet type="button" data-clear { (say!(frame, "clear")) }
                }
            }
        }
    }
}
