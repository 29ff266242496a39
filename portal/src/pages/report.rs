//! The report page: the form and the steps after it, which the script shows one at a time.

use casework::reports::{Category, Naming, Ongoing, ReporterKind, RewardWish};
use casework::rules::Policy;
use maud::{Markup, html};

use super::parts::{Typed, category_name, described, files, files_label, typed, upload, without_scripts};
use super::{Frame, PageKind, say};

/// The kind of a form field.
enum Entry {
    Line,
    Text,
    Choice(Vec<(String, String)>),
}

/// A field of the report form.
struct Field {
    id: &'static str,
    label: String,
    hint: Option<String>,
    required: bool,
    /// Goes into the identity envelope, not into the report.
    identity: bool,
    entry: Entry,
}

fn field(id: &'static str, label: String, entry: Entry) -> Field {
    Field { id, label, hint: None, required: false, identity: false, entry }
}

impl Field {
    fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    fn required(self) -> Self {
        Self { required: true, ..self }
    }

    fn identity(self) -> Self {
        Self { identity: true, ..self }
    }
}

pub(super) fn body(frame: &Frame<'_>, policy: &Policy) -> Markup {
    html! {
        (without_scripts(frame))
        section #form data-step {
            h1 tabindex="-1" { (say!(frame, "report-title")) }
            p.lead { (say!(frame, "report-lead")) }
            p { a href=(frame.link(PageKind::Safety)) { (say!(frame, "report-safety")) } }
            p #ready-state role="status" { (say!(frame, "ready-checking")) }
            p.problem #ready-problem role="alert" hidden {}
            p.actions { button.second #ready-again type="button" hidden { (say!(frame, "try-again")) } }
            form #report-form {
                // Enabled by the script once keys and free capacity are verified.
                fieldset #fields disabled {
                    @for one in about_the_violation(frame, policy) { (render(frame, &one)) }
                    (files(frame, "files", &files_label(frame)))
                    @for one in about_the_reporter(frame) { (render(frame, &one)) }
                    div #identity hidden {
                        @for one in identity(frame) { (render(frame, &one)) }
                    }
                    p.actions {
                        button type="submit" { (say!(frame, "report-check")) }
                        (clear(frame))
                    }
                }
            }
        }
        (check(frame))
        (code(frame))
        (after(frame))
    }
}

fn about_the_violation(frame: &Frame<'_>, policy: &Policy) -> Vec<Field> {
    let categories = Category::ALL.iter().map(|category| (category.code().to_owned(), category_name(frame, *category)));
    let categories = std::iter::once((String::new(), say!(frame, "category-choose"))).chain(categories).collect();
    let towns = policy.towns.iter().map(|town| (town.clone(), town.clone()));
    let towns = std::iter::once((String::new(), say!(frame, "town-unknown"))).chain(towns).collect();
    let ongoing = [Ongoing::Unknown, Ongoing::Yes, Ongoing::No].map(|value| {
        let words = match value {
            Ongoing::Unknown => say!(frame, "ongoing-unknown"),
            Ongoing::Yes => say!(frame, "ongoing-yes"),
            Ongoing::No => say!(frame, "ongoing-no"),
        };
        (value.code().to_owned(), words)
    });
    vec![
        field("category", say!(frame, "field-category"), Entry::Choice(categories)).required(),
        field("what", say!(frame, "field-what"), Entry::Text).hint(say!(frame, "field-what-hint")).required(),
        field("party", say!(frame, "field-party"), Entry::Line),
        field("address", say!(frame, "field-address"), Entry::Line),
        field("town", say!(frame, "field-town"), Entry::Choice(towns)),
        field("when", say!(frame, "field-when"), Entry::Line).hint(say!(frame, "field-when-hint")),
        field("ongoing", say!(frame, "field-ongoing"), Entry::Choice(ongoing.to_vec())),
        field("evidence", say!(frame, "field-evidence"), Entry::Text),
    ]
}

fn about_the_reporter(frame: &Frame<'_>) -> Vec<Field> {
    let kinds = ReporterKind::ALL.iter().map(|kind| {
        let words = match kind {
            ReporterKind::Public => say!(frame, "reporter-public"),
            ReporterKind::Insider => say!(frame, "reporter-insider"),
            ReporterKind::Organisation => say!(frame, "reporter-organisation"),
        };
        (kind.code().to_owned(), words)
    });
    let wishes = [RewardWish::Later, RewardWish::Yes, RewardWish::No].map(|wish| {
        let words = match wish {
            RewardWish::Later => say!(frame, "reward-later"),
            RewardWish::Yes => say!(frame, "reward-yes"),
            RewardWish::No => say!(frame, "reward-no"),
        };
        (wish.code().to_owned(), words)
    });
    let naming = Naming::ALL.iter().map(|naming| {
        let words = match naming {
            Naming::Anonymous => say!(frame, "naming-anonymous"),
            Naming::RealName => say!(frame, "naming-real-name"),
        };
        (naming.code().to_owned(), words)
    });
    vec![
        field("knowledge", say!(frame, "field-knowledge"), Entry::Text).hint(say!(frame, "field-knowledge-hint")),
        field("reporter", say!(frame, "field-reporter"), Entry::Choice(kinds.collect())),
        field("elsewhere", say!(frame, "field-elsewhere"), Entry::Line),
        field("danger", say!(frame, "field-danger"), Entry::Text),
        field("reward", say!(frame, "field-reward"), Entry::Choice(wishes.to_vec())),
        field("naming", say!(frame, "field-naming"), Entry::Choice(naming.collect())).hint(say!(frame, "naming-hint")),
    ]
}

