//! The console over HTTP: sign-in, opening, answering, refusing.

use kit::html;
use kit::sentences::{says, says_with};
use std::io::{Read as _, Write as _};

use crypto::letters::letter::Body;
use crypto::slots::slot::{ReportState, Slot};
use kit::console_client::{ConsoleClient, text};
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};
use opening::reporter::Reporter;

/// An installation with one report collected.
fn with_report(what: &str) -> (Installation, Running, Running, Reporter) {
    let installation = Installation::new(Database::Sqlite);
    let (portal, recorder) = (installation.portal(), installation.recorder());
    let one = reporter();
    let sealed = visit(&one, report(what), &installation.keys());
    let sent = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &sealed.request).expect("answered");
    assert_eq!(sent.status, 200);
    let said = installation.exchange(Some("zhou")).expect("exchanged");
    assert!(said.starts_with("1 letters taken in, 0 put aside"), "{said}");
    (installation, portal, recorder, one)
}

/// The slot in the reporter's mailbox now.
fn slot(installation: &Installation, portal: &str, one: &Reporter) -> crypto::slots::slot::PostSlot {
    let looking = visit(one, Body::Cover {}, &installation.keys());
    let sealed = send(&agent(), "POST", &format!("{portal}/api/visits"), &looking.request).expect("answered").body;
    match one.read_slot(&sealed, &installation.keys()).expect("a slot") {
        Slot::Post(slot) => slot,
        Slot::First { .. } => panic!("still the first slot"),
    }
}

#[test]
fn a_report_is_opened_answered_and_the_reporter_sees_who_looked() {
    let (installation, portal, _recorder, one) = with_report("暗管在西墙");
    let console = installation.console();
    assert_eq!(slot(&installation, &portal.address, &one).state, ReportState::Received);
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let inbox = text(&zhou.get("/zh/inbox"));
    assert!(inbox.contains("第 1 号举报") && inbox.contains("1 封新来信"), "{inbox}");
    let closed = text(&zhou.get("/zh/reports/1"));
    assert!(!closed.contains("暗管在西墙"));
    let opened = text(&zhou.post("/zh/reports/1/open", &[("purpose", "verify")]));
    assert!(opened.contains("暗管在西墙"), "{opened}");
    let found = text(&zhou.post("/zh/inbox/search", &[("search", "西墙")]));
    assert!(found.contains("第 1 号举报"), "{found}");
    let preview = text(&zhou.post("/zh/reports/1/preview", &[("expected-version", "0"), ("text", "谢谢 <b>您</b>。")]));
    assert!(preview.contains("谢谢 &lt;b&gt;您&lt;/b&gt;。"), "{preview}");
    let sent = zhou.post("/zh/reports/1/send", &[("expected-version", "0"), ("text", "谢谢 <b>您</b>。")]);
    assert!(text(&sent).contains("答复已保存"), "{}", text(&sent));
    installation.exchange(Some("wu")).expect("exchanged");
    let slot = slot(&installation, &portal.address, &one);
    assert_eq!(
        (slot.state, slot.messages.len(), slot.messages[0].text.as_str()),
        (ReportState::Answered, 1, "谢谢 <b>您</b>。")
    );
    let recorder = installation.keys().keys.recorder.key();
    let list = crypto::log::access_list::AccessList::read(&slot.access, &one.mailbox(), &recorder).expect("a list");
    let looked: Vec<_> =
        list.records.iter().map(|record| (record.number, record.person, record.purpose.code())).collect();
    assert_eq!(looked, [(1, 1, "verify")]);
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    let log = text(&shen.get("/zh/log"));
    for said in ["打开来信", "在列表中看到内容", "答复", "更新信箱", "更改状态", "查看日志"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("暗管在西墙"));
}

