//! Every route for every role, and the requests that are refused before any handler runs.

use std::fs;

use actix_web::App;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use console_services::accounts::Password;
use console_services::accounts::audience::Audience;
use console_services::accounts::authentication::{SignInAttempt, SignedIn};
use model::Role;
use register::Account;

use crate::http::middleware::admit;
use crate::http::request::session_cookie;
use crate::http::routes::{RouteAccess, register, table};
use crate::http::test_site::{ACCOUNT, Site};

/// Roles of an account that may sign in at this listener and has this role.
fn roles_at(audience: Audience, role: Role) -> Vec<Role> {
    let own = match audience {
        Audience::Post => Role::Auditor,
        Audience::Cases => Role::CaseUnit,
        Audience::Finance => Role::Finance,
    };
    if audience.admits(&[role]) { vec![role] } else { vec![role, own] }
}

/// The site as served to an audience; a macro, because its type cannot be named.
macro_rules! site {
    ($site:expr, $audience:expr) => {
        init_service(
            App::new()
                .app_data($site.state.clone())
                .wrap(from_fn(admit))
                .configure(|config| register($audience, config)),
        )
        .await
    };
}

/// A path of the table with all its parameters filled in.
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

#[actix_web::test]
async fn every_route_of_every_audience_is_there_for_its_role_and_for_nobody_else() {
    let here = Site::new();
    for audience in Audience::ALL {
        let site = site!(here, audience);
        for role in Role::ALL {
            let roles = roles_at(audience, *role);
            let mut visitor = here.sign_in(audience, &roles, false);
            for row in table(audience) {
                let before = here.refusals();
                let sent = request(&row.method, &filled(row.path))
                    .insert_header(visitor.cookie())
                    .set_payload(format!("csrf={}", visitor.csrf));
                let answer = call_service(&site, sent.to_request()).await;
                let refused = here.refusals() - before;
                let expected = match row.who {
                    RouteAccess::Anyone | RouteAccess::SignedIn => 0,
                    // A unit's request for a case of another unit is refused and recorded too.
                    RouteAccess::Has(Role::CaseUnit) if row.path.contains("{number}") && row.method == Method::GET => 1,
                    RouteAccess::Has(wanted) => usize::from(!roles.contains(&wanted)),
                };
                assert_eq!(refused, expected, "{audience:?} {role:?} {} {}", row.method, row.path);
                if refused == 1 {
                    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "who may not and what is not look the same");
                } else {
                    assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{role:?} {} {}", row.method, row.path);
                }
                assert!(answer.headers().contains_key("content-security-policy"), "{}", row.path);
                // Some routes end the session.
                if !here.is_signed_in(&visitor) {
                    visitor = here.sign_in(audience, &roles, false);
                }
            }
        }
    }
}

/// No listener serves a page of another one, to any role, and a session of one is not valid at another.
#[actix_web::test]
async fn one_listener_does_not_lead_to_the_pages_of_another() {
    let here = Site::new();
    for audience in Audience::ALL {
        let own: Vec<&str> = table(audience).iter().map(|row| row.path).collect();
        let site = site!(here, audience);
        let others = Audience::ALL.into_iter().filter(|other| *other != audience);
        let foreign: Vec<_> = others.flat_map(table).filter(|row| !own.contains(&row.path)).collect();
        assert!(!foreign.is_empty());
        for role in Role::ALL {
            let visitor = here.sign_in(audience, &roles_at(audience, *role), false);
            for row in &foreign {
                let sent = request(&row.method, &filled(row.path))
                    .insert_header(visitor.cookie())
                    .set_payload(format!("csrf={}", visitor.csrf));
                let answer = call_service(&site, sent.to_request()).await;
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{audience:?} {role:?} {}", row.path);
            }
        }
        let visitor = here.sign_in(audience, &roles_at(audience, Role::CaseUnit), false);
        for other in Audience::ALL.into_iter().filter(|other| *other != audience) {
            let site = site!(here, other);
            for cookie in Audience::ALL.map(session_cookie) {
                let sent =
                    request(&Method::GET, "/en/home").insert_header(("cookie", format!("{cookie}={}", visitor.token)));
                let answer = call_service(&site, sent.to_request()).await;
                assert_eq!(answer.headers().get("location").expect("a way on"), "/en/?ended=1");
            }
        }
    }
}

/// An account without a role at a listener gets the answer for a wrong password, also with the right one.
#[test]
fn nobody_signs_in_at_anothers_listener() {
    let here = Site::new();
    let before = here.register.account(ACCOUNT).expect("a register").expect("an account");
    for (audience, role) in [(Audience::Cases, Role::Officer), (Audience::Finance, Role::CaseUnit)] {
        let now = here.register.account(ACCOUNT).expect("a register").expect("an account");
        let changed = Account { roles: vec![role], ..before.clone() };
        here.register.change_account(&now, &changed).expect("a register").expect("changed");
        let password = Password::typed(here.password.expose()).expect("a password");
        let attempt = SignInAttempt { audience, name: ACCOUNT.to_owned(), password, device: None };
        let console = &here.state.console;
        let answer = console.authentication.sign_in(&console.resources, &attempt).expect("asked");
        assert!(matches!(answer, SignedIn::Wrong), "{audience:?}");
    }
    assert_eq!(here.refusals(), 2);
}

