//! Every process gives up what it does not need, and cannot leave that from inside.

use kit::installation::{Database, Installation};
use kit::program::run;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};

/// What each process tries; those that connect are not asked for a connection.
const TRIED: [&str; 6] = ["read-file", "write-file", "list-folder", "execute", "trace", "read-memory"];

fn refused(program: &str, arguments: &[&str], connects: bool) {
    let said = run(program, arguments).unwrap_or_else(|error| panic!("{program} {arguments:?}: {error}"));
    for name in TRIED.iter().chain((!connects).then_some(&"connect")) {
        assert!(said.contains(&format!("{name}: refused")), "{program} {arguments:?}: {said}");
    }
    assert!(said.contains("files: true") && said.contains("system_calls: true"), "{said}");
}

#[test]
fn no_process_can_leave_its_confinement() {
    for database in Database::ALL {
        let installation = Installation::new(database);
        let at = |name: &str| installation.at(name).to_str().expect("UTF-8").to_owned();
        let (config, folder) = (at("portal/portal.toml"), at("exchange"));
        // With PostgreSQL the portal connects to its database.
        let connects = database == Database::Postgres;
        refused("portal", &["--config", &config, "check-confinement"], connects);
        refused("portal", &["--config", &config, "check-confinement", "--folder", &folder], connects);
        refused("recorder", &["--folder", &at("recorder"), "check-confinement"], false);
        refused("reviewer-console", &["check-confinement", "--folder", &at("console")], false);
        let (log, checkpoints) = (installation.log_key().to_string(), at("checkpoints"));
        let witness = ["check-confinement", "--log", &log, "--checkpoint-folder", &checkpoints];
        refused("witness", &[["--folder", &at("witness")].as_slice(), &witness].concat(), false);
    }
}

#[test]
fn the_programs_do_their_work_where_confinement_is_demanded() {
    let installation = Installation::new(Database::Sqlite);
    installation.require_confinement();
    let (portal, _recorder, console) = (installation.portal(), installation.recorder(), installation.console());
    let visit = visit(&reporter(), report("from a confined portal"), &installation.keys()).request;
    let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), &visit).expect("answered");
    assert_eq!(answer.status, 200);
    let mut zhou = kit::console_client::ConsoleClient::signed_in(&installation, &console.address, "zhou");
    zhou.exchange();
    let opened = kit::console_client::text(&zhou.post("/en/reports/1/open", &[("purpose", "review")]));
    assert!(opened.contains("from a confined portal"), "{opened}");
}

#[test]
fn folders_and_keys_that_others_can_reach_are_refused_with_what_to_type() {
    use std::os::unix::fs::PermissionsExt as _;
    let installation = Installation::new(Database::Sqlite);
    let _recorder = installation.recorder();
    let open = |name: &str, mode: u32| {
        std::fs::set_permissions(installation.at(name), std::fs::Permissions::from_mode(mode)).expect("set");
    };
    open("console", 0o750);
    assert!(installation.console_refuses().contains("chmod go-rwx"));
    open("console", 0o700);
    open("portal/portal.key", 0o640);
    assert!(installation.pass().expect_err("refused").contains("chmod go-rwx"));
    open("portal/portal.key", 0o600);
    installation.pass().expect("passed");
}
