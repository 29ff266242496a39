//! A plain HTTP client for the portal and the console.

use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

use crate::recorded_pages;

/// An answer: status, headers, body.
pub struct Answer {
    /// HTTP status code of the answer.
    pub status: u16,
    /// Headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as received, at most 64 MiB.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The stable error code in the body; empty without one.
    #[must_use]
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Value of a header, whose name is given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// An HTTP client that reuses its connections. Redirects and error statuses are answers like others.
#[must_use]
pub fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

/// Sends a request with any method; what it posts is bytes without further meaning. An error is a broken connection.
pub fn send(agent: &Agent, method: &str, url: &str, body: &[u8]) -> Result<Answer, String> {
    let bytes = [("content-type", "application/octet-stream")];
    send_with(agent, method, url, if method == "POST" { &bytes } else { &[] }, body)
}

/// Sends a request with headers of one's own. Stores the page if the answer is HTML.
pub fn send_with(
    agent: &Agent,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, String> {
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.to_vec());
    let response: Response<ureq::Body> =
        agent.run(request.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = response.into_body().with_config().limit(64 * 1024 * 1024).read_to_vec();
    let answer = Answer { status, headers, body: body.map_err(|error| error.to_string())? };
    if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        recorded_pages::keep(method, url, &String::from_utf8_lossy(&answer.body));
    }
    Ok(answer)
}
