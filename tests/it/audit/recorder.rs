//! The recorder's socket: the order of first receipt survives crashes and restarts.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use crypto::letters::visit::Visit;
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use model::LetterDigest;
use recorder_protocol::{Client, ClientError, RecorderAddress, SealedLetter};

fn letter(installation: &Installation) -> (SealedLetter, crypto::letters::mailbox::MailboxId) {
    let one = reporter();
    let request = visit(&one, report("x"), &installation.keys()).request;
    let sealed = Visit::parse(&request).expect("a visit").letter.to_vec();
    (SealedLetter::new(sealed).expect("a letter"), one.mailbox())
}

#[test]
fn the_order_is_durable_before_the_answer_and_never_changes() {
    let installation = Installation::new(Database::Sqlite);
    let mut recorder = installation.recorder();
    let letters: Vec<_> = (0..5).map(|_| letter(&installation)).collect();
    let sealed =
        |range: std::ops::Range<usize>| letters[range].iter().map(|(letter, _)| letter.clone()).collect::<Vec<_>>();
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects");
    let first = client.receive(sealed(0..3)).expect("received");
    let places: Vec<u64> = first.letters.iter().map(|letter| letter.sequence).collect();
    assert_eq!(places, [1, 2, 3]);
    for (received, (_, mailbox)) in first.letters.iter().zip(&letters) {
        assert_eq!(received.header.as_ref().expect("opens").mailbox, *mailbox);
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
    assert_eq!(again.letters.iter().map(|letter| letter.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
}

#[test]
fn an_unreadable_letter_has_its_place_and_stops_nothing() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let (good, _) = letter(&installation);
    let broken = SealedLetter::new(vec![7; crypto::sealing::outer::SEALED]).expect("the right size");
    let mut client = Client::connect(
        &RecorderAddress::Socket(installation.at("recorder.sock")),
        installation.keys().keys.recorder.key(),
    )
    .expect("connects");
    let received = client.receive(vec![broken, good]).expect("received");
    assert!(received.letters[0].header.is_none() && received.letters[1].header.is_some());
    assert_eq!((received.letters[0].sequence, received.letters[1].sequence), (1, 2));
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
    let (good, _) = letter(&installation);
    let digest = LetterDigest::of(good.as_bytes());
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
