//! What postferry is built from: licences that it may be given away under, and no crate twice without a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Licences that ask for nothing but their text.
const FREE: [&str; 13] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "0BSD",
    "CC0-1.0",
    "Unlicense",
    "BSL-1.0",
];

/// Every crate that is built for this machine, tests and benches included; `None` where cargo does not have all of them at
/// hand and would ask the network.
fn packages() -> Option<Vec<Value>> {
    let run = |program: std::ffi::OsString, args: &[&str]| {
        Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("it runs")
    };
    let rustc = run(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()), &["-vV"]);
    let rustc = String::from_utf8(rustc.stdout).expect("UTF-8");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let args = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host];
    let told = run(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), &args);
    let why = String::from_utf8_lossy(&told.stderr);
    if !told.status.success() && why.contains("--offline") {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{why}");
        eprintln!("skipped: {why}");
        return None;
    }
    assert!(told.status.success(), "{why}");
    let metadata: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    Some(metadata["packages"].as_array().expect("packages").clone())
}

/// Whether one of the licences that an expression offers is free; every one that it asks for at once must be.
fn is_free(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], "");
    expression.split(" OR ").any(|all| all.split(" AND ").all(|one| FREE.contains(&one.trim())))
}

#[test]
fn every_crate_can_be_given_away() {
    let Some(packages) = packages() else { return };
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_free))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A change of the lock file that brings a crate in once more is seen here: two versions are compiled and trusted twice.
#[test]
fn no_crate_is_there_in_more_versions_than_are_known() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).expect("the lock file");
    let lock: toml::Table = toml::from_str(&lock).expect("TOML");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        versions.entry(text("name")).or_default().insert(text("version"));
    }
    let more: Vec<String> =
        versions.into_iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name).collect();
    insta::assert_debug_snapshot!(more);
}
