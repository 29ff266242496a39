//! Reporters without a browser: sealed visits and enclosures, by the thousand.

use crypto::keys::statement::VerifiedStatement;
use crypto::letters::enclosure_token::EnclosureLock;
use crypto::letters::letter::{Body, Letter, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::sealing::enclosure::PART;
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

/// A visit whose letter announces an enclosure.
#[must_use]
pub fn visit_with_enclosure(
    reporter: &Reporter,
    body: Body,
    keys: &VerifiedStatement,
    tar: &[u8],
) -> (SealedVisit, SealedEnclosure) {
    let mut letter = letter(reporter, body, keys);
    letter.enclosure = Some(reporter.enclosure_seed(&letter.letter));
    let visit = reporter.visit(&letter, keys, today()).expect("a visit");
    (visit, SealedEnclosure::of(reporter, &letter.letter, tar))
}

/// An enclosure, sealed afresh each time, and the right to send it.
#[derive(Clone)]
pub struct SealedEnclosure {
    /// The token that permits sending it, in hexadecimal.
    pub token: String,
    /// The lock that the token fits.
    pub lock: EnclosureLock,
    /// Size in bytes before sealing.
    pub size: usize,
    /// The parts.
    pub parts: Vec<Vec<u8>>,
}

impl SealedEnclosure {
    /// Seals an archive for a letter.
    #[must_use]
    pub fn of(reporter: &Reporter, letter: &LetterId, tar: &[u8]) -> Self {
        let mut sealed = Vec::new();
        let recipient = HybridIdentity::from_seed(reporter.enclosure_seed(letter).expose()).recipient();
        let size = crypto::sealing::enclosure::seal(tar, tar.len(), &recipient, &mut sealed).expect("sealed");
        let token = reporter.enclosure_token(letter);
        let parts = sealed.chunks(PART).map(<[u8]>::to_vec).collect();
        Self { token: hex::encode(token.expose()), lock: token.lock(), size: size.plain(), parts }
    }
}
