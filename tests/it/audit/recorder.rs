//! The recorder's socket: the order of first receipt survives crashes and restarts.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use crypto::letters::letter::Body;
use crypto::letters::visit::Visit;
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use model::LetterDigest;
use recorder_protocol::{ArrivedLetter, Client, ClientError, LetterOutside, Received, RecorderAddress, SealedLetter};

fn letter(installation: &Installation) -> ArrivedLetter {
    let one = reporter();
    let request = visit(&one, report("x"), &installation.keys()).request;
    let sealed = Visit::parse(&request).expect("a visit").letter.to_vec();
    ArrivedLetter { mailbox: one.mailbox(), sealed: SealedLetter::new(sealed).expect("a letter") }
}

/// The place that a letter was given.
fn place(outside: &LetterOutside) -> Option<u64> {
    match outside {
        LetterOutside::Own { sequence, .. } => Some(*sequence),
        _ => None,
    }
}

#[test]
fn the_order_is_durable_before_the_answer_and_never_changes() {
    let installation = Installation::new(Database::Sqlite);
    let mut recorder = installation.recorder();
    let letters: Vec<_> = (0..5).map(|_| letter(&installation)).collect();
    let sealed = |range: std::ops::Range<usize>| letters[range].to_vec();
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects");
    let first = client.receive(sealed(0..3)).expect("received");
    let places = |received: &Received| received.letters.iter().map(|letter| place(&letter.outside)).collect::<Vec<_>>();
    assert_eq!(places(&first), [1, 2, 3].map(Some));
    for (received, sent) in first.letters.iter().zip(&letters) {
        let LetterOutside::Own { header, .. } = &received.outside else { panic!("opens") };
        assert_eq!(header.mailbox(), sent.mailbox);
    }
    recorder.kill();
    assert!(matches!(client.receive(sealed(3..4)), Err(ClientError::Frame(_))));
    let _recorder = installation.recorder();
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects again");
    let again = client.receive(sealed(0..5)).expect("received");
    assert_eq!(places(&again), [1, 2, 3, 4, 5].map(Some));
}

/// H1 of the review: copies of a letter that come through other mailboxes, before it and after it, take neither its
/// place nor its key.
#[test]
fn a_letter_through_another_mailbox_than_it_names_leaves_nothing() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let honest = letter(&installation);
    let copy = || ArrivedLetter { mailbox: reporter().mailbox(), ..honest.clone() };
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects");
    let mut receive = |letters| client.receive(letters).expect("received").letters;
    for foreign in receive((0..50).map(|_| copy()).collect()) {
        assert_eq!(foreign.outside, LetterOutside::Foreign {});
    }
    let mixed = receive(vec![copy(), honest.clone(), copy()]);
    assert_eq!(mixed.iter().map(|letter| place(&letter.outside)).collect::<Vec<_>>(), [None, Some(1), None]);
    assert_eq!(place(&receive(vec![letter(&installation)])[0].outside), Some(2), "places have no gaps");
}

#[test]
fn junk_and_cover_letters_leave_nothing_and_stop_nothing() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let good = letter(&installation);
    let noise = SealedLetter::new(vec![7; crypto::sealing::outer::SEALED]).expect("the right size");
    let broken = ArrivedLetter { mailbox: reporter().mailbox(), sealed: noise };
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects");
    let looks = reporter();
    let request = visit(&looks, Body::Cover {}, &installation.keys()).request;
    let sealed = SealedLetter::new(Visit::parse(&request).expect("a visit").letter.to_vec()).expect("a letter");
    let cover = ArrivedLetter { mailbox: looks.mailbox(), sealed };
    let received = client.receive(vec![broken, cover, good]).expect("received").letters;
    assert_eq!(received[0].outside, LetterOutside::Sealed {});
    let LetterOutside::Cover { header } = &received[1].outside else { panic!("a cover letter") };
    assert_eq!(header.mailbox(), looks.mailbox(), "its slot can be renewed");
    assert_eq!(place(&received[2].outside), Some(1));
    let files = std::fs::read_dir(installation.at("recorder/letter-keys-1")).expect("a folder");
    let keys = files.filter(|file| file.as_ref().expect("a file").file_name().len() == 64).count();
    assert_eq!(keys, 1, "a key for the letter that says something");
}

