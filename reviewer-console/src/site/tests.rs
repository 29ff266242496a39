//! Every route for every role, and what is refused before any handler sees it.

use std::time::Instant;

use actix_web::App;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use crypto::statement::Keys;
use model::{Day, Role};
use opening::{HybridIdentity, NoteSigningKey};
use tempfile::TempDir;

use super::door::Door;
use super::guard::guard;
use super::routes::{Who, register, table};
use crate::config::Config;
use crate::console::Console;
use crate::house::House;
use crate::sessions::tests::{account, keys};

/// A console whose recorder is not running: what it must be told waits in the register.
fn console() -> (Data<Console>, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let house = House::at(folder.path());
    register::migrate(&house.register()).expect("migrated");
    letterbox::migrate(&database::DatabaseUrl::Sqlite(at("letterbox.sqlite"))).expect("migrated");
    let root = NoteSigningKey::from_seed("demo.test/root", &[1; 32]).expect("a key");
    let key = |name: &str, seed| NoteSigningKey::from_seed(name, &[seed; 32]).expect("a key").public();
    let today: Day = "2026-11-23".parse().expect("a day");
    let year = Keys {
        from: today,
        until: today.plus_days(300),
        statement: key("demo.test/statement", 2),
        custodian: HybridIdentity::from_seed(&[3; 32]).recipient(),
        recorder: key("demo.test/recorder", 4),
        log: key("demo.test/log", 5),
        witnesses: vec![],
        vouchers: vec![],
    };
    std::fs::write(at("keys.note"), root.sign_note(&year.to_text()).expect("signed")).expect("written");
    let sample = include_str!("../../console.sample.toml")
        .replace("tiantai.example/root+…", &root.public().to_string())
        .replace("../portal/", "");
    std::fs::write(house.config(), sample).expect("written");
    let config = Config::read(folder.path()).expect("understood");
    (Data::new(Console::open(&config).expect("a console")), folder)
}

/// The site as it is served at a door; its type has no name.
macro_rules! site {
    ($console:expr, $door:expr) => {
        init_service(
            App::new().app_data($console.clone()).wrap(from_fn(guard)).configure(|config| register($door, config)),
        )
        .await
    };
}

const DOORS: [Door; 2] = [Door::Post, Door::Cases];

/// A path of the table with something in every place.
fn filled(path: &str) -> String {
    path.replace("{language:zh|en}", "en")
        .replace("{number}", "1")
        .replace("{file}", "site.css")
        .replace("{digest}", "00")
}

fn request(method: &Method, path: &str) -> TestRequest {
    let request = TestRequest::default().method(method.clone()).uri(path);
    request
        .insert_header(("host", "127.0.0.1:8081"))
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
}

/// Notices of refusals that wait for the recorder.
fn refusals(console: &Console) -> usize {
    let kept = console.register.kept_notices(10_000).expect("notices");
    kept.iter().filter(|(_, notice)| notice.contains("\"refused\"")).count()
}

#[actix_web::test]
async fn every_route_is_there_for_its_role_and_for_nobody_else() {
    let (console, _folder) = console();
    for door in DOORS {
        let site = site!(console, door);
        for role in Role::ALL {
            for row in table(door) {
                // A session of its own: some routes end it.
                let who = account("somebody", &[*role], false);
                let (token, session) = console.sessions.open(&who, door, keys(), Instant::now()).expect("a session");
                let before = refusals(&console);
                let sent = request(&row.method, &filled(row.path))
                    .insert_header(("cookie", format!("{}={}", door.cookie(), token.as_str())))
                    .set_payload(format!("csrf={}", session.csrf()));
                let answer = call_service(&site, sent.to_request()).await;
                let refused = refusals(&console) - before;
                let expected = match row.who {
                    Who::Anyone | Who::SignedIn => 0,
                    // A unit that asks for a case which is not its own is told and noted likewise.
                    Who::Has(Role::CaseUnit) if row.path.contains("{number}") && row.method == Method::GET => 1,
                    Who::Has(wanted) => usize::from(wanted != *role),
                };
                assert_eq!(refused, expected, "{role:?} {} {}", row.method, row.path);
                if refused == 1 {
                    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "who may not and what is not look the same");
                } else {
                    assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{role:?} {} {}", row.method, row.path);
                }
                assert!(answer.headers().contains_key("content-security-policy"), "{}", row.path);
                console.sessions.end_all();
            }
        }
    }
}

