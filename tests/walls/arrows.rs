//! Which crate may depend on which, read from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Normal dependencies among the workspace's crates, and those on external crates.
fn arrows() -> (Arrows, Arrows) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--no-deps"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let mut inside = Arrows::new();
    let mut outside = Arrows::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            if dependency["kind"].is_null() {
                let to = name(dependency);
                let side = if ours.contains(&to) { &mut inside } else { &mut outside };
                side.entry(name(package)).or_default().insert(to);
            }
        }
    }
    (inside, outside)
}

fn reach(arrows: &Arrows, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![from.to_owned()];
    while let Some(name) = next.pop() {
        for to in arrows.get(&name).into_iter().flatten() {
            if found.insert(to.clone()) {
                next.push(to.clone());
            }
        }
    }
    found
}

#[test]
fn only_holders_of_private_keys_and_tests_can_open() {
    let (inside, _) = arrows();
    let openers: BTreeSet<&str> =
        inside.keys().filter(|name| reach(&inside, name).contains("opening")).map(String::as_str).collect();
    assert_eq!(openers, BTreeSet::from(["console-services", "kit", "recorder", "reviewer-console", "witness"]));
}

/// The arrows that are allowed, as docs/architecture.md has them.
const ALLOWED: &[(&str, &[&str])] = &[
    ("bundle", &["crypto", "model", "signing"]),
    ("casework", &["human-text", "model"]),
    (
        "console-services",
        &[
            "bundle",
            "casework",
            "confinement",
            "crypto",
            "database",
            "enclosure-store",
            "human-text",
            "model",
            "opening",
            "program",
            "random",
            "recorder-protocol",
            "register",
            "signing",
        ],
    ),
    ("crypto", &["human-text", "model"]),
    ("kit", &["crypto", "database", "letterbox", "model", "opening", "random", "register"]),
    ("letterbox", &["bundle", "crypto", "database", "enclosure-store", "model"]),
    ("logbook", &["crypto", "database", "model", "random"]),
    ("model", &["human-text"]),
    ("opening", &["crypto", "model", "random", "signing"]),
    (
        "portal",
        &[
            "bundle",
            "casework",
            "confinement",
            "crypto",
            "database",
            "letterbox",
            "model",
            "program",
            "random",
            "signing",
            "web",
        ],
    ),
    ("program", &["model"]),
    ("recorder", &["confinement", "crypto", "database", "logbook", "model", "opening", "program", "recorder-protocol"]),
    ("recorder-protocol", &["crypto", "model", "random"]),
    ("register", &["bundle", "crypto", "database", "model"]),
    (
        "reviewer-console",
        &[
            "casework",
            "confinement",
            "console-services",
            "crypto",
            "human-text",
            "model",
            "program",
            "random",
            "register",
            "web",
        ],
    ),
    ("signing", &["crypto", "random"]),
    ("witness", &["confinement", "crypto", "opening", "program"]),
];

#[test]
fn every_arrow_is_one_that_is_allowed() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let (inside, _) = arrows();
    let found: BTreeMap<&str, Vec<&str>> =
        inside.iter().map(|(from, to)| (from.as_str(), to.iter().map(String::as_str).collect())).collect();
    for (from, to) in found {
        assert_eq!(to, allowed.get(from).copied().unwrap_or_default(), "arrows from {from}");
    }
}

#[test]
fn services_link_no_web_framework_and_crypto_no_clock_or_database() {
    let (inside, outside) = arrows();
    let foreign = |name: &str| {
        let mut all: BTreeSet<&String> = outside.get(name).into_iter().flatten().collect();
        for reached in reach(&inside, name) {
            all.extend(outside.get(&reached).into_iter().flatten());
        }
        all.into_iter().cloned().collect::<BTreeSet<String>>()
    };
    for service in ["recorder", "console-services"] {
        for of_pages in ["actix-web", "maud", "fluent", "i18n-embed"] {
            assert!(!foreign(service).contains(of_pages), "{service} links {of_pages}");
        }
    }
    for cipher in ["age", "hpke", "ed25519-dalek", "chacha20poly1305"] {
        assert!(!foreign("casework").contains(cipher), "the rules link {cipher}");
    }
    for unwanted in ["diesel", "actix-web", "object_store", "tracing", "rand", "i18n-embed"] {
        for kept_plain in ["crypto", "casework", "human-text", "model"] {
            assert!(!foreign(kept_plain).contains(unwanted), "{kept_plain} links {unwanted}");
        }
    }
}