#[test]
fn what_is_no_request_is_refused_and_the_recorder_goes_on() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let socket = installation.at("recorder.sock");
    for body in [&b"{}"[..], b"nonsense", br#"{"request":"open"}"#, br#"{"request":"receive","letters":["AAAA"]}"#] {
        let mut stream = UnixStream::connect(&socket).expect("connects");
        let length = u32::try_from(body.len()).expect("short").to_be_bytes();
        stream.write_all(&[&length, body].concat()).expect("sent");
        let mut answer = vec![0; 4];
        stream.read_exact(&mut answer).expect("answered");
        let mut text = vec![0; u32::from_be_bytes([answer[0], answer[1], answer[2], answer[3]]) as usize];
        stream.read_exact(&mut text).expect("answered");
        assert_eq!(String::from_utf8(text).expect("UTF-8"), r#"{"reply":"refused","reason":"not-understood"}"#);
    }
    let mut liar = UnixStream::connect(&socket).expect("connects");
    liar.write_all(&[0xff; 4]).expect("sent");
    let mut answer = Vec::new();
    liar.read_to_end(&mut answer).expect("answered and closed");
    assert!(String::from_utf8_lossy(&answer).contains("too-large"));
    let good = letter(&installation);
    let digest = LetterDigest::of(good.sealed.as_bytes());
    let mut client = Client::connect(&RecorderAddress::Socket(socket.clone()), installation.keys().keys.recorder.key())
        .expect("connects");
    assert_eq!(client.receive(vec![good]).expect("received").letters[0].digest, digest);
}

#[test]
fn a_statement_that_names_another_outer_key_is_not_cosigned_and_not_published() {
    let (installation, other) = (Installation::new(Database::Sqlite), Installation::with_other_keys(Database::Sqlite));
    let statement = other.signed_statement();
    let folder = installation.at("recorder");
    let arguments = ["--folder", folder.to_str().expect("UTF-8"), "cosign", statement.to_str().expect("UTF-8")];
    let refused = run("recorder", &arguments).expect_err("refused");
    assert!(refused.contains("names another outer key than this recorder's"), "{refused}");
    let ours = installation.signed_statement();
    let text = std::fs::read_to_string(&ours).expect("a statement");
    let mut bundle: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let note = bundle["statement"].as_str().expect("a note").trim_end();
    let alone = format!("{}\n", note.rsplit_once('\n').expect("two signatures").0);
    bundle["statement"] = alone.into();
    std::fs::write(&ours, bundle.to_string()).expect("written");
    assert!(installation.publish(&ours).expect_err("refused").contains("a signature is not by the key it must be by"));
}

#[test]
fn a_recorder_on_another_machine_serves_its_console_and_nobody_else() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder_elsewhere();
    let portal = installation.portal();
    let sealed = visit(&reporter(), report("over the wire"), &installation.keys());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    installation.exchange(Some("zhou")).expect("exchanged");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("over the wire"));
    // A console whose certificate is not in the recorder's configuration gets no answer.
    fs::remove_file(installation.at("console/tls.key")).expect("removed");
    fs::remove_file(installation.at("console/tls.cert")).expect("removed");
    let folder = installation.at("console");
    run("reviewer-console", &["tls", "--folder", folder.to_str().expect("UTF-8")]).expect("another certificate");
    let refused = installation.exchange(Some("zhou")).expect_err("refused");
    assert!(refused.contains("stopped: recorder") || refused.contains("cannot be reached"), "{refused}");
}
