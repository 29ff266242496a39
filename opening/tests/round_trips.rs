//! Sealed content opens again, and content that breaks a rule of the formats is refused.

mod installation;

use std::io::Read as _;

use crypto::keys::statement::{Statement, VerifiedStatement, YearKeys};
use crypto::letters::letter::{BadLetter, Body, Choice, LETTER, Letter, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::letters::visit::{BadVisit, VISIT, Visit};
use crypto::sealing::enclosure;
use crypto::sealing::identity_envelope::{BadEnvelope, Identity, IdentityEnvelope};
use crypto::sealing::outer::{self, Header};
use crypto::sealing::padded::BadMessage;
use crypto::sealing::sealed::{self, BadForm};
use crypto::slots::slot::{EnclosureState, ListedLetter, Slot};
use installation::{Installation, installation, today};
use model::Exact;
use opening::letter::{LetterError, open_identity, open_inner, open_outer};
use opening::reporter::Reporter;
use opening::{HybridIdentity, WitnessSigningKey};
use proptest::prelude::*;

fn reporter(seed: u8) -> Reporter {
    Reporter::new(ReceiptCode::from_random([seed; 16]))
}

fn report(what: &str) -> Body {
    Body::Report(Box::new(Report { what: what.to_owned(), ..Report::default() }))
}

fn seal_by_hand(installation: &Installation, letter: &Letter, writer: &Reporter, header: &Header) -> Vec<u8> {
    let (signed, keys) = (letter.sign(writer.signing_key()).expect("a letter"), &installation.keys.statement);
    let mut plain = crypto::sealing::padded::pad(header, outer::HEADER).expect("a header");
    plain.extend_from_slice(&sealed::seal(&keys.post, &signed).expect("sealed"));
    sealed::seal(&keys.recorder, &plain).expect("sealed")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_survives_both_seals(what in "\\PC{0,2000}", seed: u8, id: [u8; 16]) {
        let installation = installation();
        let reporter = reporter(seed);
        let letter = reporter.letter(LetterId::from(id), report(&what), &installation.keys).expect("a letter");
        let visit = reporter.visit(&letter, &installation.keys, today()).expect("a visit");
        prop_assert_eq!(visit.request.len(), VISIT);
        let parsed = Visit::parse(&visit.request).expect("our own visit");
        prop_assert_eq!(parsed.mailbox(), reporter.mailbox());
        let (header, inner) = open_outer(&installation.recorder, parsed.letter).expect("the outer layer");
        let opened = open_inner(&installation.post, &header, &inner).expect("the inner layer");
        prop_assert!(opened == letter);
        let slot = reporter.read_slot(parsed.first_slot, &installation.keys).expect("our own slot");
        let Slot::First { received, .. } = slot else { panic!("a first slot") };
        prop_assert_eq!(received, [ListedLetter { letter: letter.letter, enclosure: EnclosureState::None {} }]);
    }

    #[test]
    fn enclosures_stream_through(tar in proptest::collection::vec(any::<u8>(), 0..200_000)) {
        let key = HybridIdentity::from_seed(&[8; 32]);
        let mut out = Vec::new();
        let size = enclosure::seal(tar.as_slice(), tar.len(), &key.recipient(), &mut out).expect("sealed");
        prop_assert_eq!(out.len(), size.sealed());
        let mut plain = Vec::new();
        key.open_stream(out.as_slice()).expect("a header").read_to_end(&mut plain).expect("opens");
        prop_assert_eq!(&plain[..tar.len()], tar.as_slice());
        prop_assert!(plain[tar.len()..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn any_identity_reaches_the_custodian_in_one_size(name in "\\PC{0,200}", contact in "\\PC{0,200}", seed: u8) {
        let installation = installation();
        let envelope = IdentityEnvelope { mailbox: reporter(seed).mailbox(), identity: Some(Identity { name, contact, account: String::new() }) };
        let sealed = envelope.seal(&installation.custodian.recipient()).expect("sealed");
        prop_assert_eq!(sealed.as_bytes().len(), crypto::sealing::identity_envelope::SEALED);
        let opened = open_identity(&installation.custodian, &sealed, &envelope.mailbox).expect("opens");
        prop_assert!(opened == envelope);
    }

    #[test]
    fn any_statement_reads_back_what_was_signed(serial in 0..=Exact::MOST, days in 0..=30_u16, span in 0..=366_u16, witnesses in 0..4_u8) {
        let Installation { keys: VerifiedStatement { mut keys, mut statement }, .. } = installation();
        let witness = |n| {
            let key = WitnessSigningKey::from_seed(&format!("demo.test/witness-{n}"), &[n; 32]).expect("a name");
            key.public().clone()
        };
        keys.witnesses = (0..witnesses).map(witness).collect();
        keys.until = keys.from.plus_days(span);
        (statement.serial, statement.until) = (serial, statement.from.plus_days(days));
        prop_assert_eq!(YearKeys::parse(&keys.to_text()).expect("keys"), keys);
        prop_assert_eq!(Statement::parse(&statement.to_text()).expect("a statement"), statement);
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
        prop_assert!(Visit::parse(&bytes).is_err());
        prop_assert!(Letter::read(&bytes).is_err());
        prop_assert!(installation().post.open(&bytes, 0).is_err());
        prop_assert!(sealed::check_header(&bytes).is_err());
    }
}

#[test]
fn all_kinds_have_one_size_and_header() {
    let installation = installation();
    let reporter = reporter(1);
    for body in [
        report("x"),
        Body::FollowUp { text: "y".repeat(9000) },
        Body::Claim { choice: Choice::Refuse { offer_number: 1 }, text: String::new() },
        Body::Cover {},
    ] {
        let letter = reporter.letter(LetterId::from([1; 16]), body, &installation.keys).expect("a letter");
        let visit = reporter.visit(&letter, &installation.keys, today()).expect("a visit");
        assert_eq!(visit.request.len(), VISIT);
    }
}

#[test]
fn fifteen_thousand_chinese_characters_fit_and_more_is_said_so() {
    let installation = installation();
    let reporter = reporter(1);
    let fits =
        reporter.letter(LetterId::from([1; 16]), report(&"水".repeat(15_000)), &installation.keys).expect("a letter");
    assert_eq!(fits.sign(reporter.signing_key()).expect("fits").len(), LETTER);
    let long =
        reporter.letter(LetterId::from([1; 16]), report(&"水".repeat(30_000)), &installation.keys).expect("a letter");
    let refused = long.sign(reporter.signing_key()).err();
    assert!(matches!(refused, Some(BadLetter::Message(BadMessage::TooLong { .. }))));
}

#[test]
fn a_letter_under_a_foreign_header_is_refused() {
    let installation = installation();
    let (honest, other) = (reporter(1), reporter(2));
    let letter = honest.letter(LetterId::from([1; 16]), report("x"), &installation.keys).expect("a letter");
    let stolen = other.letter(LetterId::from([1; 16]), report("x"), &installation.keys).expect("a letter");
    let own = || Header::of(&letter);
    let another_id = Header { letter: LetterId::from([2; 16]), ..own() };
    let (cover, restricted) = (Header { cover: true, ..own() }, Header { restricted: true, ..own() });
    let enclosure = Header { enclosure: true, ..own() };
    for header in [Header::of(&stolen), another_id, cover, restricted, enclosure] {
        let sealed = seal_by_hand(&installation, &letter, &honest, &header);
        let (header, inner) = open_outer(&installation.recorder, &sealed).expect("the outer layer");
        let refused = open_inner(&installation.post, &header, &inner).err();
        assert!(matches!(refused, Some(LetterError::Letter(BadLetter::Foreign))));
    }
}

#[test]
fn a_letter_signed_by_another_key_is_refused() {
    let installation = installation();
    let letter = reporter(1).letter(LetterId::from([1; 16]), report("x"), &installation.keys).expect("a letter");
    let sealed = seal_by_hand(&installation, &letter, &reporter(2), &Header::of(&letter));
    let (header, inner) = open_outer(&installation.recorder, &sealed).expect("the outer layer");
    assert!(matches!(
        open_inner(&installation.post, &header, &inner),
        Err(LetterError::Letter(BadLetter::Signature(_)))
    ));
}

#[test]
fn an_envelope_belongs_in_every_report_and_nothing_else() {
    let installation = installation();
    let reporter = reporter(1);
    let mut letter = reporter.letter(LetterId::from([1; 16]), report("x"), &installation.keys).expect("a letter");
    let envelope = letter.identity.take();
    assert!(matches!(letter.sign(reporter.signing_key()), Err(BadLetter::Identity)));
    letter.body = Body::Cover {};
    letter.identity = envelope;
    assert!(matches!(letter.sign(reporter.signing_key()), Err(BadLetter::Identity)));
}

#[test]
fn an_envelope_opens_for_its_own_mailbox_only() {
    let installation = installation();
    let mailbox = reporter(1).mailbox();
    let identity =
        Some(Identity { name: "王某".to_owned(), contact: "电话".to_owned(), account: "农行 6228".to_owned() });
    let envelope = IdentityEnvelope { mailbox, identity };
    let sealed = envelope.seal(&installation.custodian.recipient()).expect("sealed");
    let dummy = IdentityEnvelope { mailbox, identity: None }.seal(&installation.custodian.recipient()).expect("sealed");
    assert_eq!(sealed.as_bytes().len(), dummy.as_bytes().len());
    assert!(open_identity(&installation.custodian, &sealed, &mailbox).expect("opens") == envelope);
    let foreign = open_identity(&installation.custodian, &sealed, &reporter(2).mailbox()).err();
    assert!(matches!(foreign, Some(LetterError::Envelope(BadEnvelope::Foreign))));
    assert!(open_identity(&installation.post, &sealed, &mailbox).is_err());
}

#[test]
fn a_visit_of_another_size_stanza_or_kind_is_refused() {
    let installation = installation();
    let reporter = reporter(1);
    let letter = reporter.letter(LetterId::from([1; 16]), Body::Cover {}, &installation.keys).expect("a letter");
    let good = reporter.visit(&letter, &installation.keys, today()).expect("a visit").request;
    let start = VISIT - crypto::slots::slot::SEALED - outer::SEALED;
    assert_eq!(Visit::parse(&good[1..]).err(), Some(BadVisit::Size));
    assert_eq!(Visit::parse(&[good.as_slice(), b" "].concat()).err(), Some(BadVisit::Size));
    let classical = replace(&good, start, b"age-encryption.org/v1\n-> X25519 ");
    assert_eq!(Visit::parse(&classical).err(), Some(BadVisit::Letter(BadForm::Header)));
    let two_lines = replace(&good, start + 100, b"\n-> mlkem768x25519 ");
    assert_eq!(Visit::parse(&two_lines).err(), Some(BadVisit::Letter(BadForm::Header)));
    let broken_slot = replace(&good, start + outer::SEALED + 30, b"====");
    assert_eq!(Visit::parse(&broken_slot).err(), Some(BadVisit::Slot(BadForm::Header)));
}

fn replace(bytes: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at..at + with.len()].copy_from_slice(with);
    changed
}

#[test]
fn a_changed_byte_anywhere_does_not_open() {
    let installation = installation();
    let sealed = sealed::seal(&installation.post.recipient(), &[7; 100]).expect("sealed");
    assert_eq!(sealed.len(), sealed::sealed_size(100));
    for at in (0..sealed.len()).step_by(97) {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(installation.post.open(&changed, 100).is_err(), "byte {at}");
    }
    assert!(installation.post.open(&sealed[..sealed.len() - 1], 100).is_err());
    assert!(installation.recorder.open(&sealed, 100).is_err());
}

#[test]
fn a_classical_recipient_is_none() {
    for other in ["age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "age1pq1", "", "age1PQ1qq"] {
        assert!(other.parse::<crypto::sealing::recipient::HybridRecipient>().is_err(), "{other}");
    }
    let ours = installation().post.recipient().to_string();
    assert!(ours.parse::<crypto::sealing::recipient::HybridRecipient>().is_ok());
    assert!(ours.to_uppercase().parse::<crypto::sealing::recipient::HybridRecipient>().is_err());
}

#[test]
fn unknown_fields_and_bad_utf8_are_refused() {
    let extra = r#"{"content":"{}","signature":"00","more":1}"#;
    let padding = " ".repeat(LETTER - extra.len());
    assert!(Letter::read(format!("{extra}{padding}").as_bytes()).is_err());
    let mut bytes = vec![b' '; LETTER];
    bytes[..4].copy_from_slice(&[b'"', 0xff, 0xfe, b'"']);
    assert!(Letter::read(&bytes).is_err());
}
