//! Slots of the post are read by their reporter alone, and the longest fits.

mod installation;

use crypto::keys::note_text::RecorderKey;
use crypto::keys::signature::Signed;
use crypto::letters::mailbox::MailboxId;
use crypto::letters::receipt::ReceiptCode;
use crypto::log::access_list::{
    AccessList, AccessRecord, EarlierRecords, NEWEST, OLDER_IDENTITY, RecordProof, Witnessed,
};
use crypto::log::checkpoint::{Hash, Proof};
use crypto::slots::slot::{
    BadSlot, ClaimState, ClaimStatus, EnclosureState, ListedLetter, MESSAGE, MOST_LETTERS, Message, PostSlot,
    ReportOutcome, ReportState, Slot,
};
use installation::{installation, today};
use model::{Award, Due, Exact, Line, Purpose, Role};
use opening::NoteSigningKey;
use opening::reporter::Reporter;
use proptest::prelude::*;

fn nobody_looked(mailbox: MailboxId) -> Signed {
    let key = NoteSigningKey::<RecorderKey>::from_seed("demo.test/recorder", &[6; 32]).expect("a name");
    AccessList::fitting(mailbox, today(), &[]).sign(key.signing_key()).expect("signed")
}

fn reporter(seed: u8) -> Reporter {
    Reporter::new(ReceiptCode::from_random([seed; 16]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_answer_of_the_post_is_read_by_its_reporter(texts in proptest::collection::vec("\\PC{0,300}", 0..8), number in 0..=Exact::MOST, seed: u8) {
        let installation = installation();
        let own = reporter(seed);
        let messages = texts.into_iter().map(|text| Message { day: today(), text }).collect();
        let slot = Slot::Post(PostSlot {
            mailbox: own.mailbox(),
            number,
            day: today(),
            statement: number,
            earlier: 0,
            received: vec![],
            state: ReportState::Answered,
            outcome: None,
            due: None,
            messages,
            dropped: false,
            erased_on: None,
            access: nobody_looked(own.mailbox()),
            witnessed: None,
        });
        let sealed = slot.seal(installation.post_signing.signing_key(), &own.identity().recipient()).expect("sealed");
        prop_assert_eq!(sealed.len(), crypto::slots::slot::SEALED);
        prop_assert_eq!(own.read_slot(&sealed, &installation.keys).expect("opens"), slot);
    }
}

#[test]
fn a_slot_is_refused_from_another_signer_or_for_another_mailbox() {
    let installation = installation();
    let (own, other) = (reporter(1), reporter(2));
    let slot = |mailbox| {
        Slot::Post(PostSlot {
            mailbox,
            number: 1,
            day: today(),
            statement: 1,
            earlier: 0,
            received: vec![],
            state: ReportState::Received,
            outcome: None,
            due: None,
            messages: vec![],
            dropped: false,
            erased_on: None,
            access: nobody_looked(mailbox),
            witnessed: None,
        })
    };
    let to = own.identity().recipient();
    let good = slot(own.mailbox()).seal(installation.post_signing.signing_key(), &to).expect("sealed");
    assert_eq!(own.read_slot(&good, &installation.keys).expect("opens"), slot(own.mailbox()));
    let forged = slot(own.mailbox()).seal(other.signing_key(), &to).expect("sealed");
    assert!(own.read_slot(&forged, &installation.keys).is_err());
    let foreign = slot(other.mailbox()).seal(installation.post_signing.signing_key(), &to).expect("sealed");
    let refused = own.read_slot(&foreign, &installation.keys).err();
    assert!(matches!(refused, Some(opening::reporter::ReporterError::Slot(BadSlot::Foreign))));
}

/// As many proofs as fit into a slot, for a log of ten million entries.
fn most_proofs(records: u64) -> Witnessed {
    let path = Proof(vec![Hash([255; 32]); 24]);
    let proof = |number| RecordProof { number, sequence: 1 << 52, entry: [9; 32], salt: [9; 32], path: path.clone() };
    let fitting = Witnessed::fitting("x".repeat(400), (1..=records).map(proof).collect());
    assert!(fitting.proofs.len() >= 5, "{}", fitting.proofs.len());
    fitting
}

#[test]
fn a_full_slot_drops_the_oldest_messages_and_says_so() {
    let (installation, own) = (installation(), reporter(1));
    let record =
        |number, purpose| AccessRecord { number, day: today(), role: Role::Administrator, person: u32::MAX, purpose };
    let (most, older) = (u64::try_from(NEWEST).expect("few"), u64::try_from(OLDER_IDENTITY).expect("few"));
    let earlier: Vec<EarlierRecords> =
        Purpose::ALL.iter().map(|purpose| EarlierRecords { purpose: *purpose, count: 100_000_000_000_000 }).collect();
    let newest_number = earlier.iter().map(|earlier| earlier.count).sum::<u64>() + most + older;
    let opened = (newest_number / 2..).take(OLDER_IDENTITY).map(|number| record(number, Purpose::OpenIdentity));
    let newest = (newest_number - most + 1..=newest_number).map(|number| record(number, Purpose::AskIdentity));
    let list = AccessList { mailbox: own.mailbox(), day: today(), earlier, records: opened.chain(newest).collect() };
    let key = NoteSigningKey::<RecorderKey>::from_seed("demo.test/recorder", &[6; 32]).expect("a name");
    let access = list.sign(key.signing_key()).expect("signed");
    let recorder = crypto::keys::signature::VerificationKey::of(key.signing_key());
    assert!(AccessList::read(&access, &own.mailbox(), &recorder).is_ok());
    // The longest message that the console accepts; its size is counted as in the slot's JSON.
    let longest = |letter: &str| letter.repeat((MESSAGE - 6) / letter.len());
    let message = |text: String| Message { day: today(), text };
    let longest_letter =
        ListedLetter { letter: [255; 16].into(), enclosure: EnclosureState::Incomplete { since: today() } };
    let slot = |messages| PostSlot {
        mailbox: own.mailbox(),
        number: Exact::MOST,
        day: today(),
        statement: Exact::MOST,
        earlier: Exact::MOST,
        received: vec![longest_letter; MOST_LETTERS],
        state: ReportState::Answered,
        outcome: Some(longest_outcome()),
        due: Some(Due { acknowledge: today(), written_reply: today(), feedback: today(), answer: today() }),
        messages,
        dropped: false,
        erased_on: None,
        access: access.clone(),
        witnessed: Some(most_proofs(most)),
    };
    let messages = vec![message(longest("old ")), message(longest("老")), message(longest("新"))];
    let to = own.identity().recipient();
    let sealed = Slot::seal_fitting(slot(messages), installation.post_signing.signing_key(), &to).expect("sealed");
    let Slot::Post(read) = own.read_slot(&sealed, &installation.keys).expect("opens") else { panic!("the post's") };
    assert!(read.dropped && !read.messages.is_empty());
    assert!(read.messages.last().expect("the newest").text.starts_with('新'));
    let few = Slot::seal_fitting(slot(vec![message("短".to_owned())]), installation.post_signing.signing_key(), &to);
    let Slot::Post(read) = own.read_slot(&few.expect("sealed"), &installation.keys).expect("opens") else {
        panic!("ours")
    };
    assert!(!read.dropped && read.messages.len() == 1);
}

/// A special award after a capped share, with the largest amounts possible.
fn longest_outcome() -> ReportOutcome {
    let most = 9_007_199_254_740_991;
    let lines = vec![
        Line::Share { fine_fen: most, basis_points: 10_000, share_fen: most },
        Line::Capped { cap_fen: most },
        Line::Special { amount_fen: most },
    ];
    let award = Award { policy: "天政办发〔2021〕46 号".repeat(3), lines, due_fen: most };
    let claim = ClaimStatus {
        state: ClaimState::Open,
        last_day: Some(today()),
        reconsider_until: Some(today()),
        offer_number: u32::MAX,
        against_code: true,
        open_fen: most,
        paid_fen: most,
        paid_on: Some(today()),
        before_fen: Some(most),
        answered_on: Some(today()),
    };
    ReportOutcome::Confirmed { decided_on: today(), award, closed: false, claim }
}
