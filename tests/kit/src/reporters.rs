//! Reporters without a browser: sealed visits and enclosures, by the thousand.

use crypto::keys::statement::VerifiedStatement;
use crypto::letters::letter::{Body, Letter, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::sealing::enclosure::{EnclosureKey, PART};
use model::Day;
use opening::HybridIdentity;
use opening::reporter::{Reporter, SealedVisit};

/// Random bytes from the operating system.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    random::bytes().expect("random bytes")
}

/// A reporter with a random receipt code.
#[must_use]
pub fn reporter() -> Reporter {
    Reporter::new(ReceiptCode::from_random(random()))
}

/// The day that sealed visits carry in these tests.
#[must_use]
pub fn today() -> Day {
    "2026-11-23".parse().expect("a day")
}

/// A report with this text.
#[must_use]
pub fn report(what: &str) -> Body {
    Body::Report(Box::new(Report { category: "other".to_owned(), what: what.to_owned(), ..Report::default() }))
}

/// A letter of this reporter.
#[must_use]
pub fn letter(reporter: &Reporter, body: Body, keys: &VerifiedStatement) -> Letter {
    reporter.letter(LetterId::from(random()), body, keys).expect("a letter")
}

/// A sealed visit of this reporter.
#[must_use]
pub fn visit(reporter: &Reporter, body: Body, keys: &VerifiedStatement) -> SealedVisit {
    reporter.visit(&letter(reporter, body, keys), keys, today()).expect("a visit")
}

/// A visit with an enclosure, and the enclosure's parts.
#[must_use]
pub fn visit_with_enclosure(
    reporter: &Reporter,
    body: Body,
    keys: &VerifiedStatement,
    tar: &[u8],
) -> (SealedVisit, Vec<Vec<u8>>) {
    let seed: [u8; 32] = random();
    let mut sealed = Vec::new();
    let recipient = HybridIdentity::from_seed(&seed).recipient();
    let size = crypto::sealing::enclosure::seal(tar, tar.len(), &recipient, &mut sealed).expect("sealed");
    let mut letter = letter(reporter, body, keys);
    letter.enclosure = Some(EnclosureKey { seed: hex::encode(seed), size });
    let visit = reporter.visit(&letter, keys, today()).expect("a visit");
    (visit, sealed.chunks(PART).map(<[u8]>::to_vec).collect())
}
