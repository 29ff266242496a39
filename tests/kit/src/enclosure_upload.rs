//! Sending an enclosure to the portal, as a browser does.

use crate::reporters::SealedEnclosure;
use crate::requests::{Answer, agent, send_with};

impl SealedEnclosure {
    /// Sends a request about this enclosure, with the token that permits it. `path` is what follows `/api/enclosure`.
    #[must_use]
    pub fn request(&self, portal: &str, method: &str, path: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let url = format!("{portal}/api/enclosure{path}");
        send_with(&agent(), method, &url, &[("authorization", &bearer)], body).expect("answered")
    }

    /// Begins an attempt, and returns its number.
    #[must_use]
    pub fn begin(&self, portal: &str) -> u64 {
        let begun = self.request(portal, "POST", "", format!(r#"{{"size":{}}}"#, self.size).as_bytes());
        assert_eq!(begun.status, 200, "{}", begun.code());
        begun.json()["attempt"].as_u64().expect("a number")
    }

    /// Sends one part of an attempt.
    #[must_use]
    pub fn put(&self, portal: &str, attempt: u64, number: usize) -> Answer {
        self.request(portal, "PUT", &format!("/{attempt}/parts/{number}"), &self.parts[number])
    }

    /// Sends the whole enclosure.
    pub fn send(&self, portal: &str) {
        let attempt = self.begin(portal);
        for number in 0..self.parts.len() {
            let sent = self.put(portal, attempt, number);
            assert_eq!(sent.status, 200, "{}", sent.code());
        }
    }
}
