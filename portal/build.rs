//! Reports missing files clearly if the browser's scripts have not been built.

use std::path::Path;

fn main() {
    let dist = Path::new("../browser/dist");
    println!("cargo::rerun-if-changed=../browser/dist");
    println!("cargo::rerun-if-changed=locales");
    for name in ["page.js", "seal-worker.js", "seal-worker.name", "third-party-notices.txt"] {
        if !dist.join(name).exists() {
            println!("cargo::error=browser/dist/{name} is missing: run `make scripts` first");
        }
    }
}
