//! The sentences that the scripts show; the TypeScript code contains no text. Every page carries all sentences, so
//! that its size and content do not reveal what it is for.

use maud::{Markup, html};

use super::{Frame, say};

/// The `<template>` that `sentences.ts` reads. Variables stay as `{names}`, which the script fills in.
pub(super) fn template(frame: &Frame<'_>) -> Markup {
    html! {
        template #sentences {
            @for (key, sentence) in sending(frame).into_iter().chain(mailbox(frame)).chain(looks(frame)).chain(rewards(frame)).chain(errors(frame)) {
                p data-key=(key) { (sentence) }
            }
        }
    }
}

/// Sentences about writing and sending.
fn sending(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("fine-not-understood", say!(frame, "fine-not-understood")),
        ("field-missing", say!(frame, "field-missing")),
        ("files-remove", say!(frame, "files-remove")),
        ("files-chosen", say!(frame, "files-chosen", count = "{count}", size = "{size}", sent = "{sent}")),
        ("files-closed", say!(frame, "files-closed")),
        ("files-many", say!(frame, "files-many", most = "{most}")),
        ("check-lead", say!(frame, "check-lead")),
        ("check-unsure", say!(frame, "check-unsure")),
        ("answer-empty", say!(frame, "answer-empty")),
        ("answer-files", say!(frame, "answer-files")),
        ("travel-keys", say!(frame, "travel-keys")),
        ("travel-keys-slow", say!(frame, "travel-keys-slow")),
        ("travel-sealing", say!(frame, "travel-sealing")),
        ("travel-sending", say!(frame, "travel-sending")),
        ("travel-sending-slow", say!(frame, "travel-sending-slow")),
        ("travel-arrived", say!(frame, "travel-arrived")),
        ("travel-failed", say!(frame, "travel-failed")),
        ("travel-unsent", say!(frame, "travel-unsent")),
        ("travel-sealing-slow", say!(frame, "travel-sealing-slow")),
        ("look-alikes", say!(frame, "look-alikes", pairs = "{pairs}")),
        ("retype-differs", say!(frame, "retype-differs")),
        ("upload-begins", say!(frame, "upload-begins")),
        ("upload-going", say!(frame, "upload-going", done = "{done}", total = "{total}", percent = "{percent}")),
        ("upload-paused", say!(frame, "upload-paused", done = "{done}", total = "{total}", percent = "{percent}")),
        ("upload-network", say!(frame, "upload-network", done = "{done}", total = "{total}", percent = "{percent}")),
        ("upload-busy", say!(frame, "upload-busy", done = "{done}", total = "{total}")),
        ("upload-slow", say!(frame, "upload-slow", done = "{done}", total = "{total}", percent = "{percent}")),
        ("upload-full", say!(frame, "upload-full")),
        ("upload-changed", say!(frame, "upload-changed", name = "{name}")),
        ("upload-pause", say!(frame, "upload-pause")),
        ("upload-resume", say!(frame, "upload-resume")),
        ("upload-done", say!(frame, "upload-done")),
        ("upload-failed", say!(frame, "upload-failed", reason = "{reason}")),
    ]
}

/// Sentences about what is in a mailbox.
fn mailbox(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("files-whole", say!(frame, "files-whole", count = "{count}")),
        ("files-announced", say!(frame, "files-announced")),
        ("files-incomplete", say!(frame, "files-incomplete", day = "{day}")),
        ("files-given-up", say!(frame, "files-given-up", day = "{day}")),
        ("again-letter-latest", say!(frame, "again-letter-latest")),
        ("again-letter", say!(frame, "again-letter", number = "{number}")),
        ("again-sent", say!(frame, "again-sent")),
        ("look-full", say!(frame, "look-full")),
        ("look-busy", say!(frame, "look-busy")),
        ("look-slow", say!(frame, "look-slow")),
        ("look-keys", say!(frame, "look-keys")),
        ("look-replaced", say!(frame, "look-replaced")),
        ("slot-waiting", say!(frame, "slot-waiting", day = "{day}")),
        ("slot-none", say!(frame, "slot-none")),
        ("slot-received", say!(frame, "slot-received")),
        ("slot-read", say!(frame, "slot-read")),
        ("slot-answered", say!(frame, "slot-answered")),
        ("slot-letters", say!(frame, "slot-letters", count = "{count}", day = "{day}")),
        ("slot-decided", say!(frame, "slot-decided")),
        ("outcome-title", say!(frame, "outcome-title")),
        ("outcome-not-ours", say!(frame, "outcome-not-ours")),
        ("outcome-known", say!(frame, "outcome-known")),
        ("outcome-not-effective", say!(frame, "outcome-not-effective")),
        ("outcome-not-confirmed", say!(frame, "outcome-not-confirmed")),
        ("outcome-minor", say!(frame, "outcome-minor")),
        (
            "due-lines",
            say!(
                frame,
                "due-lines",
                acknowledge = "{acknowledge}",
                written_reply = "{written_reply}",
                feedback = "{feedback}",
                answer = "{answer}"
            ),
        ),
        ("outcome-confirmed", say!(frame, "outcome-confirmed")),
        ("outcome-closed", say!(frame, "outcome-closed")),
        ("slot-message", say!(frame, "slot-message", day = "{day}")),
        ("slot-no-messages", say!(frame, "slot-no-messages")),
        ("slot-dropped", say!(frame, "slot-dropped")),
        ("slot-erased", say!(frame, "slot-erased", day = "{day}")),
        ("slot-missing", say!(frame, "slot-missing")),
        ("slot-old", say!(frame, "slot-old", days = "{days}")),
        ("slot-refused", say!(frame, "slot-refused")),
        ("follow-up-sent", say!(frame, "follow-up-sent")),
        ("follow-up-text-only", say!(frame, "follow-up-text-only")),
    ]
}

