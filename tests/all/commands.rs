//! The command line, as a user types it and reads it. The README's transcript is one of the cases.

#[test]
fn commands() {
    // the cases write below `target/cmd`, and show what happens in a fresh folder
    let _ = std::fs::remove_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/target/cmd"));
    trycmd::TestCases::new().case("tests/cmd/*.md").case("README.md");
}
