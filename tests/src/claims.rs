//! What a reporter and the house do from an approved award to its payment.

use crypto::identity_envelope::{Identity, IdentityEnvelope};
use crypto::letter::{Body, Choice};
use crypto::mailbox::MailboxId;
use crypto::slot::{ClaimState, Outcome, PostSlot, Standing};
use crypto::words::WordList;
use model::LetterDigest;

use crate::casework::{DECIDED, Work, decided_case, done, proposal};
use crate::desk::{Desk, text};
use crate::reporters::{letter, today};
use crate::requests::{Answer, agent, send};

impl Work {
    /// Report 1 has an approved award of 61,728.39 yuan, and its reporter was told.
    pub fn awarded(&self) -> Standing {
        let (mut zhou, mut qian, mut he) = (self.desk("zhou"), self.desk("qian"), self.desk("he"));
        decided_case(&mut zhou, &mut qian);
        assert_eq!(zhou.post("/en/reports/1/reward", &proposal(DECIDED, &[])).status, 200);
        done(&he.post("/en/approvals/claims/1", &[("seen", "1"), ("entry", "approved")]));
        let told = standing(&self.slot());
        assert_eq!((told.state, told.open_fen), (ClaimState::Open, 6_172_839));
        told
    }

    /// The reporter's letter with a choice, sealed as the browser does; its bytes and its digest.
    #[must_use]
    pub fn choice(&self, choice: Choice, payee: Option<(MailboxId, &str)>) -> (Vec<u8>, LetterDigest) {
        let keys = self.house.keys();
        let mut letter = letter(&self.one, Body::Claim { choice, text: String::new() }, &keys);
        letter.identity = payee.map(|(mailbox, name)| {
            let (name, contact, account) = (name.to_owned(), "139".to_owned(), "农行 6228".to_owned());
            let identity = Some(Identity { name, contact, account });
            IdentityEnvelope { mailbox, identity }.seal(&keys.keys.custodian).expect("sealed")
        });
        let sealed = self.one.visit(&letter, &keys, today()).expect("a visit");
        (sealed.request, sealed.digest)
    }

    /// Sends a visit.
    pub fn send(&self, request: &[u8]) {
        let url = format!("{}/api/visits", self.portal.address);
        assert_eq!(send(&agent(), "POST", &url, request).expect("answered").status, 200);
    }

    /// The reporter chooses, the post collects the letter, and an officer enters it.
    pub fn chosen(&self, zhou: &mut Desk, choice: Choice, payee: Option<(MailboxId, &str)>) -> Answer {
        let (request, digest) = self.choice(choice, payee);
        self.send(&request);
        self.house.exchange(Some("zhou")).expect("exchanged");
        zhou.post("/en/reports/1/claim", &[("letter", &digest.to_hex())])
    }

    /// The choice to be paid against the code, by the mailbox's note of this number.
    #[must_use]
    pub fn by_note(&self, number: u32) -> Choice {
        Choice::Note { number, note: self.one.claim_note(number).hash() }
    }

    /// The words of that note.
    #[must_use]
    pub fn note(&self, number: u32) -> String {
        self.one.claim_note(number).words(WordList::Chinese).to_string()
    }

    /// Ends the programs, lets days pass, and starts them again. From then on an exchange is run at a desk.
    pub fn days_later(&mut self, days: u32) {
        for running in [&mut self.console, &mut self.portal, &mut self.recorder] {
            running.terminate();
        }
        self.house.sleep_for_days(days);
        (self.portal, self.recorder) = (self.house.portal(), self.house.recorder());
        self.console = self.house.console();
        (self.cases, self.finance) = (self.console.next_address(), self.console.next_address());
    }

    /// What the reporter is told after an exchange at a desk.
    #[must_use]
    pub fn told_by(&self, desk: &mut Desk) -> Standing {
        desk.exchange();
        standing(&self.look())
    }
}

/// What a slot says of the claim.
#[must_use]
pub fn standing(slot: &PostSlot) -> Standing {
    match &slot.outcome {
        Some(Outcome::Confirmed { claim, .. }) => claim.clone(),
        other => panic!("no award: {other:?}"),
    }
}

/// The page says this.
pub fn said(answer: &Answer, sentence: &str) {
    assert!(text(answer).contains(sentence), "{} without “{sentence}”: {}", answer.status, text(answer));
}
