//! The portal's API: accepted requests, and refused ones with their codes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crypto::letters::letter::Body;
use crypto::letters::visit::VISIT;
use crypto::slots::slot::Slot;
use kit::installation::{Database, Installation};
use kit::reporters::{report, reporter, visit, visit_with_enclosure};
use kit::requests::{agent, send, send_with};

#[test]
fn a_visit_is_answered_with_its_slot_and_may_be_repeated() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let portal = installation.portal();
        let (agent, keys, one) = (agent(), installation.keys(), reporter());
        let url = format!("{}/api/visits", portal.address);
        let first = visit(&one, report("x"), &keys);
        let answer = send(&agent, "POST", &url, &first.request).expect("answered");
        assert_eq!((answer.status, answer.body.len()), (200, crypto::slots::slot::SEALED));
        let slot = one.read_slot(&answer.body, &keys).expect("our slot");
        assert!(matches!(slot, Slot::First { received, .. } if received.len() == 1));
        let again = send(&agent, "POST", &url, &first.request).expect("answered");
        assert_eq!(again.body, answer.body);
        let looking = visit(&one, Body::Cover {}, &keys);
        assert_eq!(send(&agent, "POST", &url, &looking.request).expect("answered").body, answer.body);
        let stranger = visit(&reporter(), Body::Cover {}, &keys);
        let unknown = send(&agent, "POST", &url, &stranger.request).expect("answered");
        assert_eq!(unknown.body.len(), answer.body.len(), "known and unknown look alike");
        let names = |answer: &kit::requests::Answer| -> Vec<String> {
            answer.headers.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&unknown), names(&again));
    }
}

#[test]
fn what_is_no_visit_gets_a_stable_code() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let (agent, keys) = (agent(), installation.keys());
    let url = format!("{}/api/visits", portal.address);
    let good = visit(&reporter(), report("x"), &keys).request;
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let letter = crypto::letters::visit::MAGIC.len() + 96;
    let cases = [
        (Vec::new(), 400, "visit-size"),
        (good[..VISIT - 1].to_vec(), 400, "visit-size"),
        ([good.as_slice(), b"x"].concat(), 400, "visit-size"),
        (vec![0xff; 4 * VISIT], 400, "visit-size"),
        (with(0, b"qingniao/visit/v1\n"), 400, "visit-size"),
        (with(letter, b"age-encryption.org/v9"), 400, "visit-form"),
        (with(letter + 25, b"x25519"), 400, "visit-form"),
        (with(letter + crypto::sealing::outer::SEALED, b"\0\0\0"), 400, "visit-form"),
    ];
    for (body, status, code) in cases {
        let answer = send(&agent, "POST", &url, &body).expect("answered");
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{} bytes", body.len());
    }
    assert_eq!(send(&agent, "POST", &url, &good).expect("answered").status, 200, "the honest one is still taken");
}

#[test]
fn enclosures_refuse_what_does_not_belong() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let (agent, keys, one) = (agent(), installation.keys(), reporter());
    let (visit, enclosure) = visit_with_enclosure(&one, report("x"), &keys, &vec![1; 5_000_000]);
    let ask = |method: &str, path: &str, body: &[u8]| {
        let answer = enclosure.request(&portal.address, method, path, body);
        (answer.status, answer.code(), answer.json())
    };
    let size = br#"{"size":8388608}"#;
    assert_eq!(ask("POST", "", size).1, "enclosure-unknown");
    let sent = send(&agent, "POST", &format!("{}/api/visits", portal.address), &visit.request).expect("answered");
    assert_eq!(sent.status, 200);
    for wrong in
        [&b"{}"[..], b"[]", b"{\"size\":8388609}", b"{\"size\":8388608,\"x\":1}", b"\xff\xfe", b"{\"size\":-1}"]
    {
        assert_eq!(ask("POST", "", wrong).1, "enclosure-body");
    }
    assert_eq!(ask("POST", "", &vec![b' '; 5000]).1, "enclosure-body");
    assert_eq!(ask("GET", "", b"").1, "enclosure-unknown", "nothing was begun");
    assert_eq!(enclosure.begin(&portal.address), 1);
    assert_eq!(enclosure.begin(&portal.address), 2);
    let part = |number: &str| format!("/2/parts/{number}");
    let parts = &enclosure.parts;
    assert_eq!(parts.len(), 3);
    for number in ["3", "-1", "x", "4294967296", "%00"] {
        assert_eq!(ask("PUT", &part(number), &parts[0]).1, "part-size", "part {number}");
    }
    assert_eq!(ask("PUT", "/1/parts/0", &parts[0]).1, "other-attempt");
    assert_eq!(ask("PUT", "/3/parts/0", &parts[0]).1, "other-attempt");
    assert_eq!(ask("PUT", &part("0"), &parts[2]).1, "part-size");
    assert_eq!(ask("PUT", &part("0"), &vec![0; 5_000_000]).1, "part-size");
    assert_eq!(ask("PUT", &part("2"), &parts[2]).2["parts"], serde_json::json!([2]));
    assert_eq!(ask("PUT", &part("0"), &parts[0]).0, 200);
    assert_eq!(ask("PUT", &part("0"), &parts[0]).0, 200, "repeating is harmless");
    assert_eq!(ask("PUT", &part("0"), &parts[1]).1, "part-content");
    let looked = ask("GET", "", b"").2;
    assert_eq!((&looked["parts"], &looked["complete"]), (&serde_json::json!([0, 2]), &serde_json::json!(false)));
    assert_eq!(ask("PUT", &part("1"), &parts[1]).2["complete"], true);
    let url = format!("{}/api/enclosure", portal.address);
    let with = |token: &str| send_with(&agent, "GET", &url, &[("authorization", token)], b"").expect("answered").code();
    let token = &enclosure.token;
    assert_eq!(with(&format!("Bearer {}", "00".repeat(32))), "enclosure-unknown");
    for none in ["", "Bearer ", &format!("Bearer {}", token.to_uppercase()), &format!("Basic {token}"), token] {
        assert_eq!(with(none), "no-token", "{none}");
    }
    assert_eq!(send(&agent, "GET", &url, b"").expect("answered").code(), "no-token");
}

