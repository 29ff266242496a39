//! The mailbox page: enter the receipt code, read the slot, send a follow-up.

use maud::{Markup, html};

use super::parts::{Typed, files, files_label, typed, upload, without_scripts};
use super::{Frame, PageKind, say};

pub(super) fn body(frame: &Frame<'_>) -> Markup {
    html! {
        (without_scripts(frame))
        section #look data-step {
            h1 tabindex="-1" { (say!(frame, "mailbox-title")) }
            p.lead { (say!(frame, "mailbox-lead")) }
            form #look-form {
                label for="code-input" { (say!(frame, "mailbox-code")) }
                p.hint #code-input-hint { (say!(frame, "mailbox-code-hint")) }
                (typed(&Typed { id: "code-input", described_by: &["hint", "problem"], ..Typed::default() }))
                p.problem #code-input-problem role="alert" hidden {}
                p #look-busy role="status" hidden {}
                p.actions { button #look-button type="submit" { (say!(frame, "mailbox-look")) } }
            }
        }
        section #mailbox data-step hidden {
            h1 tabindex="-1" { (say!(frame, "mailbox-content")) }
            div #mailbox-slot {
                div #slot-notices role="status" data-private {}
                div #slot-result role="status" data-private {}
                (claim(frame))
                div #slot-more data-private {}
            }
            p.actions #none-onward hidden {
                a.button href=(frame.link(PageKind::Mailbox)) { (say!(frame, "slot-none-onward")) }
            }
            (again(frame))
            form #follow-up-form {
                h2 { (say!(frame, "follow-up-title")) }
                div.field {
                    label for="follow-up" { (say!(frame, "follow-up-label")) }
                    (typed(&Typed { id: "follow-up", rows: Some(6), ..Typed::default() }))
                }
                (files(frame, "files", &files_label(frame)))
                p.problem #follow-up-problem role="alert" data-private hidden {}
                p.state #follow-up-sent role="status" hidden {}
                p.actions {
                    button #follow-up-send type="submit" { (say!(frame, "follow-up-send")) }
                    button.quiet type="button" data-clear { (say!(frame, "clear")) }
                }
            }
            (upload(frame))
        }
    }
}

/// Attachments that have not arrived, to be sent again. The script shows it where a letter in the slot awaits some.
fn again(frame: &Frame<'_>) -> Markup {
    html! {
        section.card #again hidden {
            h2 { (say!(frame, "again-title")) }
            p { (say!(frame, "again-lead")) }
            form #again-form {
                div.field #again-choice {
                    label for="again-letter" { (say!(frame, "again-choose")) }
                    select #again-letter autocomplete="off" {}
                }
                (files(frame, "again-files", &html! { (say!(frame, "field-files")) }))
                p.problem #again-problem role="alert" data-private hidden {}
                p.actions { button #again-send type="submit" { (say!(frame, "again-send")) } }
            }
            p.state #again-sent role="status" hidden {}
        }
    }
}

/// The choices about an award. Every mailbox page contains them; the script shows them if there is an award.
fn claim(frame: &Frame<'_>) -> Markup {
    let choices = [
        ("", "—".to_owned()),
        ("note", say!(frame, "choice-note")),
        ("open", say!(frame, "choice-open")),
        ("refuse", say!(frame, "choice-refuse")),
        ("reconsider", say!(frame, "choice-reconsider")),
    ];
    html! {
        section #claim hidden {
            h2 { (say!(frame, "claim-title")) }
            div #claim-state data-private {}
            section.card #claim-note hidden {
                h3 { (say!(frame, "note-title")) }
                p.warning { (say!(frame, "note-warning")) }
                div #claim-note-shown data-private {}
                @if let Some(place) = frame.paying() { p { (say!(frame, "note-where", place = place)) } }
                p.actions { button.second #claim-print type="button" { (say!(frame, "note-print")) } }
            }
            form #claim-form hidden {
                p.hint { (say!(frame, "claim-chosen-before")) }
                div.field {
                    label for="claim-choice" { (say!(frame, "claim-choose")) }
                    select #claim-choice autocomplete="off" {
                        @for (value, text) in &choices { option value=(value) { (text) } }
                    }
                }
                p.hint #claim-about-note hidden { (say!(frame, "choice-note-hint")) }
                p.hint #claim-about-refuse hidden { (say!(frame, "choice-refuse-hint")) }
                (payee(frame))
                div.field #claim-why hidden {
                    label for="claim-reasons" { (say!(frame, "claim-reasons")) }
                    p.hint #claim-reasons-hint { (say!(frame, "claim-reasons-hint")) }
                    (typed(&Typed { id: "claim-reasons", rows: Some(5), described_by: &["hint"], ..Typed::default() }))
                }
                p.problem #claim-problem role="alert" hidden {}
                p.actions { button #claim-send type="submit" { (say!(frame, "claim-send")) } }
            }
            p.state #claim-sent role="status" hidden {}
        }
    }
}

/// Fields for the payee of an open payment, sealed to the custodian alone.
fn payee(frame: &Frame<'_>) -> Markup {
    let fields = [
        ("payee-name", say!(frame, "payee-name")),
        ("payee-account", say!(frame, "payee-account")),
        ("payee-contact", say!(frame, "payee-contact")),
    ];
    html! {
        div #claim-payee hidden {
            p.hint { (say!(frame, "choice-open-hint")) }
            @for (id, label) in &fields {
                div.field {
                    label for=(id) { (label) }
                    (typed(&Typed { id, ..Typed::default() }))
                }
            }
        }
    }
}
