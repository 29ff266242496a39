//! An installation in a temporary folder: a register, keys from the root down, a portal that is no more than the key of
//! its bundles, and a recorder that answers on a thread of this process. No program is started, and HTTP is not used.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bundle::{BundleFolder, BundleHead, BundleWriter, Inward, InwardRecord};
use casework::cases::{Assignment, CaseEntry, Decision, FactSheet};
use casework::reports::HandlingStep;
use console_services::accounts::Password;
use console_services::accounts::audience::Audience;
use console_services::accounts::authentication::{SignInAttempt, SignedIn, sign_in_for_command};
use console_services::accounts::sessions::Session;
use console_services::actor::Actor;
use console_services::audit::log::{LogFilter, read_log};
use console_services::cases::cross_sheet::{CrossingOutcome, SheetCrossing, SheetReport, cross_sheet};
use console_services::cases::enter_case::{CaseEntryOutcome, NewCaseEntry, enter_case};
use console_services::config::ConsoleConfig;
use console_services::console::Console;
use console_services::data_folder::DataFolder;
use console_services::keys::{root, statement::sign_statement};
use console_services::reports::open_report::open_report;
use console_services::reports::take_step::{StepRequest, StepTaken, take_step};
use console_services::rewards::approve::{Approval, DecisionOutcome, approve};
use console_services::rewards::proposal_basis::read_basis;
use console_services::rewards::propose::{ProposalRequest, Proposed, propose};
use console_services::rewards::report_claim::read_report_claim;
use crypto::keys::note_text::PortalKey;
use crypto::keys::statement::{KeyStatement, VerifiedStatement};
use crypto::letters::letter::{Body, Letter, Report};
use crypto::letters::mailbox::LetterId;
use crypto::letters::receipt::ReceiptCode;
use crypto::letters::visit::Visit;
use model::{Day, Fen, LetterDigest, Purpose, Role};
use opening::NoteSigningKey;
use opening::reporter::Reporter;
use program::Clock;
use recorder::Recorder;
use register::Register;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The case unit of the account qian.
const UNIT: &str = "执法大队";

const PEOPLE: [&str; 8] = [
    "zhou=officer",
    "wu=officer",
    "gu=custodian",
    "he=approver",
    "qian=case-unit@执法大队",
    "fang=finance",
    "shen=auditor",
    "lin=administrator",
];

/// The installation that all tests of a file share, since making one takes seconds. Each test uses reports of its own.
pub(crate) static HERE: LazyLock<Installation> = LazyLock::new(Installation::new);

/// An installation with an open console.
pub(crate) struct Installation {
    pub(crate) console: Console,
    pub(crate) folder: TempDir,
    passwords: BTreeMap<String, Password>,
    actors: Mutex<BTreeMap<String, Actor>>,
    pub(crate) register: Register,
    /// The last bundle of the portal; none before the first.
    sent: Mutex<Option<BundleHead<Inward>>>,
    keys: VerifiedStatement,
    runtime: Runtime,
    exchanging: Mutex<()>,
}

