//! Assembly of a console: its resources, signing in, and the exchange.

use std::sync::{Arc, Mutex};

use crypto::keys::statement::YearKeys;
use enclosure_store::PartStore;
use program::Clock;
use register::Register;

use crate::accounts::authentication::Authentication;
use crate::audit::attested_register::AttestedRegister;
use crate::cases::case_events::EventKey;
use crate::config::ConsoleConfig;
use crate::data_folder::DataFolder;
use crate::exchange::runner::ExchangeRunner;
use crate::intake::clue_key::ClueKey;
use crate::recorder_client::RecorderClient;
use crate::reports::retention;
use crate::resources::Resources;
use crate::rules::Rules;

/// The console of an installation, opened.
pub struct Console {
    /// Stores, keys, rules and clock of the installation.
    pub resources: Arc<Resources>,
    /// Open sessions, and signing in.
    pub authentication: Authentication,
    /// Runs exchanges, one at a time.
    pub exchange: ExchangeRunner,
}

impl Console {
    /// Opens all stores, keys and rules that the configuration names.
    pub fn open(config: &ConsoleConfig) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = DataFolder::at(config.folder());
        let register = Register::open(&folder.register())?;
        let enclosures = PartStore::directory(&folder.enclosures())?;
        enclosures.remove_unfinished()?;
        let keys = config.keys()?;
        let resources = Arc::new(Resources {
            recorder: RecorderClient::new(config.recorder()?, &keys, register.clone()),
            enclosures,
            journal: config.journal()?,
            passage: config.passage()?,
            clock: Clock::System,
            attested: AttestedRegister {
                register: register.clone(),
                recorder: keys.recorder.key(),
                rules: Arc::new(Rules::load(config.policy().as_deref())?),
            },
            register,
            events: EventKey::of(config.folder(), installation(&keys))?,
            clue_key: ClueKey::of(config.folder())?,
            root_key: config.root_key().clone(),
            taking_clues: Mutex::default(),
            crossing_sheets: Mutex::default(),
            retention: retention::load()?,
            custodian: keys.custodian.clone(),
            statement_key: keys.statement,
            witnesses: keys.witnesses.into(),
            checkpoint_folder: config.witness(),
        });
        Ok(Self {
            exchange: ExchangeRunner::new(Arc::clone(&resources), config.folder().join("exchange.lock")),
            authentication: Authentication::new(config.idle(), config.longest()),
            resources,
        })
    }
}

/// The installation's name: the part before the slash in the names of its keys.
fn installation(keys: &YearKeys) -> &str {
    let name = keys.statement.name();
    name.split_once('/').map_or(name, |(installation, _)| installation)
}
