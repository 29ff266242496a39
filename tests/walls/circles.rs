//! No dependency cycle of modules in any crate. A module is a file. A folder and the files in it do not count as a
//! cycle, since a parent names its children and they use its declarations.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Module = Vec<String>;
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// The tracked Rust files of the workspace, without tests.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "*.rs"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("git");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let files = text
        .lines()
        .filter(|path| path.contains("src/") && (path.starts_with("tests/kit/") || !path.contains("tests/")));
    files.map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).collect()
}

/// The folder `src` of a file's crate, and the module that the file is.
fn module(file: &Path) -> (PathBuf, Module) {
    let source = file.ancestors().find(|folder| folder.ends_with("src")).expect("in src");
    let path = file.strip_prefix(source).expect("below").with_extension("");
    let mut parts: Module = path.iter().map(|part| part.to_str().expect("UTF-8").to_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    (source.to_owned(), parts)
}

/// Code without comments and without its tests, which come last.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Paths that a file names by `crate::` and `super::`, from the root of its crate.
fn named(text: &str, of: &Module) -> Vec<Module> {
    let mut found = Vec::new();
    for (start, base) in [("crate::", Module::new()), ("super::", of[..of.len().saturating_sub(1)].to_vec())] {
        for rest in text.split(start).skip(1) {
            let path: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_:".contains(*c)).collect();
            let first = path.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
            let path: Module = base.iter().cloned().chain(first).collect();
            match rest[path_length(rest)..].strip_prefix('{') {
                // In a list, each first name may be a module.
                Some(list) => {
                    let names = list.split('}').next().unwrap_or_default().split(',');
                    let name = |name: &str| name.trim().split("::").next().unwrap_or_default().to_owned();
                    found.extend(names.map(|one| path.iter().cloned().chain([name(one)]).collect::<Module>()));
                }
                None => found.push(path),
            }
        }
    }
    found
}

fn path_length(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_:".contains(c)).unwrap_or(rest.len())
}

/// Which module uses which, in one crate.
fn graph(modules: &BTreeMap<Module, String>) -> Graph {
    let related = |one: &Module, other: &Module| one.starts_with(other) || other.starts_with(one);
    let edges = |(of, text): (&Module, &String)| {
        let deepest =
            |path: Module| (1..=path.len()).rev().map(|end| path[..end].to_vec()).find(|m| modules.contains_key(m));
        let used = named(text, of).into_iter().filter_map(deepest).filter(|to| !related(of, to));
        (of.clone(), used.collect())
    };
    modules.iter().map(edges).collect()
}

fn reached(graph: &Graph, from: &Module) -> BTreeSet<Module> {
    let (mut found, mut next) = (BTreeSet::new(), vec![from.clone()]);
    while let Some(module) = next.pop() {
        for to in graph.get(&module).into_iter().flatten() {
            if found.insert(to.clone()) {
                next.push(to.clone());
            }
        }
    }
    found
}

/// Modules on a dependency cycle.
fn circling(graph: &Graph) -> Vec<String> {
    graph.keys().filter(|module| reached(graph, module).contains(*module)).map(|module| module.join("::")).collect()
}

#[test]
fn no_modules_go_in_circles() {
    let mut crates: BTreeMap<PathBuf, BTreeMap<Module, String>> = BTreeMap::new();
    for file in files().into_iter().filter(|file| file.exists()) {
        let (source, module) = module(&file);
        crates.entry(source).or_default().insert(module, code(&fs::read_to_string(&file).expect("a file")));
    }
    assert!(crates.len() > 10, "the workspace was found");
    for (source, modules) in crates {
        assert_eq!(circling(&graph(&modules)), [""; 0], "circles in {}", source.display());
    }
}

/// A page is a file of the console's pages that answers requests.
fn is_page(of: &Module, text: &str) -> bool {
    of.first().is_some_and(|floor| floor == "pages")
        && text.contains("async fn")
        && text.contains("at: RequestContext)")
}

/// Pages that use another page, each with that page.
fn pages_in_pages(modules: &BTreeMap<Module, String>) -> Vec<String> {
    let page = |of: &Module| modules.get(of).is_some_and(|text| is_page(of, text));
    let uses = graph(modules).into_iter().filter(|(of, _)| page(of));
    let found = uses.flat_map(|(of, to)| to.into_iter().map(move |to| (of.clone(), to)));
    found.filter(|(_, to)| page(to)).map(|(of, to)| format!("{} uses {}", of.join("::"), to.join("::"))).collect()
}

#[test]
fn no_page_uses_a_page() {
    let files = files().into_iter().filter(|file| {
        file.exists()
            && file.components().any(|part| part.as_os_str() == "reviewer-console")
            && !file.components().any(|part| part.as_os_str() == "services")
    });
    let read = |file: PathBuf| (module(&file).1, code(&fs::read_to_string(&file).expect("a file")));
    let modules: BTreeMap<Module, String> = files.map(read).collect();
    assert!(modules.iter().filter(|(of, text)| is_page(of, text)).count() > 30, "the pages were found");
    assert_eq!(pages_in_pages(&modules), [""; 0]);
}

#[test]
fn a_circle_would_be_found() {
    let module = |name: &str| vec![name.to_owned()];
    let modules = BTreeMap::from([
        (module("one"), "use crate::{two, four};".to_owned()),
        (module("two"), "use super::three::Thing;".to_owned()),
        (module("three"), "fn f() { crate::one::g() }".to_owned()),
        (module("four"), code("// crate::one\nfn f() {}\n#[cfg(test)]\nmod tests { use crate::one; }")),
    ]);
    assert_eq!(circling(&graph(&modules)), ["one", "three", "two"]);
}

#[test]
fn a_page_in_a_page_would_be_found() {
    let module = |name: &str| vec!["pages".to_owned(), name.to_owned()];
    let page = |uses: &str| format!("{uses} pub(crate) async fn page(at: RequestContext) {{}}");
    let modules = BTreeMap::from([
        (module("one"), page("use crate::pages::{labels, two};")),
        (module("two"), page("use crate::pages::labels::state;")),
        (module("labels"), "pub(crate) fn state() {}".to_owned()),
    ]);
    assert_eq!(pages_in_pages(&modules), ["pages::one uses pages::two"]);
}
