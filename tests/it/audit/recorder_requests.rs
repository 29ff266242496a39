//! Requests that the recorder accepts and refuses: forged, replayed, late, from the wrong person.

use crypto::keys::note_text::NoNotes;
use crypto::letters::visit::Visit;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use kit::installation::{Database, Installation};
use kit::program::{Running, run};
use kit::reporters::{random, report, reporter, visit};
use model::{Digest, LetterDigest, Purpose, Role};
use opening::NoteSigningKey;
use recorder_protocol::{
    Action as _, AnyAction, ArrivedLetter, Ask, Client, ClientError, ConfirmKey, GrantKeys, Granted, LogFilter, Named,
    Notice, OpenLetter, ReadLog, Recordable, RecorderAddress, Refusal, Request, Requester, Response, RevokeKey,
    SealedLetter, ShowList, TimedNotice,
};

/// An installation whose roster is written by the test, so that the test has the accounts' keys.
struct Asked {
    installation: Installation,
    _recorder: Running,
    letter: SealedLetter,
    digest: LetterDigest,
}

fn key(name: &str) -> SigningKey {
    let mut seed = [0; 32];
    seed[..name.len()].copy_from_slice(name.as_bytes());
    SigningKey::from_bytes(&seed)
}

/// An installation with an officer `tan`, an auditor `yu`, and one received letter.
fn asked() -> Asked {
    let installation = Installation::new(Database::Sqlite);
    let (folder, file) = (installation.at("recorder"), installation.at("console/accounts.public"));
    let file = file.to_str().expect("UTF-8").to_owned();
    let folder = folder.to_str().expect("UTF-8");
    let refused = run("recorder", &["--folder", folder, "enroll", &file]).expect_err("enrolled already");
    assert!(refused.contains("the first accounts are enrolled already"), "{refused}");
    let yu = String::from(crypto::keys::signature::VerificationKey::of(&key("yu")));
    run("recorder", &["--folder", folder, "confirm-auditor", "--account", "yu", "--key", &yu]).expect("confirmed");
    let recorder = installation.recorder();
    let one = reporter();
    let request = visit(&one, report("x"), &installation.keys()).request;
    let letter = SealedLetter::new(Visit::parse(&request).expect("a visit").letter.to_vec()).expect("a letter");
    let digest = LetterDigest::of(letter.as_bytes());
    let asked = Asked { installation, _recorder: recorder, letter, digest };
    let arrived = ArrivedLetter { mailbox: one.mailbox(), sealed: asked.letter.clone() };
    asked.client().receive(vec![arrived]).expect("received");
    let tan = crypto::keys::signature::VerificationKey::of(&key("tan"));
    let action = ConfirmKey { account: "tan".to_owned(), roles: vec![Role::Officer], key: tan };
    let auditor = Requester { account: "yu", role: Role::Auditor, key: &key("yu") };
    let _ = asked.client().record(&auditor, action).expect("confirmed");
    asked
}

impl Asked {
    fn client(&self) -> Client {
        Client::connect(
            &RecorderAddress::Socket(self.installation.at("recorder.sock")),
            self.installation.keys().keys.recorder.key(),
        )
        .expect("connects")
    }

    /// Sends a request unchanged.
    fn raw(&self, request: &Request) -> Response {
        let mut stream =
            std::os::unix::net::UnixStream::connect(self.installation.at("recorder.sock")).expect("connects");
        recorder_protocol::write(&mut stream, request).expect("sent");
        recorder_protocol::read(&mut stream).expect("answered")
    }

    fn open(&self) -> AnyAction {
        OpenLetter { letter: self.digest, purpose: Purpose::Review }.to_any()
    }

    /// The actions in the log, oldest first.
    fn log(&self) -> Vec<String> {
        let auditor = Requester { account: "yu", role: Role::Auditor, key: &key("yu") };
        let (_, granted) = self.client().record(&auditor, ReadLog { filter: LogFilter::default() }).expect("read");
        let Granted::Log(page) = granted else { panic!("a page") };
        page.entries.into_iter().rev().map(|entry| entry.entry.action).collect()
    }
}

/// The current time, with which the recorder compares a request's time.
#[allow(clippy::disallowed_methods)]
fn now() -> Timestamp {
    Timestamp::now()
}

fn refusal(reply: &Response) -> Option<Refusal> {
    match reply {
        Response::Refused { reason } => Some(*reason),
        _ => None,
    }
}

