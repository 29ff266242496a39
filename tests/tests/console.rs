//! The console over HTTP: sign-in, opening, answering, refusing.

use crypto::letter::Body;
use crypto::slot::{Slot, State};
use tests::desk::{Desk, text};
use tests::house::{Database, House};
use tests::reporters::{report, reporter, visit};
use tests::requests::{agent, send};

/// A house with one report collected.
fn with_report(what: &str) -> (House, tests::program::Running, tests::program::Running, opening::reporter::Reporter) {
    let house = House::new(Database::Sqlite);
    let (portal, recorder) = (house.portal(), house.recorder());
    let one = reporter();
    let sealed = visit(&one, report(what), &house.keys());
    let sent = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &sealed.request).expect("answered");
    assert_eq!(sent.status, 200);
    let said = house.exchange(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("1 letters taken in, 0 put aside"), "{said}");
    (house, portal, recorder, one)
}

/// What the reporter's mailbox says now.
fn slot(house: &House, portal: &str, one: &opening::reporter::Reporter) -> crypto::slot::PostSlot {
    let looking = visit(one, Body::Cover {}, &house.keys());
    let sealed = send(&agent(), "POST", &format!("{portal}/api/visits"), &looking.request).expect("answered").body;
    match one.read_slot(&sealed, &house.keys()).expect("a slot") {
        Slot::Post(slot) => slot,
        Slot::First { .. } => panic!("still the first slot"),
    }
}

#[test]
fn a_report_is_opened_answered_and_the_reporter_sees_who_looked() {
    let (house, portal, _recorder, one) = with_report("暗管在西墙");
    let console = house.console();
    assert_eq!(slot(&house, &portal.address, &one).state, State::Received);
    let mut zhou = Desk::signed_in(&house, &console.address, "zhou");
    let inbox = text(&zhou.get("/zh/inbox"));
    assert!(inbox.contains("第 1 号举报") && inbox.contains("1 封新来信"), "{inbox}");
    let closed = text(&zhou.get("/zh/reports/1"));
    assert!(!closed.contains("暗管在西墙"));
    let opened = text(&zhou.post("/zh/reports/1/open", &[("purpose", "verify")]));
    assert!(opened.contains("暗管在西墙"), "{opened}");
    let found = text(&zhou.post("/zh/inbox/search", &[("search", "西墙")]));
    assert!(found.contains("第 1 号举报"), "{found}");
    let preview = text(&zhou.post("/zh/reports/1/preview", &[("seen", "0"), ("text", "谢谢 <b>您</b>。")]));
    assert!(preview.contains("谢谢 &lt;b&gt;您&lt;/b&gt;。"), "{preview}");
    let sent = zhou.post("/zh/reports/1/send", &[("seen", "0"), ("text", "谢谢 <b>您</b>。")]);
    assert!(text(&sent).contains("答复已保存"), "{}", text(&sent));
    house.exchange(Some("wu")).expect("exchanged");
    let slot = slot(&house, &portal.address, &one);
    assert_eq!((slot.state, slot.messages.len(), slot.messages[0].text.as_str()), (State::Answered, 1, "谢谢 <b>您</b>。"));
    let recorder = house.keys().keys.recorder.key();
    let list = crypto::access::AccessList::read(&slot.access, &one.mailbox(), &recorder).expect("a list");
    let looked: Vec<_> = list.records.iter().map(|record| (record.number, record.person, record.purpose.code())).collect();
    assert_eq!(looked, [(1, 1, "verify")]);
    let mut shen = Desk::signed_in(&house, &console.address, "shen");
    let log = text(&shen.get("/zh/log"));
    for said in ["打开来信", "列表显示内容", "答复", "更新信箱", "更改状态", "查看日志"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("暗管在西墙"));
}