#[test]
fn wrong_passwords_are_recorded_and_slow_down_strangers_only() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let session = zhou.get("/en/inbox");
    assert_eq!(session.status, 200);
    let mut stranger = ConsoleClient::at(&console.address);
    let said: Vec<String> = (0..6).map(|_| text(&stranger.sign_in("zhou", "a guess of some length"))).collect();
    assert!(said[0].contains("the password is wrong") && said[5].contains("Please try again in"), "{}", said[5]);
    assert!(says(&text(&stranger.sign_in("nobody-here", "a guess of some length")), "sign-in-wrong"));
    // The officer's own browser, with its device cookie, can sign in at once.
    zhou.post("/en/lock", &[]);
    assert_eq!(zhou.sign_in("zhou", installation.password("zhou")).status, 303);
    assert_eq!(zhou.get("/en/inbox").status, 200);
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    let log = shen.log("account=zhou&action=sign-in-failed");
    // Three guesses are checked at once; on a slow machine a wait may be over before the next guess.
    let recorded = log.matches("<td>wrong password</td>").count();
    assert!((3..6).contains(&recorded), "{recorded}: {log}");
    let cookie = |name: &str| zhou.cookie(name).map(str::len);
    assert_eq!((cookie("__Host-session"), cookie("__Host-device")), (Some(64), Some(64)));
}

#[test]
fn cookies_and_headers_are_those_of_a_site_that_gives_nothing_away() {
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let console = installation.console();
    let answer = ConsoleClient::at(&console.address).sign_in("zhou", installation.password("zhou"));
    let cookies: Vec<&String> =
        answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        for part in ["__Host-", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        assert!(!cookie.contains("Domain"));
    }
    for path in ["/en/", "/en/inbox", "/nothing", "/static/console.css"] {
        let answer = ConsoleClient::at(&console.address).get(path);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'") && policy.contains("form-action 'self'"));
    }
}

#[test]
fn with_the_recorder_down_nothing_opens_and_everything_else_works() {
    let (installation, _portal, mut recorder, _one) = with_report("nobody may read this unseen");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("nobody may read"));
    recorder.kill();
    let refused = zhou.post("/en/reports/1/open", &[("purpose", "review")]);
    assert_eq!(refused.status, 503);
    let refused = text(&refused);
    assert!(says(&refused, "recorder-down") && !refused.contains("nobody may read"), "{refused}");
    let inbox = text(&zhou.get("/en/inbox?show=all"));
    assert!(inbox.contains("Report 1") && says(&inbox, "inbox-locked"), "{inbox}");
    let kept =
        text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "an answer worth keeping")]));
    assert!(kept.contains("cannot be reached") && kept.contains("an answer worth keeping"), "{kept}");
    zhou.post("/en/lock", &[]);
    assert_eq!(zhou.sign_in("zhou", installation.password("zhou")).status, 303, "signing in works");
    let _recorder = installation.recorder();
    assert!(text(&zhou.post("/en/reports/1/open", &[("purpose", "review")])).contains("nobody may read"));
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    let log = shen.log("account=zhou");
    assert_eq!(log.matches("<td>signed out</td>").count(), 1, "what it missed it was told: {log}");
    assert_eq!(log.matches("<td>signed in</td>").count(), 4, "statement, exchange, and twice here: {log}");
}

#[test]
fn of_two_officers_who_answer_at_once_the_second_is_told_and_loses_nothing() {
    let (installation, _portal, _recorder, _one) = with_report("x");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let mut wu = ConsoleClient::signed_in(&installation, &console.address, "wu");
    assert!(
        text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "from zhou")])).contains("is kept")
    );
    let twice = zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "from zhou")]);
    assert!(text(&twice).contains("is kept"), "a double click: {}", text(&twice));
    let late = wu.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "from wu")]);
    assert_eq!(late.status, 409);
    assert!(says(&text(&late), "reply-conflict") && text(&late).contains("from wu"));
    let opened = text(&wu.post("/en/reports/1/open", &[("purpose", "answer")]));
    assert!(opened.contains("from zhou") && opened.contains("reply?expected-version=1"), "{opened}");
    assert!(
        text(&wu.post("/en/reports/1/send", &[("expected-version", "1"), ("text", "from wu")])).contains("is kept")
    );
    let too_long = wu.post("/en/reports/1/preview", &[("expected-version", "2"), ("text", &"水".repeat(5000))]);
    assert!(says(&text(&too_long), "reply-too-long"), "{}", text(&too_long));
    let empty = wu.post("/en/reports/1/preview", &[("expected-version", "2"), ("text", " \n ")]);
    assert!(says(&text(&empty), "reply-empty"));
}

