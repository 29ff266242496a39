//! What people enter on the way from report 1 to its reward.

use crypto::letters::letter::Body;
use crypto::slots::slot::{PostSlot, Slot};
use opening::reporter::Reporter;

use crate::console_client::{ConsoleClient, text};
use crate::html;
use crate::installation::{Database, Installation, PEOPLE, UNIT};
use crate::program::Running;
use crate::reporters::{report, reporter, visit};
use crate::requests::{Answer, agent, send};

/// A day that has come.
const DAY: &str = "2022-01-30";
/// A fact sheet as it is typed.
pub const SHEET: &[(&str, &str)] = &[
    ("category", "covert-discharge"),
    ("party", "Dongxi Dyeing"),
    ("address", "by the bridge"),
    ("town", "平桥镇"),
    ("found", "A pipe behind the west wall."),
    ("found-on", DAY),
    // Else it would wait for the next case day.
    ("urgent", "yes"),
    ("looked", "yes"),
];
/// An assignment.
pub const ASSIGNMENT: &[(&str, &str)] = &[
    ("kind", "assigned"),
    ("unit", UNIT),
    ("responsible", "Qian"),
    ("measures", "Remove the pipe."),
    ("deadline", "2099-12-31"),
    ("standard", "Nothing flows."),
];
/// A penalty decision.
pub const DECISION: &[(&str, &str)] = &[
    ("kind", "decided"),
    ("document", "台环罚〔2026〕17 号"),
    ("decided-party", "Dongxi Dyeing"),
    ("fine", "1,234,567.89"),
    ("decided-on", DAY),
];

/// Opens the case of report 1.
pub fn open_case(zhou: &mut ConsoleClient) {
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "verify")]));
    // Attachments are listed before a fact sheet is held against them.
    if let Some(letter) = html::values(&opened, "letter").first() {
        let listed = zhou.post("/en/reports/1/enclosure", &[("letter", letter), ("purpose", "verify")]);
        assert_eq!(listed.status, 200, "{}", text(&listed));
    }
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "by Wu")]));
    let crossed = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("expected-version", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
}

/// Opens and assigns it, and enters its penalty decision.
pub fn decided_case(zhou: &mut ConsoleClient, qian: &mut ConsoleClient) {
    open_case(zhou);
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
}

/// It was done: on to the page that shows it.
pub fn done(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", text(answer));
}

/// The decision of [`DECISION`] as the page of a proposal shows it.
pub const DECIDED: &str = "台环罚〔2026〕17 号 1,234,567.89";

/// A proposal as the page of report 1 sends it, with the decisions as they were shown and what else is typed.
#[must_use]
pub fn proposal<'a>(decisions: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = [("expected-version", "3"), ("claim-seen", "0"), ("decisions", decisions)];
    [&shown, more].concat()
}

/// An installation at scenario, with one report collected.
pub struct Scenario {
    /// The installation.
    pub installation: Installation,
    /// Its portal.
    pub portal: Running,
    /// Its recorder.
    pub recorder: Running,
    /// Its console.
    pub console: Running,
    /// The address of the case units' door.
    pub cases: String,
    /// The address of finance's door.
    pub finance: String,
    /// Who reported.
    pub one: Reporter,
}

impl Scenario {
    /// With the people of every installation.
    #[must_use]
    pub fn begin() -> Self {
        Self::with(Installation::with_people(Database::Sqlite, PEOPLE, true))
    }

    /// In an installation of one's own.
    #[must_use]
    pub fn with(installation: Installation) -> Self {
        installation.publish(&installation.signed_statement()).expect("published");
        let (portal, recorder) = (installation.portal(), installation.recorder());
        let one = reporter();
        let sealed = visit(&one, report("暗管在西墙"), &installation.keys());
        let url = format!("{}/api/visits", portal.address);
        assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
        installation.exchange(Some("zhou")).expect("exchanged");
        let mut console = installation.console();
        let (cases, finance) = (console.next_address(), console.next_address());
        Self { installation, portal, recorder, console, cases, finance, one }
    }

    /// Somebody of the installation at their door, signed in.
    #[must_use]
    pub fn desk(&self, account: &str) -> ConsoleClient {
        let door = match account {
            "qian" => &self.cases,
            "fang" | "gao" => &self.finance,
            _ => &self.console.address,
        };
        ConsoleClient::signed_in(&self.installation, door, account)
    }

    /// The reporter's mailbox after an exchange.
    #[must_use]
    pub fn slot(&self) -> PostSlot {
        self.installation.exchange(Some("zhou")).expect("exchanged");
        self.look()
    }

    /// The reporter's mailbox as it is.
    #[must_use]
    pub fn look(&self) -> PostSlot {
        let looking = visit(&self.one, Body::Cover {}, &self.installation.keys());
        let url = format!("{}/api/visits", self.portal.address);
        let sealed = send(&agent(), "POST", &url, &looking.request).expect("answered").body;
        match self.one.read_slot(&sealed, &self.installation.keys()).expect("a slot") {
            Slot::Post(slot) => slot,
            Slot::First { .. } => panic!("still the first slot"),
        }
    }
}

/// It was refused with this status and this code of a problem.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, code: &str) {
    let page = text(answer);
    let found = html::problem(&page);
    assert!(
        answer.status == status && found.as_deref() == Some(code),
        "{} {found:?}, not {code}: {page}",
        answer.status
    );
}

/// Fields with one of them changed.
#[must_use]
pub fn with<'a>(fields: &[(&'a str, &'a str)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(field, was)| (*field, if *field == name { value } else { *was })).collect()
}