#[test]
fn only_a_confirmed_officers_own_fresh_signature_opens() {
    let asked = asked();
    let sign = |account: &str, role, act, by: &str, at| {
        Ask::sign(&Requester { account, role, key: &key(by) }, act, random(), at).expect("signed")
    };
    let open = |ask| refusal(&asked.raw(&Request::Open { ask, letter: asked.letter.clone() }));
    let officer = Role::Officer;
    assert_eq!(open(sign("tan", officer, asked.open(), "tan", now())), None);
    assert_eq!(open(sign("tan", officer, asked.open(), "yu", now())), Some(Refusal::UnknownKey), "forged");
    assert_eq!(open(sign("nobody", officer, asked.open(), "tan", now())), Some(Refusal::UnknownKey));
    assert_eq!(open(sign("yu", officer, asked.open(), "yu", now())), Some(Refusal::NotAllowed), "not her role");
    assert_eq!(open(sign("yu", Role::Auditor, asked.open(), "yu", now())), Some(Refusal::NotAllowed));
    let late = now() - SignedDuration::from_mins(11);
    assert_eq!(open(sign("tan", officer, asked.open(), "tan", late)), Some(Refusal::WrongTime));
    let once = sign("tan", officer, asked.open(), "tan", now());
    assert_eq!(open(once.clone()), None);
    assert_eq!(open(once), Some(Refusal::Replayed));
    let other = OpenLetter { letter: LetterDigest::from([9; 32]), purpose: Purpose::Review }.to_any();
    assert_eq!(open(sign("tan", officer, other, "tan", now())), Some(Refusal::UnknownLetter), "signed for another");
    let list = ShowList { reports: 1 }.to_any();
    assert_eq!(open(sign("tan", officer, list, "tan", now())), Some(Refusal::NotUnderstood), "signed for else");
    let record = |ask| refusal(&asked.raw(&Request::Record { of: Recordable::Asked { ask, named: Named::Nothing } }));
    assert_eq!(record(sign("tan", officer, asked.open(), "tan", now())), Some(Refusal::NotUnderstood));
    let openings = asked.log().iter().filter(|action| *action == "open-letter").count();
    assert_eq!(openings, 2, "what was refused opened nothing");
    let refused = asked.log().iter().filter(|action| *action == "ask-refused").count();
    assert_eq!(refused, 9, "and each refusal is an entry");
}

#[test]
fn a_letter_that_was_never_received_does_not_open() {
    let asked = asked();
    let request = visit(&reporter(), report("unseen"), &asked.installation.keys()).request;
    let letter = SealedLetter::new(Visit::parse(&request).expect("a visit").letter.to_vec()).expect("a letter");
    let digest = LetterDigest::of(letter.as_bytes());
    let tan = key("tan");
    let officer = Requester { account: "tan", role: Role::Officer, key: &tan };
    let action = OpenLetter { letter: digest, purpose: Purpose::Review };
    let refused = asked.client().open(&officer, action, letter).err();
    assert!(matches!(refused, Some(ClientError::Refused(Refusal::UnknownLetter))));
}

#[test]
fn keys_come_and_go_only_by_the_auditor() {
    let asked = asked();
    let (tan, yu, new) = (key("tan"), key("yu"), key("new"));
    let officer = Requester { account: "tan", role: Role::Officer, key: &tan };
    let auditor = Requester { account: "yu", role: Role::Auditor, key: &yu };
    let confirm = || ConfirmKey {
        account: "new".to_owned(),
        roles: vec![Role::Officer],
        key: crypto::keys::signature::VerificationKey::of(&new),
    };
    let refused = asked.client().record(&officer, confirm()).err();
    assert!(matches!(refused, Some(ClientError::Refused(Refusal::NotAllowed))));
    let newcomer = Requester { account: "new", role: Role::Officer, key: &new };
    let show = || ShowList { reports: 0 };
    assert!(asked.client().record(&newcomer, show()).is_err());
    let grant = || GrantKeys { account: "new".to_owned(), recipient: Digest::from([1; 32]) };
    let early = asked.client().record(&officer, grant()).err();
    assert!(matches!(early, Some(ClientError::Refused(Refusal::UnknownPerson))), "not before the auditor");
    let _ = asked.client().record(&auditor, confirm()).expect("confirmed");
    let _ = asked.client().record(&officer, grant()).expect("after it");
    let _ = asked.client().record(&newcomer, show()).expect("taken");
    let _ = asked.client().record(&auditor, RevokeKey { account: "new".to_owned() }).expect("ended");
    let ended = asked.client().record(&newcomer, show()).err();
    assert!(matches!(ended, Some(ClientError::Refused(Refusal::UnknownKey))));
    let log = asked.log();
    assert_eq!(&log[log.len() - 3..], ["revoke-key", "ask-refused", "read-log"]);
}

#[test]
fn an_answer_that_the_recorder_did_not_sign_permits_nothing() {
    let asked = asked();
    let tan = key("tan");
    let officer = Requester { account: "tan", role: Role::Officer, key: &tan };
    let other = NoteSigningKey::<NoNotes>::from_seed("demo.test/other", &[9; 32]).expect("a key").verification_key();
    let mut client =
        Client::connect(&RecorderAddress::Socket(asked.installation.at("recorder.sock")), other).expect("connects");
    assert!(matches!(client.record(&officer, ShowList { reports: 1 }), Err(ClientError::Mismatch)));
}

#[test]
fn what_the_console_tells_on_its_own_permits_nothing_and_is_kept() {
    let asked = asked();
    let at = now();
    let told = [Notice::SignedIn { account: "tan".to_owned() }, Notice::SignInFailed { account: None }];
    let told: Vec<TimedNotice> =
        told.into_iter().map(|notice| TimedNotice { id: hex::encode(random::<16>()), at, notice }).collect();
    asked.client().notice(told.clone()).expect("noted");
    asked.client().notice(told).expect("told twice is told once");
    let unknown = Notice::Unreadable { letter: LetterDigest::from([9; 32]) };
    let unknown = TimedNotice { id: hex::encode(random::<16>()), at, notice: unknown };
    asked.client().notice(vec![unknown]).expect("stops nothing");
    let log = asked.log();
    assert_eq!(&log[log.len() - 5..], ["confirm-key", "signed-in", "sign-in-failed", "unreadable", "read-log"]);
}