#[test]
fn an_answer_survives_a_session_that_ended_meanwhile() {
    let (installation, _portal, _recorder, _one) = with_report("x");
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    zhou.post("/en/lock", &[]);
    let locked =
        zhou.post("/en/reports/1/preview", &[("expected-version", "0"), ("text", "hours of \"careful\" writing")]);
    assert_eq!(locked.status, 401);
    let locked = text(&locked);
    assert!(says(&locked, "sign-in-draft") && locked.contains("hours of &quot;careful&quot; writing"));
    let fields = [
        ("account", "zhou"),
        ("password", installation.password("zhou")),
        ("draft-path", "reports/1/reply"),
        ("draft.expected-version", "0"),
        ("draft.text", "hours of \"careful\" writing"),
    ];
    for (name, value) in &fields[2..] {
        assert!(locked.contains(&format!("name=\"{name}\" value=\"{}\"", value.replace('"', "&quot;"))), "{locked}");
    }
    let back = text(&zhou.send("POST", "/en/sign-in", &fields));
    assert!(says(&back, "draft-title") && back.contains("hours of &quot;careful&quot; writing"), "{back}");
    assert!(
        text(&zhou.post("/en/reports/1/send", &[("expected-version", "0"), ("text", "at last")])).contains("is kept")
    );
}

/// A field of a form on a page.
fn field(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name}: {page}")).to_owned()
}

#[test]
fn a_new_officer_reads_after_administrator_auditor_and_colleague_and_not_before() {
    let (installation, _portal, _recorder, _one) = with_report("for officers only");
    let console = installation.console();
    let mut lin = ConsoleClient::signed_in(&installation, &console.address, "lin");
    let refused = lin.post("/en/accounts/make", &[("account", "gu"), ("role", "officer"), ("role", "custodian")]);
    assert!(
        says_with(&text(&refused), "accounts-conflict", &[("one", "officer"), ("other", "custodian")]),
        "{}",
        text(&refused)
    );
    assert_eq!(lin.post("/en/accounts/make", &[("account", "Gu!"), ("role", "officer")]).status, 400);
    assert_eq!(lin.post("/en/accounts/make", &[("account", "zhou"), ("role", "officer")]).status, 409);
    let made = text(&lin.post("/en/accounts/make", &[("account", "gu"), ("role", "officer")]));
    let first = html::text(&made, "#first-password");
    let first = first.as_str();

    let mut gu = ConsoleClient::at(&console.address);
    assert_eq!(gu.sign_in("gu", first).status, 303);
    assert_eq!(gu.get("/en/inbox").header("location"), Some("/en/password"), "nothing before an own password");
    let own = "夜半钟声到客船之后还有很多话";
    let change = |gu: &mut ConsoleClient, old: &str, new: &str, again: &str| {
        text(&gu.post("/en/password", &[("old", old), ("new", new), ("again", again)]))
    };
    assert!(says_with(&change(&mut gu, first, "short", "short"), "password-short", &[("count", "12")]));
    assert!(says(&change(&mut gu, first, own, "something else"), "password-differs"));
    assert!(says(&change(&mut gu, "not the first one", own, own), "password-wrong"));
    change(&mut gu, first, own, own);
    assert_eq!(gu.sign_in("gu", first).status, 401);
    assert_eq!(gu.sign_in("gu", own).status, 303);
    assert!(says(&text(&gu.get("/en/inbox")), "no-keys-text"));
    let refused = gu.post("/en/reports/1/open", &[("purpose", "review")]);
    assert_eq!(refused.status, 409);

    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let recipient = field(&text(&zhou.get("/en/officers")), "recipient");
    let early = zhou.post("/en/officers/grant", &[("account", "gu"), ("recipient", &recipient)]);
    assert!(says(&text(&early), "recorder-unknown-person"), "{}", text(&early));
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    let key = field(&text(&shen.get("/en/keys")), "key");
    let other = format!("{}{}", &key[1..], &key[..1]);
    assert_eq!(shen.post("/en/keys/confirm", &[("account", "gu"), ("key", &other)]).status, 409);
    assert_eq!(shen.post("/en/keys/confirm", &[("account", "gu"), ("key", &key)]).status, 303);
    assert_eq!(zhou.post("/en/officers/grant", &[("account", "gu"), ("recipient", &recipient)]).status, 303);
    gu.post("/en/lock", &[]);
    gu.sign_in("gu", own);
    assert!(text(&gu.post("/en/reports/1/open", &[("purpose", "review")])).contains("for officers only"));

    assert_eq!(shen.post("/en/keys/revoke", &[("account", "gu")]).status, 303);
    assert_eq!(gu.post("/en/reports/1/open", &[("purpose", "review")]).status, 401, "the session ended with the key");
    gu.sign_in("gu", own);
    assert!(says(&text(&gu.post("/en/reports/1/open", &[("purpose", "review")])), "recorder-unknown-key"));
    assert_eq!(lin.post("/en/accounts/close", &[("account", "gu")]).status, 303);
    assert_eq!(gu.sign_in("gu", own).status, 401);
    assert_eq!(
        lin.post("/en/accounts/make", &[("account", "gu"), ("role", "officer")]).status,
        409,
        "never used twice"
    );
}