// B24: as a telephone's keyboard writes a name, and as a password is copied.
#[test]
fn a_name_in_capitals_and_spaces_around_sign_in() {
    let here = Site::new();
    let password = Password::typed(&format!(" {} ", here.password.expose())).expect("a password");
    let name = format!(" {} ", ACCOUNT.to_uppercase());
    let attempt = SignInAttempt { audience: Audience::Post, name, password, device: None };
    let console = &here.state.console;
    let answer = console.authentication.sign_in(&console.resources, &attempt).expect("asked");
    assert!(matches!(answer, SignedIn::In { .. }));
}

#[actix_web::test]
async fn without_a_session_there_is_only_the_way_to_sign_in() {
    let here = Site::new();
    for audience in Audience::ALL {
        let site = site!(here, audience);
        for row in table(audience).into_iter().filter(|row| row.who != RouteAccess::Anyone) {
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
}

#[actix_web::test]
async fn a_form_without_this_sessions_token_changes_nothing() {
    let here = Site::new();
    for (audience, role) in
        [(Audience::Post, Role::Officer), (Audience::Cases, Role::CaseUnit), (Audience::Finance, Role::Finance)]
    {
        let site = site!(here, audience);
        let (visitor, other) = (here.sign_in(audience, &[role], false), here.sign_in(audience, &[role], false));
        for csrf in ["", &other.csrf, &visitor.csrf[..63]] {
            for row in
                table(audience).into_iter().filter(|row| row.method == Method::POST && row.who != RouteAccess::Anyone)
            {
                let allowed = row.who == RouteAccess::SignedIn || row.who == RouteAccess::Has(role);
                let sent = request(&row.method, &filled(row.path))
                    .insert_header(visitor.cookie())
                    .set_payload(format!("csrf={csrf}"));
                let status = call_service(&site, sent.to_request()).await.status();
                let expected = if allowed { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
                assert_eq!(status, expected, "{audience:?} {}", row.path);
            }
        }
        assert!(here.is_signed_in(&visitor), "a forged lock does not lock");
    }
}

#[actix_web::test]
async fn before_the_first_password_is_changed_there_is_nothing_else() {
    let here = Site::new();
    for audience in Audience::ALL {
        let site = site!(here, audience);
        for role in Role::ALL.iter().filter(|role| audience.admits(&[**role])) {
            let visitor = here.sign_in(audience, &[*role], true);
            let own = table(audience).into_iter();
            for row in own.filter(|row| row.method == Method::GET && row.who == RouteAccess::Has(*role)) {
                let sent = request(&row.method, &filled(row.path)).insert_header(visitor.cookie());
                let answer = call_service(&site, sent.to_request()).await;
                assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", row.path);
                assert_eq!(answer.headers().get("location").expect("a way on"), "/en/password");
            }
        }
    }
}

#[actix_web::test]
async fn other_names_and_other_sites_are_refused() {
    let here = Site::new();
    let site = site!(here, Audience::Post);
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

/// Pages that need no recorder, in both languages.
#[actix_web::test]
async fn pages_as_they_are() {
    let here = Site::new();
    let site = site!(here, Audience::Post);
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
    ];
    for (role, page) in pages {
        let visitor = role.map(|role| here.sign_in(Audience::Post, &[role], false));
        for language in ["zh", "en"] {
            let mut sent = request(&Method::GET, &format!("/{language}/{page}"));
            if let Some(visitor) = &visitor {
                sent = sent.insert_header(visitor.cookie());
            }
            let answer = call_service(&site, sent.to_request()).await;
            let body = actix_web::test::read_body(answer).await;
            let mut text = String::from_utf8(body.to_vec()).expect("UTF-8").replace("><", ">\n<");
            if let Some(visitor) = &visitor {
                text = text.replace(&visitor.csrf, "TOKEN");
                // The watermark has the time of the page.
                let marked = text.find("<div class=\"watermark\"").unwrap_or(text.len());
                assert!(text[marked..].contains("<span>somebody 20"), "{page} has no watermark");
                text.truncate(marked);
            }
            // A form's number and an account's key differ each time.
            let text = masked(&masked(&text, "name=\"once\" value=\"", '"'), "<p class=\"key\">", '<');
            for forbidden in ["<script", " style=", " onclick=", "https://", "No localization"] {
                assert!(!text.contains(forbidden), "{page} contains {forbidden}");
            }
            let name = page.replace(['/', '?', '='], "-");
            insta::assert_snapshot!(format!("{language}-{name}"), text);
        }
    }
}

/// The text with MASKED in place of the text between `before` and `after`.
fn masked(text: &str, before: &str, after: char) -> String {
    let Some((start, rest)) = text.split_once(before) else { return text.to_owned() };
    let rest = rest.find(after).map_or("", |end| &rest[end..]);
    format!("{start}{before}MASKED{rest}")
}

#[test]
fn both_languages_have_every_sentence() {
    let differences = web::language::differences(
        include_str!("../../locales/zh/reviewer-console.ftl"),
        include_str!("../../locales/en/reviewer-console.ftl"),
    );
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Every text area has the name of a field that is carried over when a session ends, except for the claim note.
#[test]
fn what_is_written_into_a_text_area_is_kept() {
    let mut pages = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/pages"))];
    let mut found = 0;
    while let Some(path) = pages.pop() {
        if path.is_dir() {
            pages.extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        for area in text.split("textarea ").skip(1) {
            found += 1;
            // A claim note typed at finance's desk is worth money, so it must not be carried over.
            let is_note = area.starts_with("#note name=\"shown\"");
            assert!(area.contains("name=(TextField::") || is_note, "{}", path.display());
        }
    }
    assert_eq!(found, 2, "the others are made by fields::text");
}