/// Sentences about access records and their proofs.
fn looks(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("access-title", say!(frame, "access-title")),
        ("access-none", say!(frame, "access-none", day = "{day}")),
        ("access-unproven", say!(frame, "access-unproven")),
        ("access-old", say!(frame, "access-old", day = "{day}")),
        ("access-earlier", say!(frame, "access-earlier", count = "{count}", purpose = "{purpose}")),
        (
            "access-line",
            say!(frame, "access-line", number = "{number}", day = "{day}", who = "{who}", purpose = "{purpose}"),
        ),
        (
            "access-other",
            say!(frame, "access-other", number = "{number}", day = "{day}", who = "{who}", purpose = "{purpose}"),
        ),
        ("access-proof", say!(frame, "access-proof", day = "{day}")),
        ("access-proved", say!(frame, "access-proved")),
        ("access-wrong", say!(frame, "access-wrong")),
        ("access-wrong-hint", say!(frame, "access-wrong-hint")),
        ("access-unwitnessed", say!(frame, "access-unwitnessed")),
        ("access-witnessed", say!(frame, "access-witnessed", day = "{day}", size = "{size}")),
        ("access-witnessed-old", say!(frame, "access-witnessed-old", day = "{day}")),
        ("access-not-yet", say!(frame, "access-not-yet")),
        ("access-officer", say!(frame, "access-officer", person = "{person}")),
        ("access-custodian", say!(frame, "access-custodian", person = "{person}")),
        ("access-someone", say!(frame, "access-someone")),
        ("purpose-review", say!(frame, "purpose-review")),
        ("purpose-verify", say!(frame, "purpose-verify")),
        ("purpose-answer", say!(frame, "purpose-answer")),
        ("purpose-claim", say!(frame, "purpose-claim")),
        ("purpose-ask-identity", say!(frame, "purpose-ask-identity")),
        ("purpose-open-identity", say!(frame, "purpose-open-identity")),
        ("purpose-read-identity", say!(frame, "purpose-read-identity")),
    ]
}

/// Sentences about awards and claims.
fn rewards(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("award-joint", say!(frame, "award-joint", count = "{count}", share = "{share}")),
        ("award-due", say!(frame, "award-due", due = "{due}")),
        ("award-none", say!(frame, "award-none")),
        ("award-share", say!(frame, "award-share", fine = "{fine}", percent = "{percent}", share = "{share}")),
        ("award-capped", say!(frame, "award-capped", cap = "{cap}")),
        ("award-no-fine", say!(frame, "award-no-fine")),
        ("award-not-rewarded", say!(frame, "award-not-rewarded")),
        ("award-special", say!(frame, "award-special", amount = "{amount}")),
        ("award-highest", say!(frame, "award-highest", count = "{count}", fines = "{fines}", fine = "{fine}")),
        ("award-summed", say!(frame, "award-summed", count = "{count}", fines = "{fines}", fine = "{fine}")),
        ("award-add-on", say!(frame, "award-add-on", what = "{what}", amount = "{amount}")),
        ("award-excluded", say!(frame, "award-excluded", who = "{who}")),
        ("award-rules", say!(frame, "award-rules", policy = "{policy}", day = "{day}")),
        ("add-on-detention", say!(frame, "add-on-detention")),
        ("add-on-arrest", say!(frame, "add-on-arrest")),
        ("add-on-conviction", say!(frame, "add-on-conviction")),
        ("exclusion-duty-staff", say!(frame, "exclusion-duty-staff")),
        ("exclusion-near-relatives", say!(frame, "exclusion-near-relatives")),
        ("exclusion-agents", say!(frame, "exclusion-agents")),
        ("exclusion-violator", say!(frame, "exclusion-violator")),
        ("claim-nothing", say!(frame, "claim-nothing")),
        ("claim-open", say!(frame, "claim-open", day = "{day}", amount = "{amount}")),
        ("claim-note", say!(frame, "claim-note", day = "{day}")),
        ("claim-transfer", say!(frame, "claim-transfer", day = "{day}")),
        ("claim-paid", say!(frame, "claim-paid")),
        ("claim-lapsed", say!(frame, "claim-lapsed")),
        ("claim-refused", say!(frame, "claim-refused", day = "{day}")),
        ("claim-waived", say!(frame, "claim-waived", day = "{day}")),
        ("claim-reconsidering", say!(frame, "claim-reconsidering", day = "{day}")),
        ("claim-correcting", say!(frame, "claim-correcting")),
        ("claim-before", say!(frame, "claim-before", before = "{before}")),
        ("claim-paid-on", say!(frame, "claim-paid-on", amount = "{amount}", day = "{day}")),
        ("claim-answered", say!(frame, "claim-answered", day = "{day}")),
        ("claim-reconsider-until", say!(frame, "claim-reconsider-until", day = "{day}")),
        ("claim-nothing-chosen", say!(frame, "claim-nothing-chosen")),
        ("claim-sent", say!(frame, "claim-sent")),
        ("payee-missing", say!(frame, "payee-missing")),
        ("note-value", say!(frame, "note-value", amount = "{amount}", day = "{day}")),
        ("note-qr", say!(frame, "note-qr")),
    ]
}

