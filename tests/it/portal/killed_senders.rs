//! Reporters' browsers that are killed at any moment, behind a line that loses answers, and a portal that is killed
//! too: of every letter in the house the code was on a screen, and none that was said to have arrived is missing.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crypto::letters::letter::Letter;
use crypto::letters::mailbox::MailboxId;
use crypto::letters::receipt::ReceiptCode;
use kit::installation::{Database, Installation};
use kit::lossy_line::LossyLine;
use kit::post::opened;
use opening::reporter::Reporter;

/// Kills in a run of all tests; `make soak` sets more.
const KILLS: u64 = 25;
/// The portal is killed in one round of so many.
const PORTAL_TOO: u64 = 5;

/// What the reporters' screens said.
#[derive(Default)]
struct Screens {
    shown: BTreeSet<MailboxId>,
    arrived: BTreeSet<MailboxId>,
}

impl Screens {
    /// Reads whole lines; the last one may have been cut off by the kill.
    fn read(&mut self, printed: &str) {
        for line in printed.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let (what, words) = line.split_once(' ').expect("two parts");
            let mailbox = Reporter::new(ReceiptCode::parse(words).expect("a code")).mailbox();
            match what {
                "shown" => self.shown.insert(mailbox),
                "arrived" => self.arrived.insert(mailbox),
                other => panic!("the sender printed {other}"),
            };
        }
    }
}

/// Sends report after report as the page does, and is killed after a time.
fn sends_until_killed(line: &LossyLine, root: &str, after: Duration) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../browser/dist-node/keep-sending.mjs");
    let mut node = Command::new("node")
        .arg("--experimental-global-webcrypto")
        .arg(script)
        .args([&line.url, root])
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    thread::sleep(after);
    node.kill().expect("killed");
    let mut printed = String::new();
    node.stdout.take().expect("a pipe").read_to_string(&mut printed).expect("read");
    node.wait().expect("ended");
    printed
}

#[test]
fn no_letter_arrives_whose_code_was_not_shown_and_none_that_was_said_to_have_arrived_is_lost() {
    let kills = std::env::var("QINGNIAO_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let installation = Installation::new(Database::Sqlite);
    let mut portal = installation.portal();
    let line = LossyLine::before(&portal.address);
    let (root, mut screens) = (installation.root_key().to_string(), Screens::default());
    for round in 0..kills {
        let after = Duration::from_millis(500 + round * 379 % 1_500);
        if round % PORTAL_TOO == PORTAL_TOO - 1 {
            portal.kill();
            portal = installation.portal();
            line.leads_to(&portal.address);
        }
        screens.read(&sends_until_killed(&line, &root, after));
    }
    let letters = opened(&installation);
    let house: BTreeSet<MailboxId> = letters.values().map(Letter::mailbox).collect();
    println!(
        "{kills} kills: {} codes shown, {} letters in the house, {} said to have arrived",
        screens.shown.len(),
        letters.len(),
        screens.arrived.len()
    );
    assert!(house.is_subset(&screens.shown), "a letter is in the house whose code nobody saw");
    assert!(screens.arrived.is_subset(&house), "a letter that was said to have arrived is lost");
    assert_eq!(letters.len(), house.len(), "a report arrived as two letters");
    assert!(screens.arrived.len() >= usize::try_from(kills).expect("few") / 2, "hardly anything was sent");
}
