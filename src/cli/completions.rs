//! `postferry completions` and `postferry man`.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;

use super::Ending;
use super::args::{Cli, CompletionsArgs};

/// Prints completions for a shell.
pub fn completions(args: &CompletionsArgs, out: &mut impl Write) -> Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "postferry", &mut script);
    out.write_all(&script)?;
    Ok(Ending::Fine)
}

/// Prints the manual page.
pub fn man(out: &mut impl Write) -> Result<Ending> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    out.write_all(&page)?;
    Ok(Ending::Fine)
}
