//! Backups of the site. Everything in them is sealed or public. A backup still contains letters that the exchange has
//! collected since, so old backups should be destroyed soon.

use std::path::Path;

use database::{Backup, DatabaseUrl};
use letterbox::Letterbox;

use crate::config::Config;

type Done = Result<(), Box<dyn std::error::Error>>;

/// The kind of a portal's backup, as written in its list.
const KIND: &str = "portal";
const SQLITE: &str = "letterbox.sqlite";
const POSTGRES: &str = "letterbox.dump";
const ENCLOSURES: &str = "enclosures";

pub(crate) fn backup(config: &Config, to: &Path) -> Done {
    let database = config.database()?;
    // Opened first, so that a letterbox with another version's schema is not backed up.
    Letterbox::open(&database, config.parts()?)?;
    let mut backup = Backup::begin(to, KIND)?;
    match &database {
        DatabaseUrl::Sqlite(file) => backup.sqlite(SQLITE, file)?,
        DatabaseUrl::Postgres(url) => backup.postgres(POSTGRES, url)?,
    }
    // After the database: a part collected by the exchange in between is in the console's store.
    match config.local_enclosures() {
        Some(folder) => backup.folder(ENCLOSURES, &folder)?,
        None => println!("enclosures are in an object store of their own, which keeps its own copies"),
    }
    println!("{} files copied", backup.finish()?);
    Ok(())
}

pub(crate) fn restore(config: &Config, from: &Path) -> Done {
    let backup = Backup::open(from, KIND)?;
    let enclosures: Vec<_> = config.local_enclosures().map(|folder| (ENCLOSURES, folder)).into_iter().collect();
    backup.restore(&enclosures)?;
    let database = config.database()?;
    match &database {
        DatabaseUrl::Sqlite(file) => backup.restore_sqlite(SQLITE, file, |restoring| {
            begin_epoch(config, &DatabaseUrl::Sqlite(restoring.to_owned()))
        })?,
        DatabaseUrl::Postgres(url) => {
            backup.restore_postgres(POSTGRES, url)?;
            begin_epoch(config, &database)?;
        }
    }
    println!("restored; nobody is served before the console's next bundle: run pass, then serve");
    Ok(())
}

/// Numbers of bundles that were written since the backup must not be used again.
fn begin_epoch(config: &Config, database: &DatabaseUrl) -> Done {
    letterbox::migrate(database)?;
    let letterbox = Letterbox::open(database, config.parts()?)?;
    let epoch = random::bytes::<8>()?.into();
    actix_web::rt::System::new().block_on(letterbox.begin_epoch_after_restore(epoch))?;
    Ok(())
}
