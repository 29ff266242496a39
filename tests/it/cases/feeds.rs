//! Events to and clues from other systems: signed case events that survive a receiver's outage, and clues over mutual
//! TLS.

use kit::sentences::{says, says_with};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kit::console_client::text;
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::scenario::{ASSIGNMENT, DECISION, SHEET, Scenario, done};
use serde_json::{Value, json};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

/// Polls every 100 ms, for at most 20 seconds, until `look` finds something; panics after that.
fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..200 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not come");
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "json"))
        .collect();
    names.sort();
    names
}

/// Answers one request for each status, in order; returns the requests' bodies and signatures.
fn webhook(listener: TcpListener, statuses: Vec<u16>) -> Receiver<(String, String)> {
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let Ok((stream, _)) = listener.accept() else { return };
            let request = read(&stream);
            let (start, body) = request.split_once("\r\n\r\n").expect("a request");
            let signature =
                start.lines().find_map(|line| line.strip_prefix("qingniao-signature: ")).unwrap_or_default();
            assert!(start.contains("application/cloudevents+json"), "{start}");
            let _ = tell.send((body.to_owned(), signature.to_owned()));
            let _ = (&stream)
                .write_all(format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes());
        }
    });
    heard
}

fn read(mut stream: &TcpStream) -> String {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let count = stream.read(&mut part).expect("a request");
        request.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if let (Some((_, body)), Some(length)) = (text.split_once("\r\n\r\n"), length)
            && body.len() >= length
        {
            return text;
        }
    }
}

#[test]
fn events_are_signed_in_order_and_outlast_a_receivers_bad_day_and_a_crash() {
    let mut scenario = Scenario::begin();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    scenario.installation.reconfigure_console(
        "[exchange]",
        &format!("[[feeds]]\nname = \"folder\"\ndirectory = \"out\"\n[[feeds]]\nname = \"hook\"\nwebhook = \"http://{address}/events\"\n\n[exchange]"),
    );
    scenario.console.terminate();
    // At first no receiver is running.
    drop(listener);
    scenario.console = scenario.installation.console();
    scenario.cases = scenario.console.next_address();
    let (mut zhou, mut qian) = (scenario.client("zhou"), scenario.client("qian"));
    assert!(text(&zhou.post("/en/cases/new/cross", SHEET)).contains("cases/1"));
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    let out = scenario.installation.at("console/out");
    until("two events", || (files(&out).len() == 2).then_some(()));
    // The console is killed between an entry and its event: the event was stored with the entry and is sent later.
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
    scenario.console.kill();
    // The receiver is running again, refuses one event, and accepts the rest.
    let listener = TcpListener::bind(address).expect("the port again");
    let heard = webhook(listener, vec![500, 200, 200, 204]);
    scenario.console = scenario.installation.console();
    let told: Vec<(String, String)> =
        (0..4).map(|_| heard.recv_timeout(Duration::from_mins(1)).expect("told again")).collect();
    assert_eq!(told[0], told[1], "what was refused is told again");
    until("three events", || (files(&out).len() == 3).then_some(()));
    assert_eq!(files(&out), ["000001.json", "000002.json", "000003.json"]);
    let kinds: Vec<Value> = told[1..].iter().map(|(body, _)| serde_json::from_str(body).expect("JSON")).collect();
    let types: Vec<&str> = kinds.iter().map(|event| event["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["qingniao.case.opened.v1", "qingniao.case.changed.v1", "qingniao.case.changed.v1"]);
    assert_eq!(kinds[2]["data"]["penalties"][0]["fine_fen"], json!(123_456_789));
    for ((body, signature), name) in told[1..].iter().zip(files(&out)) {
        assert_eq!(*body, fs::read_to_string(out.join(&name)).expect("a file"), "the same bytes on both ways");
        assert_eq!(*signature, fs::read_to_string(out.join(name.replace("json", "sig"))).expect("a signature"));
    }
    verified_by_openssl(&scenario.installation, &out.join("000003.json"));
    conforms_to_the_schema(&kinds);
}

/// Verifies an event with OpenSSL, as docs/formats/case-events.md describes.
fn verified_by_openssl(installation: &Installation, event: &Path) {
    let signature = event.with_extension("raw");
    let encoded = event.with_extension("sig");
    let mut decode = Command::new("openssl");
    decode.args(["base64", "-d", "-A", "-in"]).arg(encoded).arg("-out").arg(&signature);
    let verify = |event: &Path| {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"]).arg(installation.at("console/feed.pem"));
        command.arg("-in").arg(event).arg("-sigfile").arg(&signature);
        command.output().expect("openssl").status.success()
    };
    assert!(decode.status().expect("openssl").success());
    assert!(verify(event));
    let altered = event.with_extension("altered");
    fs::write(&altered, fs::read_to_string(event).expect("an event").replace("123456789", "123456788"))
        .expect("written");
    assert!(!verify(&altered));
}

/// Checks that the fields are exactly those of docs/formats/case-event.schema.json, at every level.
fn conforms_to_the_schema(events: &[Value]) {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats/case-event.schema.json"))
        .expect("a schema");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    for event in events {
        fits(&schema, &schema, event, "event");
    }
    let names = schema.to_string();
    for word in ["report", "origin", "letter", "mailbox", "tip"] {
        assert!(!names.contains(&format!("\"{word}")), "{word} has no field");
    }
}

/// Checks a value against the part of JSON Schema that this file uses.
fn fits(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return fits(root, &root["$defs"][name], value, at);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        other => panic!("{at}: {other}"),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(kinds.contains(&kind), "{at} is {kind}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    for item in value.as_array().into_iter().flatten() {
        fits(root, &schema["items"], item, at);
    }
    let Some(fields) = value.as_object() else { return };
    assert_eq!(schema["additionalProperties"], json!(false), "{at} is closed");
    for required in schema["required"].as_array().expect("required fields") {
        assert!(fields.contains_key(required.as_str().expect("a name")), "{at}.{required}");
    }
    for (name, field) in fields {
        assert!(schema["properties"][name].is_object(), "{at}.{name} is in no schema");
        fits(root, &schema["properties"][name], field, &format!("{at}.{name}"));
    }
}

/// A self-signed certificate and its key in files.
fn certificate(installation: &Installation, name: &str, host: &str) {
    let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]).expect("a certificate");
    fs::write(installation.at(&format!("console/{name}.cert")), made.cert.pem()).expect("written");
    fs::write(installation.at(&format!("console/{name}.key")), made.signing_key.serialize_pem()).expect("written");
}