fn errors(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("error-unexpected", say!(frame, "error-unexpected")),
        ("error-network", say!(frame, "error-network")),
        ("error-worker", say!(frame, "error-worker")),
        ("error-insecure", say!(frame, "error-insecure")),
        ("error-not-ready", say!(frame, "error-not-ready")),
        ("error-full", say!(frame, "error-full")),
        ("error-busy", say!(frame, "error-busy")),
        ("error-storage", say!(frame, "error-storage")),
        ("error-answer", say!(frame, "error-answer")),
        ("error-incomplete", say!(frame, "error-incomplete")),
        ("error-visit-size", say!(frame, "error-visit-size")),
        ("error-visit-form", say!(frame, "error-visit-form")),
        ("error-enclosure-unknown", say!(frame, "error-enclosure-unknown")),
        ("error-other-attempt", say!(frame, "error-other-attempt")),
        ("error-no-token", say!(frame, "error-no-token")),
        ("error-content-type", say!(frame, "error-content-type")),
        ("error-enclosure-body", say!(frame, "error-enclosure-body")),
        ("error-part-size", say!(frame, "error-part-size")),
        ("error-part-content", say!(frame, "error-part-content")),
        ("error-no-statement", say!(frame, "error-no-statement")),
        ("error-statement-form", say!(frame, "error-statement-form")),
        ("error-statement-signature", say!(frame, "error-statement-signature")),
        ("error-statement-too-long", say!(frame, "error-statement-too-long")),
        ("error-statement-not-in-force", say!(frame, "error-statement-not-in-force")),
        ("error-statement-serial-back", say!(frame, "error-statement-serial-back")),
        ("error-receipt-length", say!(frame, "error-receipt-length", at = "{at}")),
        ("error-receipt-claim-note", say!(frame, "error-receipt-claim-note")),
        ("error-receipt-unknown-word", say!(frame, "error-receipt-unknown-word", at = "{at}")),
        ("error-receipt-checksum", say!(frame, "error-receipt-checksum")),
        ("error-too-long", say!(frame, "error-too-long", at = "{at}")),
        ("error-too-much", say!(frame, "error-too-much")),
        ("error-too-long-identity", say!(frame, "error-too-long-identity", at = "{at}")),
        ("error-file-changed", say!(frame, "error-file-changed", name = "{name}")),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use web::language::Language;

    use crate::config::tests::demo;
    use crate::pages::{Frame, Integrity, PageKind};

    /// The keys in the scripts' calls of `say(…)`: complete ones, and the beginnings of those that end in a code.
    fn said() -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut whole, mut begun) = (BTreeSet::new(), BTreeSet::new());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../browser/page");
        for file in fs::read_dir(folder).expect("scripts") {
            let text = fs::read_to_string(file.expect("a file").path()).expect("a script");
            for call in text.split("say(").skip(1) {
                // The first argument ends before the values, or at the end of the call.
                let key = call.split([',', ')']).next().unwrap_or_default();
                for (place, part) in key.split('\'').enumerate() {
                    if place % 2 == 1 {
                        whole.insert(part.to_owned());
                    }
                }
                if let Some(template) = key.split('`').nth(1) {
                    begun.insert(template.split("${").next().unwrap_or_default().to_owned());
                }
            }
        }
        (whole, begun)
    }

    #[test]
    fn every_sentence_that_a_script_says_is_on_every_page() {
        let (whole, begun) = said();
        assert!(whole.len() > 50 && begun.len() > 5, "the scripts are read: {} and {}", whole.len(), begun.len());
        let (config, integrity) = (demo(), Integrity::of(b"", b""));
        for language in Language::ALL {
            let frame = Frame::new(&config, language, &integrity).expect("sentences");
            let page = frame.render(PageKind::FIXED[0], &config).into_string();
            for key in &whole {
                assert!(page.contains(&format!("data-key=\"{key}\"")), "{key} in {language:?}");
            }
            for beginning in &begun {
                assert!(page.contains(&format!("data-key=\"{beginning}")), "{beginning}… in {language:?}");
            }
            // The sentence that a script shows if a key is missing after all.
            assert!(page.contains("data-key=\"error-unexpected\""));
        }
    }
}
