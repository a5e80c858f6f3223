//! The command line, as a user types it and reads it. The README's transcript is one of the cases.

#[test]
fn commands() {
    trycmd::TestCases::new().case("tests/cmd/*.md").case("tests/cmd/*.toml").case("README.md");
}