/// An installation with an intake for two senders, and its address.
fn with_intake() -> (Installation, Running, Running, String) {
    let installation = Installation::new(Database::Sqlite);
    for (name, host) in [("intake", "localhost"), ("station", "station"), ("grid", "grid"), ("stranger", "stranger")] {
        certificate(&installation, name, host);
    }
    installation.reconfigure_console(
        "[exchange]",
        "[intake]\nlisten = \"127.0.0.1:0\"\ncertificate = \"intake.cert\"\nkey = \"intake.key\"\n\
         [[intake.senders]]\nname = \"station\"\norigin = \"alarm\"\ncertificate = \"station.cert\"\n\
         [[intake.senders]]\nname = \"grid\"\norigin = \"patrol\"\ncertificate = \"grid.cert\"\n\n[exchange]",
    );
    let recorder = installation.recorder();
    let mut console = installation.console();
    let (_cases, _finance) = (console.next_address(), console.next_address());
    let address = console.next_address().replace("127.0.0.1", "localhost");
    (installation, recorder, console, address)
}

/// A client that shows this certificate, or none.
fn sender(installation: &Installation, name: Option<&str>) -> ureq::Agent {
    let read = |file: &str| fs::read(installation.at(&format!("console/{file}"))).expect("a file");
    let roots = RootCerts::new_with_certs(&[Certificate::from_pem(&read("intake.cert")).expect("a certificate")]);
    let client = name.map(|name| {
        let certificate = Certificate::from_pem(&read(&format!("{name}.cert"))).expect("a certificate");
        let key = PrivateKey::from_pem(&read(&format!("{name}.key"))).expect("a key");
        ClientCert::new_with_certs(&[certificate], key)
    });
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder().root_certs(roots).client_cert(client).unversioned_rustls_crypto_provider(provider);
    ureq::Agent::config_builder().http_status_as_error(false).tls_config(tls.build()).build().into()
}

fn event(id: &str, what: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "urn:station:7", "type": "exceeded", "time": "2026-11-25T08:00:00Z",
        "data": { "category": "covert-discharge", "party": "东溪印染", "town": "平桥镇", "what": what }
    })
}

fn put(agent: &ureq::Agent, address: &str, body: &Value) -> Result<(u16, String, Option<String>), ureq::Error> {
    let request = agent.post(format!("{address}/clues")).header("content-type", "application/cloudevents+json");
    let mut answer = request.send(body.to_string())?;
    let again = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok((answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default(), again))
}