/// A report with this text.
pub(crate) fn report(what: &str) -> Report {
    Report { category: "covert-discharge".to_owned(), what: what.to_owned(), ..Report::default() }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn portal_key() -> NoteSigningKey<PortalKey> {
    NoteSigningKey::from_seed("demo.test/portal", &[9; 32]).expect("a key")
}

fn random<const N: usize>() -> [u8; N] {
    random::bytes().expect("random bytes")
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let recorder_public = recorder::setup::init(&at("recorder"), "demo.test", &[]).expect("a recorder");
        fs::write(at("recorder.public"), &recorder_public).expect("written");
        logbook::migrate(&at("recorder").join(recorder::setup::LOG)).expect("migrated");
        let console = DataFolder::at(&at("console"));
        let made = console.init("demo.test", &PEOPLE.map(str::to_owned), true).expect("a console");
        let accounts = fs::read_to_string(console.accounts_public()).expect("accounts");
        recorder::setup::enroll(&at("recorder"), &accounts).expect("enrolled");
        let root_key = root::init(&at("root"), "demo.test").expect("a root");
        let root_key = root_key.trim().strip_prefix("root ").expect("a key").to_owned();
        let public = [console.post_public(), at("recorder.public")];
        let today = Clock::System.today();
        let year = root::sign_keys(&at("root"), &public, today).expect("signed");
        fs::write(at("console/keys.note"), &year).expect("written");
        let answering = Recorder::open(&at("recorder"), &at("recorder").join(recorder::setup::LOG)).expect("a log");
        recorder::serve::serve_in_background(answering, &at("recorder.sock")).expect("answering");
        fs::create_dir(at("exchange")).expect("a folder");
        let sample = include_str!("../../../console.sample.toml")
            .replace("tiantai.example/root+…", &root_key)
            .replace("tiantai.example/portal+…", &portal_key().public().to_string())
            .replace("../run/recorder.sock", "../recorder.sock");
        let (settings, rest) = sample.split_once("[witness]").expect("a witness");
        let (_, rest) = rest.split_once("[sessions]").expect("sessions");
        fs::write(at("console/console.toml"), format!("{settings}[sessions]{rest}")).expect("written");
        let opened = Console::open(&ConsoleConfig::read(&at("console")).expect("understood")).expect("open");
        let passwords: BTreeMap<String, Password> = made.into_iter().map(|one| (one.name, one.password)).collect();
        let zhou = sign_in(&opened, &passwords, "zhou", Role::Officer);
        let bundle = sign_statement(&zhou, &year, &recorder_public).expect("signed");
        let bundle = recorder::setup::cosign(&at("recorder"), &bundle).expect("signed by the recorder too");
        let bundle: KeyStatement = serde_json::from_str(&bundle).expect("a bundle");
        let root_key = crypto::keys::note_key::NoteKey::parse(&root_key).expect("a key");
        let keys = bundle.verify(&root_key, today, None).expect("verified");
        Self {
            console: opened,
            passwords,
            actors: Mutex::new(BTreeMap::from([("zhou".to_owned(), zhou)])),
            register: Register::open(&at("console/register.sqlite")).expect("a register"),
            sent: Mutex::default(),
            keys,
            runtime: Runtime::new().expect("a runtime"),
            exchanging: Mutex::default(),
            folder,
        }
    }

    /// Signs in an account once, acting in a role; later calls return the same actor.
    pub(crate) fn actor(&self, name: &str, role: Role) -> Actor {
        let mut actors = self.actors.lock().unwrap_or_else(PoisonError::into_inner);
        let signed_in = || sign_in(&self.console, &self.passwords, name, role);
        actors.entry(name.to_owned()).or_insert_with(signed_in).clone()
    }

    /// An officer who holds the post's keys.
    pub(crate) fn officer(&self, name: &str) -> Actor {
        self.actor(name, Role::Officer)
    }

    /// Signs in again, for a session that has opened nothing.
    pub(crate) fn new_session(&self, name: &str, role: Role) -> Actor {
        sign_in(&self.console, &self.passwords, name, role)
    }

    /// Signs in for one command.
    pub(crate) fn by_command(&self, name: &str) -> Arc<Session> {
        let password = Password::typed(self.passwords[name].expose()).expect("a password");
        sign_in_for_command(&self.console.resources, name, &password).expect("signed in")
    }

    /// Runs the exchange with an officer's keys.
    pub(crate) fn exchange(&self) {
        let _turn = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let session = Arc::clone(&self.officer("zhou").session);
        let done = self.runtime.block_on(self.console.exchange.run(Some(session))).expect("an exchange");
        assert_eq!(done.problem, None);
    }

    /// Delivers a reporter's letter with a bundle and takes it in; returns its digest.
    pub(crate) fn send(&self, reporter: &Reporter, letter: &Letter) -> LetterDigest {
        let today = Clock::System.today();
        let sealed = reporter.visit(letter, &self.keys, today).expect("a visit");
        let visit = Visit::parse(&sealed.request).expect("a visit");
        let letter = InwardRecord::Letter { mailbox: reporter.mailbox(), received_on: today };
        {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            let mut writer =
                BundleWriter::begin(&BundleFolder::at(&self.folder.path().join("exchange"))).expect("begun");
            assert!(writer.add(&letter, visit.letter).expect("added"));
            let head = match &*sent {
                Some(last) => {
                    BundleHead { number: last.number + 1, previous: Some(last.name().digest), ..last.clone() }
                }
                None => BundleHead::first([1; 8].into(), today),
            };
            let finished = writer.finish(head, &portal_key(), None).expect("finished");
            *sent = Some(finished.publish().expect("published"));
        }
        self.exchange();
        sealed.digest
    }

    /// Makes a reporter's letter, which is not sent yet.
    pub(crate) fn letter(&self, reporter: &Reporter, body: Body) -> Letter {
        reporter.letter(LetterId::from(random()), body, &self.keys).expect("a letter")
    }

    /// The custodian's public key, to which identity envelopes are sealed.
    pub(crate) fn custodian(&self) -> &crypto::sealing::recipient::HybridRecipient {
        &self.keys.keys.custodian
    }

    /// Delivers the report of a new reporter and collects it; returns the reporter and the report's number.
    pub(crate) fn reported(&self, report: Report) -> (Reporter, u64) {
        let reporter = Reporter::new(ReceiptCode::from_random(random()));
        let letter = self.letter(&reporter, Body::Report(Box::new(report)));
        self.send(&reporter, &letter);
        let found = self.register.report_of(&reporter.mailbox()).expect("a register");
        let number = found.expect("a report").number;
        (reporter, number)
    }

    /// Number of log entries of an action by an account. Reading the log adds an entry too.
    pub(crate) fn logged_of(&self, action: &str, account: &str) -> usize {
        let (action, account) = (Some(action.to_owned()), Some(account.to_owned()));
        let filter = LogFilter { action, account, ..LogFilter::default() };
        read_log(&self.actor("shen", Role::Auditor), filter).expect("read").0.entries.len()
    }

    /// Number of log entries of an action about a report. Reading the log adds an entry too.
    pub(crate) fn logged(&self, action: &str, report: u64) -> usize {
        let filter = LogFilter { action: Some(action.to_owned()), report: Some(report), ..LogFilter::default() };
        read_log(&self.actor("shen", Role::Auditor), filter).expect("read").0.entries.len()
    }
}

