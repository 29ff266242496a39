//! Parts shared by several pages.

use casework::reports::Category;
use casework::rules::{AddOnEvent, Exclusion};
use maud::{Markup, html};
use model::Fen;

use super::{Frame, say};

/// Basis points as a percentage: 500 as `5 %`, 525 as `5.25 %`.
pub(super) fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let decimals = format!("{rest:02}");
    match decimals.trim_end_matches('0') {
        "" => format!("{whole} %"),
        decimals => format!("{whole}.{decimals} %"),
    }
}

/// An amount in yuan; round amounts without their `.00`.
pub(super) fn whole_yuan(amount: Fen) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// The label of a category.
pub(super) fn category_name(frame: &Frame<'_>, category: Category) -> String {
    match category {
        Category::CovertDischarge => say!(frame, "category-covert-discharge"),
        Category::FalsifiedMonitoring => say!(frame, "category-falsified-monitoring"),
        Category::HazardousDumping => say!(frame, "category-hazardous-dumping"),
        Category::WaterProtectionZone => say!(frame, "category-water-protection-zone"),
        Category::Other => say!(frame, "category-other"),
    }
}

/// The label of a group that is excluded from rewards.
pub(super) fn exclusion_name(frame: &Frame<'_>, exclusion: Exclusion) -> String {
    match exclusion {
        Exclusion::DutyStaff => say!(frame, "exclusion-duty-staff"),
        Exclusion::NearRelatives => say!(frame, "exclusion-near-relatives"),
        Exclusion::Agents => say!(frame, "exclusion-agents"),
        Exclusion::Violator => say!(frame, "exclusion-violator"),
    }
}

/// The label of an event that adds to a reward.
pub(super) fn add_on_name(frame: &Frame<'_>, event: AddOnEvent) -> String {
    match event {
        AddOnEvent::Detention => say!(frame, "add-on-detention"),
        AddOnEvent::Arrest => say!(frame, "add-on-arrest"),
        AddOnEvent::Conviction => say!(frame, "add-on-conviction"),
    }
}

/// A text field of a form.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub(super) id: &'a str,
    /// Number of rows of a text area; none for a single line.
    pub(super) rows: Option<u8>,
    /// The `inputmode` that chooses a telephone's keyboard.
    pub(super) mode: Option<&'a str>,
    /// Whether it is part of the report form.
    pub(super) field: bool,
    pub(super) required: bool,
    /// Whether its content goes into the identity envelope.
    pub(super) identity: bool,
    /// What the page has that describes it, each named after its id: `hint`, `problem`.
    pub(super) described_by: &'a [&'static str],
}

/// The ids of what describes a field, for `aria-describedby`.
pub(super) fn described(id: &str, by: &[&str]) -> Option<String> {
    let ids: Vec<String> = by.iter().map(|part| format!("{id}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A field without a `name`, so that a browser cannot submit it; and without autocompletion, correction or
/// translation, which would send its text elsewhere.
pub(super) fn typed(typed: &Typed<'_>) -> Markup {
    let Typed { id, rows, mode, .. } = *typed;
    let described = described(id, typed.described_by);
    let field = typed.field.then_some(id);
    let required = typed.required.then_some("true");
    let identity = typed.identity.then_some("");
    html! {
        @if let Some(rows) = rows {
            textarea #(id) rows=(rows) data-field=[field] aria-required=[required] data-identity=[identity]
                aria-describedby=[&described] autocomplete="off" spellcheck="false" autocapitalize="off"
                autocorrect="off" writingsuggestions="false" translate="no" data-gramm="false" {}
        } @else {
            input #(id) type="text" inputmode=[mode] data-field=[field] aria-required=[required] data-identity=[identity]
                aria-describedby=[&described] autocomplete="off" spellcheck="false" autocapitalize="off"
                autocorrect="off" writingsuggestions="false" translate="no" data-gramm="false";
        }
    }
}

/// The choice of attachments, and the list of those chosen. The browser's own control is hidden, since it shows "no
/// file chosen" once the script has taken the files. Everything is named after the field's id.
pub(super) fn files(frame: &Frame<'_>, id: &str, label: &Markup) -> Markup {
    let part = |name: &str| format!("{id}-{name}");
    html! {
        div.field {
            p.label { (label) }
            p.hint id=(part("hint")) { (say!(frame, "field-files-hint")) }
            input.out-of-sight #(id) type="file" multiple aria-describedby=[described(id, &["hint", "problem"])]
                autocomplete="off" spellcheck="false";
            label.button.second for=(id) { (say!(frame, "files-add")) }
            p.problem id=(part("problem")) role="alert" hidden {}
            p id=(part("state")) role="status" data-private {}
            ul id=(part("list")) data-private {}
        }
    }
}

/// The label of attachments that need not be given.
pub(super) fn files_label(frame: &Frame<'_>) -> Markup {
    html! { (say!(frame, "field-files")) " " span.optional { (say!(frame, "field-optional")) } }
}

/// The progress of an upload of attachments, and the ways on.
pub(super) fn upload(frame: &Frame<'_>) -> Markup {
    html! {
        div #upload hidden {
            progress #upload-bar max="1" value="0" aria-label=(say!(frame, "upload-title")) {}
            p #upload-state role="status" {}
            p.problem #upload-problem role="alert" data-private hidden {}
            p.actions {
                button #upload-again type="button" hidden { (say!(frame, "upload-again")) }
                button.second #upload-toggle type="button" hidden { (say!(frame, "upload-pause")) }
                button.second #upload-onward type="button" hidden { (say!(frame, "upload-onward")) }
            }
        }
    }
}

/// Shown instead of a form when scripts are off.
pub(super) fn without_scripts(frame: &Frame<'_>) -> Markup {
    html! {
        noscript {
            div.warning {
                p { strong { (say!(frame, "noscript-title")) } }
                p { (say!(frame, "noscript-text")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(percent(500), "5 %");
        assert_eq!(percent(525), "5.25 %");
        assert_eq!(percent(550), "5.5 %");
        assert_eq!(whole_yuan(Fen(10_000_000)), "100,000");
        assert_eq!(whole_yuan(Fen(10_000_001)), "100,000.01");
    }
}