/// The case units' door leads to no page of the post, for nobody, and a session of one door is
/// none at the other.
#[actix_web::test]
async fn one_door_does_not_lead_to_the_pages_of_the_other() {
    let (console, _folder) = console();
    let at_cases: Vec<&str> = table(Door::Cases).iter().map(|row| row.path).collect();
    let site = site!(console, Door::Cases);
    for row in table(Door::Post).into_iter().filter(|row| !at_cases.contains(&row.path)) {
        for role in Role::ALL {
            let who = account("somebody", &[*role], false);
            let (token, session) = console.sessions.open(&who, Door::Cases, keys(), Instant::now()).expect("a session");
            let sent = request(&row.method, &filled(row.path))
                .insert_header(("cookie", format!("{}={}", Door::Cases.cookie(), token.as_str())))
                .set_payload(format!("csrf={}", session.csrf()));
            let answer = call_service(&site, sent.to_request()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{role:?} {}", row.path);
            console.sessions.end_all();
        }
    }
    let who = account("qian", &[Role::CaseUnit], false);
    let (token, _) = console.sessions.open(&who, Door::Cases, keys(), Instant::now()).expect("a session");
    let post = site!(console, Door::Post);
    for cookie in DOORS.map(Door::cookie) {
        let sent = request(&Method::GET, "/en/home").insert_header(("cookie", format!("{cookie}={}", *token)));
        let answer = call_service(&post, sent.to_request()).await;
        assert_eq!(answer.headers().get("location").expect("a way on"), "/en/?ended=1");
    }
}

#[actix_web::test]
async fn without_a_session_there_is_only_the_way_to_sign_in() {
    let (console, _folder) = console();
    let site = site!(console, Door::Post);
    for row in table(Door::Post).into_iter().filter(|row| row.who != Who::Anyone) {
        let answer = call_service(&site, request(&row.method, &filled(row.path)).to_request()).await;
        if row.method == Method::GET {
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", row.path);
            assert_eq!(answer.headers().get("location").expect("a way on"), "/en/?ended=1");
        } else {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{}", row.path);
        }
    }
    let answer = call_service(&site, request(&Method::GET, "/en/no-such-page").to_request()).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_form_without_this_sessions_token_changes_nothing() {
    let (console, _folder) = console();
    let site = site!(console, Door::Post);
    let (token, session) = console
        .sessions
        .open(&account("zhou", &Role::ALL[..1], false), Door::Post, keys(), Instant::now())
        .expect("a session");
    let (_, other) = console
        .sessions
        .open(&account("wu", &Role::ALL[..1], false), Door::Post, keys(), Instant::now())
        .expect("a session");
    for csrf in ["", other.csrf(), &session.csrf()[..63]] {
        for row in table(Door::Post).into_iter().filter(|row| row.method == Method::POST && row.who != Who::Anyone) {
            let allowed = matches!(row.who, Who::SignedIn | Who::Has(Role::Officer));
            let sent = request(&row.method, &filled(row.path))
                .insert_header(("cookie", format!("{}={}", Door::Post.cookie(), token.as_str())))
                .set_payload(format!("csrf={csrf}"));
            let status = call_service(&site, sent.to_request()).await.status();
            let expected = if allowed { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
            assert_eq!(status, expected, "{}", row.path);
        }
    }
    assert!(console.sessions.find(&token, Door::Post, Instant::now()).is_ok(), "a forged lock does not lock");
}

#[actix_web::test]
async fn before_the_first_password_is_changed_there_is_nothing_else() {
    let (console, _folder) = console();
    let site = site!(console, Door::Post);
    for row in table(Door::Post).into_iter().filter(|row| row.method == Method::GET) {
        let Who::Has(role) = row.who else { continue };
        let (token, _) = console
            .sessions
            .open(&account("new", &[role], true), Door::Post, keys(), Instant::now())
            .expect("a session");
        let sent = request(&row.method, &filled(row.path))
            .insert_header(("cookie", format!("{}={}", Door::Post.cookie(), *token)));
        let answer = call_service(&site, sent.to_request()).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", row.path);
        assert_eq!(answer.headers().get("location").expect("a way on"), "/en/password");
    }
}

#[actix_web::test]
async fn other_names_and_other_sites_are_refused() {
    let (console, _folder) = console();
    let site = site!(console, Door::Post);
    for host in ["evil.example", "evil.example:8081", "127.0.0.1.evil.example", "192.168.1.4:8081"] {
        let sent = TestRequest::get().uri("/en/").insert_header(("host", host)).to_request();
        assert_eq!(call_service(&site, sent).await.status(), StatusCode::NOT_FOUND, "{host}");
    }
    for host in ["localhost:8081", "127.0.0.1", "[::1]:8081"] {
        let sent = TestRequest::get().uri("/en/").insert_header(("host", host)).to_request();
        assert_eq!(call_service(&site, sent).await.status(), StatusCode::OK, "{host}");
    }
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:9999"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in foreign {
        let sent =
            request(&Method::POST, "/en/sign-in").insert_header((name, value)).set_payload("account=a&password=b");
        assert_eq!(call_service(&site, sent.to_request()).await.status(), StatusCode::NOT_FOUND, "{name}: {value}");
    }
}

/// Pages that need no recorder, as they are, in both languages.
#[actix_web::test]
async fn pages_as_they_are() {
    let (console, _folder) = console();
    let site = site!(console, Door::Post);
    let pages = [
        (None, ""),
        (None, "?ended=1"),
        (Some(Role::Officer), "inbox"),
        (Some(Role::Officer), "inbox?show=all"),
        (Some(Role::Officer), "unreadable"),
        (Some(Role::Officer), "exchange"),
        (Some(Role::Officer), "officers"),
        (Some(Role::Officer), "reports/7"),
        (Some(Role::Officer), "password"),
        (Some(Role::Auditor), "log"),
        (Some(Role::Administrator), "accounts"),
        (Some(Role::Officer), "inbox?show=open"),
        (Some(Role::Officer), "inbox?show=clues"),
        (Some(Role::Officer), "enter"),
        (Some(Role::Officer), "import"),
        (Some(Role::Officer), "cases/new"),
        (Some(Role::Finance), "home"),
    ];
    for (role, page) in pages {
        for language in ["zh", "en"] {
            let mut sent = request(&Method::GET, &format!("/{language}/{page}"));
            let mut token = String::new();
            if let Some(role) = role {
                let opened =
                    console.sessions.open(&account("somebody", &[role], false), Door::Post, keys(), Instant::now());
                let (cookie, session) = opened.expect("a session");
                session.csrf().clone_into(&mut token);
                sent = sent.insert_header(("cookie", format!("{}={}", Door::Post.cookie(), *cookie)));
            }
            let answer = call_service(&site, sent.to_request()).await;
            let body = actix_web::test::read_body(answer).await;
            let mut text = String::from_utf8(body.to_vec()).expect("UTF-8").replace("><", ">\n<");
            if !token.is_empty() {
                text = text.replace(&token, "TOKEN");
                // The watermark says when the page was made.
                let marked = text.find("<div class=\"watermark\"").unwrap_or(text.len());
                assert!(text[marked..].contains("<span>somebody 20"), "{page} has no watermark");
                text.truncate(marked);
            }
            // A form's own number is another each time.
            if let Some((before, after)) = text.split_once("name=\"once\" value=\"") {
                let rest = after.split_once('"').map_or("", |(_, rest)| rest);
                text = format!("{before}name=\"once\" value=\"ONCE\"{rest}");
            }
            for forbidden in ["<script", " style=", " onclick=", "https://", "No localization"] {
                assert!(!text.contains(forbidden), "{page} contains {forbidden}");
            }
            let name = page.replace(['/', '?', '='], "-");
            insta::assert_snapshot!(format!("{language}-{name}"), text);
        }
    }
}

#[test]
fn both_languages_have_every_sentence() {
    let differences = web::language::differences(
        include_str!("../../locales/zh/reviewer-console.ftl"),
        include_str!("../../locales/en/reviewer-console.ftl"),
    );
    assert!(differences.is_empty(), "{differences:#?}");
}