/// Preparations that several tests share.
impl Installation {
    /// Brings a report to a case with a penalty decision of 1,234,567.89 yuan; returns the case's number.
    pub(crate) fn decided(&self, officer: &Actor, report: u64) -> u64 {
        checked(officer, report);
        let crossed = cross_sheet(officer, crossing(report, 1, true)).expect("asked");
        let CrossingOutcome::Opened(cases) = crossed else { panic!("{crossed:?}") };
        let [case] = cases[..] else { panic!("{cases:?}") };
        let assigned = CaseEntry::Assigned(Assignment {
            unit: UNIT.to_owned(),
            responsible: "Qian".to_owned(),
            measures: "Remove the pipe.".to_owned(),
            deadline: day("2099-12-31"),
            standard: "Nothing flows.".to_owned(),
        });
        let decided = CaseEntry::Decided(Decision {
            document: format!("台环罚〔2026〕{case} 号"),
            party: "Dongxi Dyeing".to_owned(),
            fine: Fen(123_456_789),
            decided_on: day("2022-01-30"),
        });
        let unit = self.actor("qian", Role::CaseUnit);
        for (expected_version, who, what) in [(1, officer, assigned), (2, &unit, decided)] {
            let entry = NewCaseEntry { case, expected_version, what, files: Vec::new() };
            assert_eq!(enter_case(who, entry).expect("asked"), CaseEntryOutcome::Kept);
        }
        case
    }

    /// Approves a claim, and runs an exchange that offers its award to the reporter.
    pub(crate) fn approved(&self, claim: u64) {
        let approval = Approval { claim, expected_version: 1, document: String::new(), consent: None };
        let kept = approve(&self.actor("he", Role::Approver), approval).expect("asked");
        assert_eq!(kept, DecisionOutcome::Kept);
        self.exchange();
    }
}

/// Opens a report and sends it for verification.
pub(crate) fn checked(officer: &Actor, report: u64) {
    open_report(officer, report, Purpose::Verify).expect("opened");
    let step = HandlingStep::Verify { note: "by Wu".to_owned(), filed: None };
    let request = StepRequest { report, expected_version: 0, step };
    assert_eq!(take_step(officer, request).expect("asked"), StepTaken::Kept);
}

/// Request to let an urgent fact sheet cross.
pub(crate) fn crossing(report: u64, expected_version: u64, looked: bool) -> SheetCrossing {
    let sheet = FactSheet {
        category: "covert-discharge".to_owned(),
        party: "Dongxi Dyeing".to_owned(),
        address: format!("by the bridge, number {report}"),
        town: "平桥镇".to_owned(),
        found: "A pipe behind the west wall.".to_owned(),
        found_on: day("2022-01-30"),
    };
    SheetCrossing { report: Some(SheetReport { number: report, expected_version, looked }), sheet, urgent: true }
}

/// Proposes the reward that the rules give; returns the claim's number.
pub(crate) fn proposed(officer: &Actor, report: u64) -> u64 {
    let Ok(Ok(basis)) = read_basis(officer, report) else { panic!("no basis") };
    let request = ProposalRequest {
        report,
        expected_version: basis.handling.handled.version(),
        expected_claim_version: 0,
        expected_decisions: basis.decisions(),
        special: None,
        grounds: String::new(),
        excluded: None,
        add_ons: Vec::new(),
    };
    assert!(matches!(propose(officer, request), Ok(Proposed::Kept)));
    read_report_claim(officer, report).expect("a claim").claim.number
}

fn sign_in(console: &Console, passwords: &BTreeMap<String, Password>, name: &str, role: Role) -> Actor {
    let password = Password::typed(passwords[name].expose()).expect("a password");
    let attempt = SignInAttempt { audience: Audience::of(role), name: name.to_owned(), password, device: None };
    match console.authentication.sign_in(&console.resources, &attempt).expect("asked") {
        SignedIn::In { session, .. } => Actor::new(Arc::clone(&console.resources), session, role),
        _ => panic!("{name} is not signed in"),
    }
}
