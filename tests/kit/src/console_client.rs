//! A client of the console without a browser: cookies and form tokens are handled here.

use ureq::Agent;

use crate::html;
use crate::installation::Installation;
use crate::program::run;
use crate::requests::{Answer, agent, send_with};

/// A client of the console, signed in or not.
pub struct ConsoleClient {
    agent: Agent,
    console: String,
    cookies: Vec<(String, String)>,
    /// Arguments with which the portal passes bundles; none if the client knows no installation.
    pass: Option<Vec<String>>,
}

impl ConsoleClient {
    /// A client of an address of the console, not signed in.
    #[must_use]
    pub fn at(console: &str) -> Self {
        Self { agent: agent(), console: console.to_owned(), cookies: Vec::new(), pass: None }
    }

    /// A client that is signed in to an account of the installation.
    #[must_use]
    pub fn signed_in(installation: &Installation, console: &str, account: &str) -> Self {
        let mut client = Self { pass: Some(installation.pass_arguments()), ..Self::at(console) };
        let answer = client.sign_in(account, installation.password(account));
        assert_eq!(answer.status, 303, "{}", text(&answer));
        client
    }

    /// Sends the sign-in form and returns the answer.
    pub fn sign_in(&mut self, account: &str, password: &str) -> Answer {
        self.send("POST", "/en/sign-in", &[("account", account), ("password", password)])
    }

    /// Loads a page with its cookies.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[])
    }

    /// Sends a form with the token of this session.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.send("POST", path, &all)
    }

    /// Sends a form with files, each a name and its content, in the field `field`.
    pub fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (field, files): (&str, &[(&str, &[u8])]),
    ) -> Answer {
        let (token, boundary) = (self.token(), "----end-of-part");
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, content) in files {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(&[head.as_bytes(), content, b"\r\n"].concat());
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.send_body("POST", path, &format!("multipart/form-data; boundary={boundary}"), &body)
    }

    /// HTML of the log entries that a filter finds, without the form of the page, which names every action.
    pub fn log(&mut self, filter: &str) -> String {
        html::inside(&text(&self.get(&format!("/en/log?{filter}"))), "tbody")
    }

    /// Runs an exchange from its page and waits for its end, at most 30 seconds; the portal passes bundles before and after
    /// it.
    pub fn exchange(&mut self) {
        self.pass();
        self.exchange_only();
        self.pass();
    }

    fn pass(&self) {
        let arguments: Vec<&str> = self.pass.iter().flatten().map(String::as_str).collect();
        run("portal", &arguments).expect("bundles are passed");
    }

    fn exchange_only(&mut self) {
        let begun = self.post("/en/exchange", &[]);
        assert!(begun.status < 400, "{}", text(&begun));
        for _ in 0..300 {
            if html::has(&text(&self.get("/en/exchange")), "#run") {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the exchange did not end");
    }

    /// The bytes of a request that sends a form with the token of this session, for a test that reads the answer itself.
    pub fn raw_post(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let token = self.token();
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.append_pair("csrf", &token).extend_pairs(fields).finish();
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let host = self.console.trim_start_matches("http://");
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        )
    }

    /// Sends a form without adding a token. A GET sends no fields.
    pub fn send(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = if method == "GET" { &b""[..] } else { body.as_bytes() };
        self.send_body(method, path, "application/x-www-form-urlencoded", body)
    }

    fn send_body(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [("cookie", cookies.as_str()), ("content-type", kind)];
        let url = format!("{}{path}", self.console);
        let answer = send_with(&self.agent, method, &url, &headers, body).expect("answered");
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    /// The token that this session's forms carry.
    pub fn token(&mut self) -> String {
        let page = text(&self.get("/en/password"));
        html::values(&page, "csrf").into_iter().next().unwrap_or_default()
    }

    /// Value of a cookie; none if the server has not set it.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Forgets all cookies, like a new browser.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }
}

/// The body of an answer as text; invalid UTF-8 is replaced.
#[must_use]
pub fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}
