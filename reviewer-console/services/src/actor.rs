//! Who acts, in which role, on which day, with which resources.

use std::sync::Arc;

use casework::signed_entry::SignedEntry;
use model::{Day, Role};
use opening::PostKeys;
use recorder_protocol::{Action, Client, ClientError, Granted, Recorded, Requester};

use crate::accounts::sessions::Session;
use crate::audit::attested_register::AttestedRegister;
use crate::error::ConsoleError;
use crate::resources::Resources;
use crate::rules::Rules;

/// A signed-in account acting in one of its roles. Every use case of a signed-in user takes one. Clones share
/// everything.
#[derive(Clone)]
pub struct Actor {
    /// Stores, keys, rules and clock of the installation.
    pub resources: Arc<Resources>,
    /// The session, with the keys of the account.
    pub session: Arc<Session>,
    /// The role that the account acts in.
    pub role: Role,
    /// The day in Asia/Shanghai when the action began; it stays the same past midnight.
    pub today: Day,
}

impl Actor {
    /// An actor on the present day of the installation's clock.
    #[must_use]
    pub fn new(resources: Arc<Resources>, session: Arc<Session>, role: Role) -> Self {
        let today = resources.clock.today();
        Self { resources, session, role, today }
    }

    /// Name of the acting account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.session.account
    }

    /// Dated rules of the installation: rewards, procedure and calendar.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.resources.attested.rules
    }

    /// An entry that this account makes today.
    #[must_use]
    pub fn enter<T>(&self, what: T) -> SignedEntry<T> {
        SignedEntry { by: self.session.account.clone(), on: self.today, what }
    }

    pub(crate) fn attested(&self) -> &AttestedRegister {
        &self.resources.attested
    }

    pub(crate) fn register(&self) -> &register::Register {
        &self.resources.register
    }

    /// The account as a requester at the recorder, in its role.
    pub(crate) fn person(&self) -> Requester<'_> {
        self.session.person(self.role)
    }

    /// The post's keys; [`ConsoleError::NoPostKeys`] if this session does not have them.
    pub(crate) fn post_keys(&self) -> Result<&PostKeys, ConsoleError> {
        self.session.post_keys()
    }

    /// Connects to the recorder, after it has proved that its log has only grown.
    pub(crate) fn connect(&self) -> Result<Client, ClientError> {
        self.resources.recorder.connect()
    }

    /// Has the recorder log an action: its entry is durable when this returns.
    pub(crate) fn record<D: Action>(&self, action: D) -> Result<Recorded<D>, ClientError> {
        Ok(self.connect()?.record(&self.person(), action)?.0)
    }

    /// Has the recorder log an action even if the log contradicts itself, and returns the recorder's answer too. For
    /// auditors only, who must be able to read such a log.
    pub(crate) fn record_to_audit<D: Action>(&self, action: D) -> Result<(Recorded<D>, Granted), ClientError> {
        self.resources.recorder.connect_to_audit()?.record(&self.person(), action)
    }
}
