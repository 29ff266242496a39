//! What the portal's processes may still do after their start. The serving process makes no connection: it answers those
//! that come.

use std::path::Path;

use confinement::Rights;
use database::DatabaseUrl;

use crate::config::{BadConfig, Config};

/// Of the serving process: its database and the parts of enclosures.
pub(crate) fn serving(config: &Config) -> Result<Rights, BadConfig> {
    let rights = Rights { writes: config.folders(), ..Rights::default() };
    let elsewhere = matches!(config.database()?, DatabaseUrl::Postgres(_)) || config.local_enclosures().is_none();
    Ok(if elsewhere { rights.with_names() } else { rights })
}

/// Of `pass`: the same, the folder of bundles, and the one in which they are checked.
pub(crate) fn passing(config: &Config, folder: &Path) -> Result<Rights, BadConfig> {
    let mut rights = serving(config)?;
    rights.writes.extend([config.spool(), Rights::mount(folder)]);
    Ok(rights)
}