/// L12 of the review: a page of any other site could have had its visitors deposit letters.
#[test]
fn a_visit_has_one_content_type() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let (agent, good) = (agent(), visit(&reporter(), report("x"), &installation.keys()).request);
    let url = format!("{}/api/visits", portal.address);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = send_with(&agent, "POST", &url, &[("content-type", kind)], &good).expect("answered");
        assert_eq!((answer.status, answer.code().as_str()), (415, "content-type"), "{kind}");
    }
    assert!(installation.uncollected().is_empty());
}

#[test]
fn every_answer_has_the_headers_and_no_cookie() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let agent = agent();
    let script = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../browser/dist/seal-worker.name"));
    let worker = format!("/static/{}", script.expect("a name").trim());
    let cases = [
        ("GET", "/", 308),
        ("GET", "/zh", 308),
        ("GET", "/en/report?x=1", 308),
        ("GET", "/en/results", 308),
        ("HEAD", "/en/results/", 200),
        ("POST", "/en/results/", 405),
        ("GET", "/zh/", 200),
        ("HEAD", "/en/report/", 200),
        ("POST", "/en/report/", 405),
        ("GET", "/zh/nothing", 404),
        ("GET", "/en/nothing", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/static/page.js", 200),
        ("GET", worker.as_str(), 200),
        ("GET", "/keys/statement.json", 200),
        ("POST", "/keys/statement.json", 405),
        ("GET", "/api/capacity", 200),
        ("GET", "/api/visits", 405),
        ("DELETE", "/api/enclosure", 405),
        ("GET", "/api/nothing", 404),
    ];
    for (method, path, status) in cases {
        let answer = send(&agent, method, &format!("{}{path}", portal.address), b"").expect("answered");
        assert_eq!(answer.status, status, "{method} {path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"));
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-resource-policy", "same-origin"),
            ("integrity-policy", "blocked-destinations=(script)"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{method} {path}");
        }
        assert!(answer.header("permissions-policy").is_some_and(|value| value.contains("camera=()")));
        for absent in ["set-cookie", "server", "etag", "last-modified"] {
            assert_eq!(answer.header(absent), None, "{method} {path}");
        }
    }
    let found = |path: &str| {
        let answer = send(&agent, "GET", &format!("{}{path}", portal.address), b"").expect("answered");
        String::from_utf8(answer.body).expect("UTF-8")
    };
    assert!(found("/zh/nothing").contains("没有这个页面") && found("/en/nothing").contains("There is no such page"));
    assert_eq!(send(&agent, "GET", &format!("{}/api/visits", portal.address), b"").expect("answered").code(), "method");
}

#[test]
fn the_manifest_is_what_is_served() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let manifest = installation.portal_command(&["manifest"]).expect("a manifest");
    let agent = agent();
    let mut seen = 0;
    for line in manifest.lines() {
        let Some((digest, path)) = line.split_once("  ").filter(|(digest, _)| digest.len() == 64) else { continue };
        let served = send(&agent, "GET", &format!("{}{path}", portal.address), b"").expect("answered");
        assert_eq!(model::LetterDigest::of(&served.body).to_hex(), digest, "{path}");
        seen += 1;
    }
    assert_eq!(seen, 15, "five pages in two languages and five files");
}