#[test]
fn alarms_come_in_by_their_senders_certificate_once_and_a_flood_waits() {
    let (installation, mut recorder, console, address) = with_intake();
    let (station, grid) = (sender(&installation, Some("station")), sender(&installation, Some("grid")));
    for stranger in [sender(&installation, Some("stranger")), sender(&installation, None)] {
        assert!(put(&stranger, &address, &event("1", "x")).is_err(), "no connection without a known certificate");
    }
    let taken = |agent: &ureq::Agent, body: &Value| put(agent, &address, body).expect("answered");
    assert_eq!(taken(&station, &event("1", "COD 超标")).0, 202);
    assert_eq!(taken(&station, &event("1", "COD 超标")).0, 202, "told twice is one");
    assert_eq!(taken(&station, &event("2", "COD 再次超标")).0, 202);
    assert_eq!(taken(&grid, &event("1", "巡查发现")).0, 202);
    for wrong in [
        json!({}),
        json!({ "specversion": "0.3", "id": "3", "source": "x", "data": {} }),
        {
            let mut wrong = event("4", "x");
            wrong["data"]["colour"] = json!("red");
            wrong
        },
        event("5", ""),
    ] {
        assert_eq!(taken(&station, &wrong).0, 400, "{wrong}");
    }
    let plain = station.get(format!("{address}/zh/")).call().expect("answered").status().as_u16();
    assert_eq!(plain, 404, "no page of the post is served here");

    // The post sees two reports, of two clues and of one, listed apart from letters.
    let mut zhou = kit::console_client::ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let clues = text(&zhou.get("/en/inbox?show=clues"));
    assert!(
        says_with(&clues, "inbox-letters", &[("count", "2")])
            && says_with(&clues, "inbox-letters", &[("count", "1")])
            && clues.contains("station"),
        "{clues}"
    );
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(opened.contains("COD 再次超标") && says(&opened, "origin-alarm"), "{opened}");

    // While the recorder is down no clue is acknowledged.
    recorder.kill();
    let (status, _, again) = taken(&grid, &event("9", "x"));
    assert_eq!((status, again.as_deref()), (503, Some("60")));
    let _recorder = installation.recorder();
    assert_eq!(taken(&grid, &event("9", "x")).0, 202);

    // A flood: its sender gets 429, another sender does not.
    let flood: Vec<u16> = (0..120).map(|n| taken(&station, &event(&format!("f{n}"), "又超标")).0).collect();
    let waits = flood.iter().filter(|status| **status == 429).count();
    assert!(waits > 40 && flood[0] == 202, "{flood:?}");
    assert_eq!(taken(&grid, &event("10", "y")).0, 202);
    assert!(!text(&zhou.get("/en/inbox")).contains("reports/"), "no alarm stands among letters");
    let listed = text(&zhou.get("/en/inbox?show=clues"));
    assert!(listed.matches("<li>").count() <= 3, "one report for a sender, a party and a day: {listed}");
}

#[test]
fn a_case_is_told_closed_and_transferred_in_so_many_words() {
    let installation = Installation::without_statement(Database::Sqlite);
    installation.reconfigure_console("[exchange]", "[[feeds]]\nname = \"out\"\ndirectory = \"out\"\n\n[exchange]");
    let scenario = Scenario::with(installation);
    let mut zhou = scenario.client("zhou");
    assert!(text(&zhou.post("/en/cases/new/cross", SHEET)).contains("cases/1"));
    let day = kit::installation::today().to_string();
    let transfer = [
        ("expected-version", "1"),
        ("kind", "transferred"),
        ("authority", "procuratorate"),
        ("transfer", "移 1"),
        ("sent-on", day.as_str()),
        ("note", "公益诉讼线索"),
    ];
    done(&zhou.post("/en/cases/1", &transfer));
    let out = scenario.installation.at("console/out");
    until("two events", || (files(&out).len() == 2).then_some(()));
    let told = files(&out).into_iter().map(|name| fs::read_to_string(out.join(name)).expect("an event"));
    let told: Vec<Value> = told.map(|event| serde_json::from_str(&event).expect("JSON")).collect();
    assert_eq!(told[1]["type"], "qingniao.case.transferred.v1");
    let transfers = told[1]["data"]["transfers"].as_array().expect("transfers");
    assert_eq!((transfers.len(), &transfers[0]["to"]), (1, &json!("procuratorate")));
    assert_eq!(transfers[0]["answered_on"], Value::Null);
    conforms_to_the_schema(&told);
}
