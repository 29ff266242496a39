//! Form entries on the way from report 1 to its reward.

use crypto::letters::letter::Body;
use crypto::letters::receipt::ReceiptCode;
use crypto::slots::slot::{PostSlot, Slot};
use opening::reporter::Reporter;

use crate::console_client::{ConsoleClient, text};
use crate::html;
use crate::installation::{Database, Installation, UNIT};
use crate::program::Running;
use crate::reporters::{report, reporter, visit};
use crate::requests::{Answer, agent, send};
use crate::template::Template;

/// A day in the past.
const DAY: &str = "2022-01-30";
/// Form fields of a fact sheet.
pub const SHEET: &[(&str, &str)] = &[
    ("category", "covert-discharge"),
    ("party", "Dongxi Dyeing"),
    ("address", "by the bridge"),
    ("town", "平桥镇"),
    ("found", "A pipe behind the west wall."),
    ("found-on", DAY),
    // Otherwise it would wait for the next case day.
    ("urgent", "yes"),
    ("looked", "yes"),
];
/// Form fields of an assignment.
pub const ASSIGNMENT: &[(&str, &str)] = &[
    ("kind", "assigned"),
    ("unit", UNIT),
    ("responsible", "Qian"),
    ("measures", "Remove the pipe."),
    ("deadline", "2099-12-31"),
    ("standard", "Nothing flows."),
];
/// Form fields of a penalty decision.
pub const DECISION: &[(&str, &str)] = &[
    ("kind", "decided"),
    ("document", "台环罚〔2026〕17 号"),
    ("decided-party", "Dongxi Dyeing"),
    ("fine", "1,234,567.89"),
    ("decided-on", DAY),
];

/// Form fields of a report that came by telephone and is entered by hand.
pub const CALL: &[(&str, &str)] = &[
    ("origin", "phone"),
    ("category", "covert-discharge"),
    ("what", "夜里从后墙放黑水"),
    ("party", "东溪印染"),
    ("address", "平桥镇溪边路 12 号"),
    ("town", "平桥镇"),
    ("when", ""),
    ("ongoing", "yes"),
    ("knowledge", ""),
    ("evidence", ""),
    ("reporter", "public"),
    ("danger", ""),
    ("reward", "yes"),
];

/// Opens report 1, sends it for verification, and opens its case by an urgent fact sheet.
pub fn open_case(zhou: &mut ConsoleClient) {
    let opened = text(&zhou.post("/en/reports/1/open", &[("purpose", "verify")]));
    // Attachments must be listed before a fact sheet is compared with them.
    if let Some(letter) = html::values(&opened, "letter").first() {
        let listed = zhou.post("/en/reports/1/enclosure", &[("letter", letter), ("purpose", "verify")]);
        assert_eq!(listed.status, 200, "{}", text(&listed));
    }
    done(&zhou.post("/en/reports/1/handling", &[("expected-version", "0"), ("step", "verify"), ("note", "by Wu")]));
    let crossed = zhou.post("/en/reports/1/fact-sheet/cross", &[&[("expected-version", "1")], SHEET].concat());
    assert!(text(&crossed).contains("cases/1"), "{}", text(&crossed));
}

/// Opens and assigns the case of report 1, and enters its penalty decision.
pub fn decided_case(zhou: &mut ConsoleClient, qian: &mut ConsoleClient) {
    open_case(zhou);
    done(&zhou.post("/en/cases/1", &[&[("expected-version", "1")], ASSIGNMENT].concat()));
    done(&qian.post("/en/cases/1", &[&[("expected-version", "2")], DECISION].concat()));
}

/// Asserts that a form was accepted, which redirects to the page with the result.
pub fn done(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", text(answer));
}

/// The decision of [`DECISION`] as the page of a proposal shows it.
pub const DECIDED: &str = "台环罚〔2026〕17 号 1,234,567.89";

/// Form fields of a proposal for report 1, with the decisions as the page showed them and further fields.
#[must_use]
pub fn proposal<'a>(decisions: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let shown = [("expected-version", "3"), ("expected-claim-version", "0"), ("decisions", decisions)];
    [&shown, more].concat()
}

/// The installation of [`Scenario::begin`], with its first report collected.
static REPORTED: Template = Template::new();
/// Bytes of the receipt code of its reporter.
const FIRST: [u8; 16] = [0x51; 16];

/// Sends a reporter's report and collects it.
fn collect_report(installation: &Installation, one: &Reporter) {
    let (portal, _recorder) = (installation.portal(), installation.recorder());
    let sealed = visit(one, report("暗管在西墙"), &installation.keys());
    let url = format!("{}/api/visits", portal.address);
    assert_eq!(send(&agent(), "POST", &url, &sealed.request).expect("answered").status, 200);
    installation.exchange(Some("zhou")).expect("exchanged");
}

/// A running installation, with one report collected.
pub struct Scenario {
    /// Folder, keys and accounts of the installation.
    pub installation: Installation,
    /// The running portal of the installation.
    pub portal: Running,
    /// The running recorder of the installation.
    pub recorder: Running,
    /// The running console of the installation.
    pub console: Running,
    /// The address of the case units' listener.
    pub cases: String,
    /// The address of finance's listener.
    pub finance: String,
    /// The reporter of report 1.
    pub one: Reporter,
}

impl Scenario {
    /// Starts an installation with the accounts of [`PEOPLE`](crate::installation::PEOPLE). All scenarios begun like
    /// this have the same keys and the same first report.
    #[must_use]
    pub fn begin() -> Self {
        let one = || Reporter::new(ReceiptCode::from_random(FIRST));
        let reported = REPORTED.get(|| {
            let installation = Installation::new(Database::Sqlite);
            collect_report(&installation, &one());
            installation
        });
        Self::start(reported.copied_whole(), one())
    }

    /// Starts an installation that has no statement yet, publishes one, and collects its first report.
    #[must_use]
    pub fn with(installation: Installation) -> Self {
        installation.publish(&installation.signed_statement()).expect("published");
        let one = reporter();
        collect_report(&installation, &one);
        Self::start(installation, one)
    }

    fn start(installation: Installation, one: Reporter) -> Self {
        let (portal, recorder, mut console) = (installation.portal(), installation.recorder(), installation.console());
        let (cases, finance) = (console.next_address(), console.next_address());
        Self { installation, portal, recorder, console, cases, finance, one }
    }

    /// A client at the listener of an account, signed in.
    #[must_use]
    pub fn client(&self, account: &str) -> ConsoleClient {
        let door = match account {
            "qian" => &self.cases,
            "fang" | "gao" => &self.finance,
            _ => &self.console.address,
        };
        ConsoleClient::signed_in(&self.installation, door, account)
    }

    /// The reporter's slot after an exchange.
    #[must_use]
    pub fn slot(&self) -> PostSlot {
        self.installation.exchange(Some("zhou")).expect("exchanged");
        self.look()
    }

    /// The reporter's slot as it is now.
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

/// Asserts that a request was refused with this status and this code of a problem.
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

/// Form fields with the value of one of them changed.
#[must_use]
pub fn with<'a>(fields: &[(&'a str, &'a str)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(field, was)| (*field, if *field == name { value } else { *was })).collect()
}
