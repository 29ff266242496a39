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

/// Somebody who is signed in, acting in one of their roles. Every use case of somebody who is signed in takes one. Clones share everything.
#[derive(Clone)]
pub struct Actor {
    /// What the installation has.
    pub resources: Arc<Resources>,
    /// The session, with the keys of the account.
    pub session: Arc<Session>,
    /// The role that the page is for.
    pub role: Role,
    /// The day, Asia/Shanghai: one for the whole of what is done, also over midnight.
    pub today: Day,
}

impl Actor {
    /// Somebody acting today.
    #[must_use]
    pub fn new(resources: Arc<Resources>, session: Arc<Session>, role: Role) -> Self {
        let today = resources.clock.today();
        Self { resources, session, role, today }
    }

    /// The account's name.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.session.account
    }

    /// The rules of the installation.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.resources.attested.rules
    }

    /// Something that this person enters today.
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

    /// The account as the recorder knows it.
    pub(crate) fn person(&self) -> Requester<'_> {
        self.session.person(self.role)
    }

    /// The post's keys, if this session has them.
    pub(crate) fn post_keys(&self) -> Result<&PostKeys, ConsoleError> {
        self.session.post_keys()
    }

    /// A connection to the recorder, which has shown that its log only grew.
    pub(crate) fn connect(&self) -> Result<Client, ClientError> {
        self.resources.recorder.connect()
    }

    /// Has a deed recorded: its entry is durable when this returns.
    pub(crate) fn record<D: Action>(&self, deed: D) -> Result<Recorded<D>, ClientError> {
        Ok(self.connect()?.record(&self.person(), deed)?.0)
    }

    /// Has a deed recorded on a log that may contradict itself, and gives the recorder's answer: for auditors alone,
    /// who must be able to look all the same.
    pub(crate) fn record_to_audit<D: Action>(&self, deed: D) -> Result<(Recorded<D>, Granted), ClientError> {
        self.resources.recorder.connect_to_audit()?.record(&self.person(), deed)
    }
}
