//! Steps of a reporter and the installation from an approved award to its payment.

use crypto::keys::words::WordList;
use crypto::letters::letter::{Body, Choice};
use crypto::letters::mailbox::MailboxId;
use crypto::sealing::identity_envelope::{Identity, IdentityEnvelope};
use crypto::slots::slot::{ClaimState, ClaimStatus, PostSlot, ReportOutcome};
use model::LetterDigest;

use crate::console_client::{ConsoleClient, text};
use crate::reporters::{letter, today};
use crate::requests::{Answer, agent, send};
use crate::scenario::{DECIDED, Scenario, decided_case, done, proposal};
use crate::sentences::says;

impl Scenario {
    /// Brings report 1 to an approved award of 61,728.39 yuan; returns the claim's status from the reporter's slot.
    pub fn awarded(&self) -> ClaimStatus {
        let (mut zhou, mut qian, mut he) = (self.client("zhou"), self.client("qian"), self.client("he"));
        decided_case(&mut zhou, &mut qian);
        assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
        done(&he.post("/en/approvals/claims/1", &[("expected-version", "1"), ("entry", "approved")]));
        let told = claim_status(&self.slot());
        assert_eq!((told.state, told.open_fen), (ClaimState::Open, 6_172_839));
        told
    }

    /// Seals the reporter's letter with a choice as the browser does; returns the request of the visit and the letter's
    /// digest.
    #[must_use]
    pub fn choice(&self, choice: Choice, payee: Option<(MailboxId, &str)>) -> (Vec<u8>, LetterDigest) {
        let keys = self.installation.keys();
        let mut letter = letter(&self.one, Body::Claim { choice, text: String::new() }, &keys);
        letter.identity = payee.map(|(mailbox, name)| {
            let (name, contact, account) = (name.to_owned(), "139".to_owned(), "农行 6228".to_owned());
            let identity = Some(Identity { name, contact, account });
            IdentityEnvelope { mailbox, identity }.seal(&keys.keys.custodian).expect("sealed")
        });
        let sealed = self.one.visit(&letter, &keys, today()).expect("a visit");
        (sealed.request, sealed.digest)
    }

    /// Sends a visit to the portal, which must accept it.
    pub fn send(&self, request: &[u8]) {
        let url = format!("{}/api/visits", self.portal.address);
        assert_eq!(send(&agent(), "POST", &url, request).expect("answered").status, 200);
    }

    /// Sends the reporter's choice, has the post collect the letter, and enters it as an officer; returns the page.
    pub fn chosen(&self, zhou: &mut ConsoleClient, choice: Choice, payee: Option<(MailboxId, &str)>) -> Answer {
        let (request, digest) = self.choice(choice, payee);
        self.send(&request);
        self.installation.exchange(Some("zhou")).expect("exchanged");
        zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())])
    }

    /// The choice of payment against the claim note of this offer number.
    #[must_use]
    pub fn by_note(&self, number: u32) -> Choice {
        Choice::Note { offer_number: number, note: self.one.claim_note(number).hash() }
    }

    /// The words of the claim note of this offer number, in Chinese.
    #[must_use]
    pub fn note(&self, number: u32) -> String {
        self.one.claim_note(number).words(WordList::Chinese).to_string()
    }

    /// Ends the programs, advances their clock by days, and starts them again. From then on an exchange is run at a
    /// desk.
    pub fn days_later(&mut self, days: u32) {
        for running in [&mut self.console, &mut self.portal, &mut self.recorder] {
            running.terminate();
        }
        self.installation.sleep_for_days(days);
        (self.portal, self.recorder) = (self.installation.portal(), self.installation.recorder());
        self.console = self.installation.console();
        (self.cases, self.finance) = (self.console.next_address(), self.console.next_address());
    }

    /// The claim's status in the reporter's slot after an exchange that a signed-in officer starts.
    #[must_use]
    pub fn status_after_exchange(&self, client: &mut ConsoleClient) -> ClaimStatus {
        client.exchange();
        claim_status(&self.look())
    }
}

/// The claim's status in a slot; panics without an award.
#[must_use]
pub fn claim_status(slot: &PostSlot) -> ClaimStatus {
    match &slot.outcome {
        Some(ReportOutcome::Confirmed { claim, .. }) => claim.clone(),
        other => panic!("no award: {other:?}"),
    }
}

/// Asserts that the page has the sentence of this key.
#[track_caller]
pub fn said(answer: &Answer, key: &str) {
    let page = text(answer);
    assert!(says(&page, key), "{} without {key}: {page}", answer.status);
}

/// Asserts that the page contains these data.
#[track_caller]
pub fn shows(answer: &Answer, data: &str) {
    let page = text(answer);
    assert!(page.contains(data), "{} without “{data}”: {page}", answer.status);
}
