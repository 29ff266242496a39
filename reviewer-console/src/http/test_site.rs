//! A site for tests, with a console whose recorder is not running.

use std::{fs, thread};

use actix_web::web::Data;
use console_services::accounts::Password;
use console_services::accounts::audience::Audience;
use console_services::accounts::authentication::{SignInAttempt, SignedIn};
use console_services::config::ConsoleConfig;
use console_services::data_folder::DataFolder;
use console_services::keys::root;
use model::Role;
use register::{Account, Register};
use tempfile::TempDir;

use crate::http::app_state::AppState;
use crate::http::request::session_cookie;
use crate::http::routes::may_send;

/// Name of the one account of the site.
pub(super) const ACCOUNT: &str = "somebody";

/// A console whose recorder is not running: notices for it are queued in the register.
pub(super) struct Site {
    pub(super) state: Data<AppState>,
    pub(super) register: Register,
    pub(super) password: Password,
    _folder: TempDir,
}

/// Runs work on another thread: writing to a register blocks, which the thread of a test's runtime must not.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(work).join().expect("done"))
}

impl Site {
    pub(super) fn new() -> Self {
        apart(Self::make)
    }

    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let console = DataFolder::at(folder.path());
        let accounts = [format!("{ACCOUNT}=officer"), "shen=auditor".to_owned(), "lin=administrator".to_owned()];
        let mut made = console.init("demo.test", &accounts, true).expect("a console");
        let root_key = root::init(&at("root"), "demo.test").expect("a root");
        let root_key = root_key.trim().strip_prefix("root ").expect("a key").to_owned();
        // Any key will do for a recorder that never receives a request.
        fs::write(at("recorder.public"), format!("recorder-signing {root_key}\nlog {root_key}\n")).expect("written");
        let public = [console.post_public(), at("recorder.public")];
        let today = program::Clock::System.today();
        fs::write(at("keys.note"), root::sign_keys(&at("root"), &public, today).expect("signed")).expect("written");
        let sample = include_str!("../../console.sample.toml")
            .replace("tiantai.example/root+…", &root_key)
            // No bundle comes: any key will do for the portal.
            .replace("tiantai.example/portal+…", &root_key);
        fs::write(at("console.toml"), sample).expect("written");
        let config = ConsoleConfig::read(folder.path()).expect("understood");
        Self {
            state: Data::new(AppState::open(&config, may_send).expect("a console")),
            register: Register::open(&at("register.sqlite")).expect("a register"),
            password: made.remove(0).password,
            _folder: folder,
        }
    }

    /// Signs in with these roles, without the post's keys; returns the cookie and the form's token.
    pub(super) fn sign_in(&self, audience: Audience, roles: &[Role], must_change: bool) -> Visitor {
        apart(|| self.recognised(audience, roles, must_change))
    }

    fn recognised(&self, audience: Audience, roles: &[Role], must_change: bool) -> Visitor {
        let before = self.register.account(ACCOUNT).expect("a register").expect("an account");
        let unit = roles.contains(&Role::CaseUnit).then(|| "unit".to_owned());
        let now = Account { roles: roles.to_vec(), unit, must_change, post_keys: None, ..before.clone() };
        self.register.change_account(&before, &now).expect("a register").expect("changed");
        let password = Password::typed(self.password.expose()).expect("a password");
        let attempt = SignInAttempt { audience, name: ACCOUNT.to_owned(), password, device: None };
        let console = &self.state.console;
        match console.authentication.sign_in(&console.resources, &attempt).expect("asked") {
            SignedIn::In { session, token, .. } => {
                Visitor { audience, token: token.as_str().to_owned(), csrf: session.csrf().to_owned() }
            }
            _ => panic!("not signed in"),
        }
    }

    pub(super) fn is_signed_in(&self, visitor: &Visitor) -> bool {
        let sessions = &self.state.console.authentication.sessions;
        sessions.find(&visitor.token, visitor.audience, std::time::Instant::now()).is_ok()
    }

    /// Number of queued notices of refusals.
    pub(super) fn refusals(&self) -> usize {
        let kept = self.register.kept_notices(10_000).expect("notices");
        kept.iter().filter(|(_, notice)| notice.contains("\"refused\"")).count()
    }
}

/// A signed-in visitor.
pub(super) struct Visitor {
    pub(super) audience: Audience,
    pub(super) token: String,
    pub(super) csrf: String,
}

impl Visitor {
    pub(super) fn cookie(&self) -> (&'static str, String) {
        ("cookie", format!("{}={}", session_cookie(self.audience), self.token))
    }
}
