//! Identity envelopes: an officer asks with a reason, the custodian consents in a session of their own, and the
//! reporter sees both in the access list.

use crypto::letters::letter::{Body, Report};
use crypto::log::access_list::AccessList;
use crypto::sealing::identity_envelope::{Identity, IdentityEnvelope};
use crypto::slots::slot::Slot;
use kit::claims::shows;
use kit::console_client::text;
use kit::reporters::{letter, reporter, today, visit};
use kit::requests::{agent, send};
use kit::scenario::{Scenario, done, refused};
use model::{Purpose, Role};

#[test]
fn a_name_reaches_the_post_only_through_the_custodian_and_its_reporter_is_told() {
    let scenario = Scenario::begin();
    let (named, keys) = (reporter(), scenario.installation.keys());
    let report = Report { what: "named".to_owned(), naming: "real-name".to_owned(), ..Report::default() };
    let mut sealed = letter(&named, Body::Report(Box::new(report)), &keys);
    let (name, contact) = ("王某某".to_owned(), "演示电话".to_owned());
    let identity = Some(Identity { name, contact, account: String::new() });
    let envelope = IdentityEnvelope { mailbox: named.mailbox(), identity };
    sealed.identity = Some(envelope.seal(&keys.keys.custodian).expect("sealed"));
    scenario.send(&named.visit(&sealed, &keys, today()).expect("a visit").request);
    scenario.installation.exchange(Some("zhou")).expect("exchanged");

    let (mut zhou, mut wu, mut bao) = (scenario.client("zhou"), scenario.client("wu"), scenario.client("bao"));
    let ask = |zhou: &mut kit::console_client::ConsoleClient, report: &str, reason: &str, document: &str| {
        zhou.post(&format!("/en/reports/{report}/identity"), &[("reason", reason), ("document", document)])
    };
    refused(&ask(&mut zhou, "1", "contact", ""), 409, "identity-anonymous");
    refused(&ask(&mut zhou, "2", "curiosity", ""), 400, "identity-no-reason");
    refused(&ask(&mut zhou, "2", "law", " "), 400, "identity-no-document");
    done(&ask(&mut zhou, "2", "law", "（2026）1 号"));
    done(&ask(&mut zhou, "2", "safety", ""));
    shows(&bao.get("/en/identity/1"), "（2026）1 号");
    done(&bao.post("/en/identity/1", &[("decision", "refuse")]));
    let key = std::fs::read(scenario.installation.at("root/custodian.key")).expect("a key");
    let consent = |bao: &mut kit::console_client::ConsoleClient, request: &str| {
        let path = format!("/en/identity/{request}");
        bao.post_files(&path, &[("decision", "consent")], ("key", &[("custodian.key", &key)]))
    };
    refused(&consent(&mut bao, "1"), 409, "request-answered");
    shows(&consent(&mut bao, "2"), "王某某");
    let page = text(&wu.get("/en/reports/2/identity"));
    assert!(page.contains("王某某") && page.contains("演示电话") && page.contains("refused"), "{page}");
    assert!(!text(&wu.get("/en/reports/1/identity")).contains("王某某"), "another report's page");
    // At rest the request is sealed to the post.
    let register = std::fs::read(scenario.installation.at("console/register.sqlite")).expect("a file");
    let wal = std::fs::read(scenario.installation.at("console/register.sqlite-wal")).unwrap_or_default();
    let name = "王某某".as_bytes();
    assert!(![register, wal].iter().any(|bytes| bytes.windows(name.len()).any(|window| window == name)));

    scenario.installation.exchange(Some("zhou")).expect("exchanged");
    let looking = visit(&named, Body::Cover {}, &keys);
    let url = format!("{}/api/visits", scenario.portal.address);
    let answer = send(&agent(), "POST", &url, &looking.request).expect("answered").body;
    let Slot::Post(slot) = named.read_slot(&answer, &keys).expect("a slot") else { panic!("still the first slot") };
    let list = AccessList::read(&slot.access, &named.mailbox(), &keys.keys.recorder.key()).expect("a list");
    let told: Vec<_> = list.records.iter().map(|record| (record.role, record.purpose)).collect();
    assert!(told.contains(&(Role::Officer, Purpose::AskIdentity)), "{told:?}");
    assert_eq!(told.iter().filter(|one| **one == (Role::Custodian, Purpose::OpenIdentity)).count(), 1, "{told:?}");
}