#[test]
fn without_a_statement_or_room_the_reason_is_told_before_anything_is_sent() {
    let installation = Installation::without_statement(Database::Sqlite);
    let agent = agent();
    {
        let portal = installation.portal();
        let asked = send(&agent, "GET", &format!("{}/keys/statement.json", portal.address), b"").expect("answered");
        assert_eq!((asked.status, asked.code().as_str()), (503, "no-statement"));
    }
    installation.publish(&installation.signed_statement()).expect("published");
    installation.reconfigure("keep_for_letters = 64", "keep_for_letters = 99999999999");
    {
        let portal = installation.portal();
        let room = send(&agent, "GET", &format!("{}/api/capacity", portal.address), b"").expect("answered").json();
        assert_eq!(room, serde_json::json!({ "letters": true, "enclosures": false }));
    }
    let (known, keys) = (reporter(), installation.keys());
    let stored = {
        let portal = installation.portal();
        let url = format!("{}/api/visits", portal.address);
        send(&agent, "POST", &url, &visit(&known, report("x"), &keys).request).expect("answered").body
    };
    installation.reconfigure("keep_free = 64", "keep_free = 99999999999");
    let portal = installation.portal();
    let room = send(&agent, "GET", &format!("{}/api/capacity", portal.address), b"").expect("answered").json();
    assert_eq!(room, serde_json::json!({ "letters": false, "enclosures": false }));
    // M3 of the review: a mailbox could not be read while the store was full.
    let look = |letter: &[u8]| {
        let answer = send(&agent, "POST", &format!("{}/api/visits", portal.address), letter).expect("answered");
        assert_eq!(answer.status, 507);
        answer.body
    };
    assert!(look(&visit(&known, Body::Cover {}, &keys).request) == stored, "it is read all the same");
    let stranger = reporter();
    let unknown = look(&visit(&stranger, Body::Cover {}, &keys).request);
    assert_eq!(unknown.len(), stored.len(), "known and unknown look alike");
    let Slot::First { received, .. } = stranger.read_slot(&unknown, &keys).expect("a slot") else { panic!("its own") };
    assert!(received.is_empty());
    drop(portal);
    assert_eq!(installation.uncollected().len(), 1, "nothing of it was kept");
}

#[test]
fn a_statement_that_does_not_verify_is_not_published() {
    let installation = Installation::new(Database::Sqlite);
    let file = installation.signed_statement();
    let text = fs::read_to_string(&file).expect("a statement");
    fs::write(&file, text.replace("serial 2", "serial 9")).expect("written");
    let refused = installation.publish(&file).expect_err("refused");
    assert!(refused.contains("a signature is not by the key it must be by"), "{refused}");
    fs::write(&file, "no JSON").expect("written");
    assert!(installation.publish(&file).expect_err("refused").contains("the file is no key statement"));
}

#[test]
fn a_port_in_use_and_a_database_not_migrated_are_one_clear_sentence() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let taken = portal.address.strip_prefix("http://").expect("http");
    installation.reconfigure("127.0.0.1:0", taken);
    let refused = installation.portal_command(&["serve"]).expect_err("refused");
    assert!(refused.contains(&format!("portal: {taken} is in use; choose another with PORTAL_ADDR")), "{refused}");
    installation.reconfigure(taken, "127.0.0.1:0");
    installation.reconfigure("sqlite:letterbox.sqlite", "sqlite:new.sqlite");
    let refused = installation.portal_command(&["serve"]).expect_err("refused");
    assert!(refused.contains("run migrate"), "{refused}");
}

#[test]
fn a_request_cut_short_leaves_nothing_and_stops_nobody() {
    let installation = Installation::new(Database::Sqlite);
    let portal = installation.portal();
    let letter = visit(&reporter(), report("x"), &installation.keys()).request;
    let address = portal.address.strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(address).expect("connects");
    write!(stream, "POST /api/visits HTTP/1.1\r\nhost: x\r\ncontent-length: {VISIT}\r\n\r\n").expect("sent");
    stream.write_all(&letter[..VISIT / 2]).expect("sent");
    drop(stream);
    let mut broken = TcpStream::connect(address).expect("connects");
    broken.write_all(b"\x16\x03\x01 nonsense\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    broken.read_to_end(&mut answer).expect("answered");
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &letter).expect("answered").status, 200);
}
