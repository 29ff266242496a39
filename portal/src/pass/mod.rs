//! `portal pass`: applies the console's bundles that are in a folder, and writes what waits for the console. It runs beside
//! the serving process, under a user and a database role of its own, and holds the key that signs inward bundles.

mod apply;
mod write;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use bundle::{BundleFile, BundleFolder, Epoch, Inward, Outward};
use crypto::keys::note_text::PortalKey;
use letterbox::Letterbox;
use model::Day;
use program::clock::Clock;
use signing::{KeyFiles, NoteSigningKey};

use crate::config::Config;
use crate::rights;

type Done = Result<(), Box<dyn std::error::Error>>;

/// How `pass` runs.
pub(crate) struct Mode {
    /// Repeats it every so many seconds.
    pub(crate) every: Option<u64>,
    /// The console's epoch that the operator has confirmed.
    pub(crate) confirmed: Option<Epoch>,
    /// Whether it refuses to run unconfined.
    pub(crate) require: bool,
}

/// What a passage needs.
struct Passage {
    lock: fs::File,
    letterbox: Letterbox,
    folder: BundleFolder,
    /// Where bundles are copied to before they are applied.
    spool: std::path::PathBuf,
    key: NoteSigningKey<PortalKey>,
    /// The console's epoch that the operator has confirmed.
    confirmed: Option<Epoch>,
}

/// Makes the key that signs inward bundles, and prints its public half for the console's configuration.
pub(crate) fn init(config: &Config, name: &str) -> Done {
    let (folder, file) = config.exchange_key();
    let key = KeyFiles::open(&folder).new_signing::<PortalKey>(&file, &format!("{name}/portal"))?;
    println!("portal {}", key.public());
    Ok(())
}

/// Runs one passage, or one every so many seconds until the process is stopped.
pub(crate) fn pass(config: &Config, folder: &Path, mode: &Mode) -> Done {
    let (keys, file) = config.exchange_key();
    let spool = config.spool();
    fs::create_dir_all(&spool)?;
    program::permissions::require_private(&keys.join(&file))?;
    let key = KeyFiles::open(&keys).signing(&file)?;
    // Before a thread is started. The key was read: the process need not reach its file any more.
    confinement::confine(&rights::passing(config, folder)?, mode.require)?;
    // One at a time: two would give two bundles one number. A second one waits.
    let lock = fs::File::create(spool.join("pass.lock"))?;
    let passage = Passage {
        lock,
        letterbox: Letterbox::open(&config.database()?, config.parts()?)?,
        folder: BundleFolder::at(folder),
        spool,
        key,
        confirmed: mode.confirmed,
    };
    let runtime = actix_web::rt::System::new();
    let Some(every) = mode.every else { return runtime.block_on(passage.run(config, Clock::System.today())) };
    program::logging::to_stderr();
    println!("passing bundles every {every} s");
    loop {
        // A stick that is not there, or a console's mistake, ends nothing.
        if let Err(error) = runtime.block_on(passage.run(config, Clock::System.today())) {
            tracing::error!(code = "pass.failed", "passage failed: {}", program::chain(&*error));
        }
        thread::sleep(Duration::from_secs(every));
    }
}

impl Passage {
    async fn run(&self, config: &Config, today: Day) -> Done {
        self.lock.lock()?;
        let done = self.pass(config, today).await;
        self.lock.unlock()?;
        done
    }

    async fn pass(&self, config: &Config, today: Day) -> Done {
        if !self.folder.is_there() {
            return Err(format!("there is no folder {}: is the stick in?", self.folder.path().display()).into());
        }
        let state = self.letterbox.exchange_state().await?;
        self.folder.recover::<Inward>(state.last.as_ref())?;
        let mut refused = 0;
        let mut is_new = false;
        for path in self.folder.bundles::<Outward>()? {
            let file = BundleFile::<Outward>::open(&path);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match self.apply(config, file, today).await {
                Ok(apply::Applied::Now(said)) => {
                    is_new = true;
                    println!("{name}: {said}");
                }
                Ok(apply::Applied::Before) => {}
                Err(error) => {
                    refused += 1;
                    eprintln!("{name}: refused: {}", program::chain(&*error));
                }
            }
        }
        let erased = self.letterbox.sweep(today).await?;
        // A backup that is running keeps the old content for a while; letters and answers must not wait for it.
        if (is_new || erased)
            && let Err(error) = self.letterbox.compact().await
        {
            eprintln!("what was erased is still on the disk: {}", program::chain(&error));
        }
        for head in self.write(today, is_new).await? {
            println!("inward bundle {} written", head.number);
        }
        if refused > 0 { Err(format!("{refused} bundles were refused; see above").into()) } else { Ok(()) }
    }
}