#[test]
fn a_lost_password_costs_the_keys_and_a_colleague_gives_them_back() {
    let (installation, _portal, _recorder, _one) = with_report("still readable");
    let console = installation.console();
    let mut wu = ConsoleClient::signed_in(&installation, &console.address, "wu");
    let mut lin = ConsoleClient::signed_in(&installation, &console.address, "lin");
    let made = text(&lin.post("/en/accounts/reset", &[("account", "wu")]));
    let first = html::text(&made, "#first-password");
    let first = first.as_str();
    assert_eq!(wu.get("/en/inbox").status, 303, "the old session ended");
    assert_eq!(wu.sign_in("wu", installation.password("wu")).status, 401);
    assert_eq!(wu.sign_in("wu", first).status, 303);
    let own = "a sentence of my own";
    wu.post("/en/password", &[("old", first), ("new", own), ("again", own)]);
    wu.sign_in("wu", own);
    let mut shen = ConsoleClient::signed_in(&installation, &console.address, "shen");
    let key = field(&text(&shen.get("/en/keys")), "key");
    shen.post("/en/keys/confirm", &[("account", "wu"), ("key", &key)]);
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    let page = text(&zhou.get("/en/officers"));
    zhou.post("/en/officers/grant", &[("account", "wu"), ("recipient", &field(&page, "recipient"))]);
    wu.post("/en/lock", &[]);
    wu.sign_in("wu", own);
    assert!(text(&wu.post("/en/reports/1/open", &[("purpose", "review")])).contains("still readable"));
    lin.post("/en/accounts/close", &[("account", "zhou")]);
    for refused in ["/en/accounts/reset", "/en/accounts/close"] {
        let last = lin.post(refused, &[("account", "wu")]);
        assert_eq!(last.status, 409);
        assert!(says(&text(&last), "accounts-last-keys"), "{}", text(&last));
    }
    let roster = text(&shen.get("/en/keys"));
    assert!(says_with(&roster, "keys-number", &[("number", "2")]), "the number stays: {roster}");
}

#[test]
fn a_console_that_others_could_reach_does_not_start() {
    let installation = Installation::new(Database::Sqlite);
    installation.reconfigure_console("listen = \"127.0.0.1:0\"", "listen = \"0.0.0.0:0\"");
    let folder = installation.at("console");
    let refused = kit::program::run("reviewer-console", &["serve", "--folder", folder.to_str().expect("UTF-8")]);
    assert!(refused.expect_err("refused").contains("anything else is refused"));
    installation.reconfigure_console("listen = \"0.0.0.0:0\"", "listen = \"unix:console.sock\"");
    let console = installation.console();
    assert!(console.address.starts_with("unix:"));
    let mut stream =
        std::os::unix::net::UnixStream::connect(installation.at("console/console.sock")).expect("connects");
    stream.write_all(b"GET /en/ HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Sign in"), "{answer}");
}

/// Write access to the console's disk does not allow replacing an officer's keys.
#[test]
fn keys_that_somebody_else_put_into_the_register_are_not_used() {
    let (installation, _portal, _recorder, _one) = with_report("x");
    let planted = opening::PostKeys::generate("demo.test").expect("keys");
    let recipient = installation.slot_of("zhou");
    let sealed = hex::encode(planted.seal(&recipient).expect("sealed"));
    installation.tamper_with_register(&format!("UPDATE accounts SET post_keys = X'{sealed}' WHERE name = 'zhou'"));
    let console = installation.console();
    let mut zhou = ConsoleClient::signed_in(&installation, &console.address, "zhou");
    assert!(says(&text(&zhou.get("/en/inbox")), "no-keys-text"));
    assert_eq!(zhou.post("/en/reports/1/open", &[("purpose", "review")]).status, 409);
    let log = std::fs::read_to_string(installation.at("console.log")).expect("a log");
    assert!(log.contains("code=\"post-keys.foreign\""), "{log}");
}