fn identity(frame: &Frame<'_>) -> Vec<Field> {
    vec![
        field("identity-name", say!(frame, "field-identity-name"), Entry::Line).identity(),
        field("identity-contact", say!(frame, "field-identity-contact"), Entry::Line).identity(),
    ]
}

fn render(frame: &Frame<'_>, field: &Field) -> Markup {
    let required = field.required.then_some("true");
    let shape = Typed {
        id: field.id,
        field: true,
        required: field.required,
        identity: field.identity,
        described_by: if field.hint.is_some() { &["hint", "problem"] } else { &["problem"] },
        ..Typed::default()
    };
    let described = described(field.id, shape.described_by);
    html! {
        div.field {
            label for=(field.id) {
                (field.label)
                @if field.required {
                    " " span.optional { (say!(frame, "field-required")) }
                } @else if !matches!(field.entry, Entry::Choice(_)) {
                    " " span.optional { (say!(frame, "field-optional")) }
                }
            }
            @if let Some(hint) = &field.hint { p.hint id=(format!("{}-hint", field.id)) { (hint) } }
            @match &field.entry {
                Entry::Line => (typed(&Typed { rows: None, ..shape })),
                Entry::Text => (typed(&Typed { rows: Some(5), ..shape })),
                Entry::Choice(choices) => select id=(field.id) data-field=(field.id) aria-required=[required]
                    aria-describedby=[&described] autocomplete="off" {
                    @for (value, words) in choices { option value=(value) { (words) } }
                },
            }
            p.problem id=(format!("{}-problem", field.id)) role="alert" hidden {}
        }
    }
}

fn clear(frame: &Frame<'_>) -> Markup {
    html! { button.quiet type="button" data-clear { (say!(frame, "clear")) } }
}

fn check(frame: &Frame<'_>) -> Markup {
    html! {
        section #check data-step hidden {
            h1 tabindex="-1" { (say!(frame, "check-title")) }
            p.lead #check-lead { (say!(frame, "check-lead")) }
            p.problem #check-problem role="alert" hidden {}
            dl #answers data-private {}
            p.actions {
                button #check-send type="button" { (say!(frame, "check-send")) }
                button.second #check-back type="button" { (say!(frame, "check-back")) }
                (clear(frame))
            }
        }
    }
}

fn code(frame: &Frame<'_>) -> Markup {
    html! {
        (travel(frame))
        section #code data-step hidden {
            h1 tabindex="-1" { (say!(frame, "code-title")) }
            p.lead { (say!(frame, "code-lead")) }
            p.code #receipt-code data-private {}
            p.warning { (say!(frame, "code-warning")) }
            p.actions { button #code-noted type="button" { (say!(frame, "code-noted")) } }
        }
        section #retype data-step hidden {
            h1 tabindex="-1" { (say!(frame, "retype-title")) }
            p.lead { (say!(frame, "retype-lead")) }
            form #retype-form {
                label for="receipt-retype" { (say!(frame, "retype-label")) }
                p.hint #receipt-retype-hint { (say!(frame, "retype-hint")) }
                (typed(&Typed { id: "receipt-retype", described_by: &["hint", "problem"], ..Typed::default() }))
                p.problem #receipt-retype-problem role="alert" hidden {}
                p.actions {
                    button type="submit" { (say!(frame, "retype-check")) }
                    button.second #retype-back type="button" { (say!(frame, "retype-back")) }
                }
            }
        }
        section #waiting data-step hidden {
            h1 tabindex="-1" { (say!(frame, "waiting-title")) }
            p.lead { (say!(frame, "waiting-lead")) }
        }
    }
}

/// Where the letter is: above the code, and above each step until it has arrived, so that a telephone shows both.
fn travel(frame: &Frame<'_>) -> Markup {
    html! {
        section #travel aria-label=(say!(frame, "travel-title")) hidden {
            p.state #travel-state role="status" {}
            progress #seal-bar max="1" value="0" aria-label=(say!(frame, "travel-sealing")) hidden {}
            p.problem #travel-problem role="alert" data-private hidden {}
            p.actions #travel-actions hidden {
                button #travel-again type="button" { (say!(frame, "travel-again")) }
                button.second #travel-change type="button" { (say!(frame, "travel-change")) }
            }
        }
    }
}

fn after(frame: &Frame<'_>) -> Markup {
    html! {
        section #uploading data-step hidden {
            h1 tabindex="-1" { (say!(frame, "upload-title")) }
            p.lead { (say!(frame, "upload-lead")) }
            (upload(frame))
        }
        section #done data-step hidden {
            h1 tabindex="-1" { (say!(frame, "done-title")) }
            p.lead { (say!(frame, "done-lead")) }
            p.warning #done-without hidden { (say!(frame, "done-without")) }
            ol {
                li { (say!(frame, "done-1")) }
                li { (say!(frame, "done-2")) }
                li { (say!(frame, "done-3")) }
                li { (say!(frame, "done-4")) }
            }
            p.actions { button type="button" data-clear { (say!(frame, "done-close")) } }
        }
    }
}
