//! The command line: raw arguments become validated jobs, one file per command.
//!
//! Results and diffs go to standard output, messages to standard error. Exit codes: 0, all converted; 1, converted
//! with failed posts, a non-empty diff or something that `--deny` names; 2, the command, a configuration or a mapping
//! file is wrong and nothing was written.

mod addresses;
mod args;
mod batch;
mod completions;
mod convert;
mod diff;
mod error;
mod explain;
mod index;
mod init;
mod inspect;
mod job;
mod mappings;
mod pager;
mod progress;
mod project;
mod serve;
mod status;
mod stream;
mod summary;
mod templates;
mod verify;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All is well.
    Fine,
    /// Done, but look at it.
    Findings,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !postferry::is_setting_a_formula() {
            usual(panic);
        }
    }));
    let typed = match project::completed(std::env::args_os().collect()) {
        Ok(typed) => typed,
        Err(error) => {
            error::print(&error);
            return ExitCode::from(2);
        }
    };
    let cli = match Cli::try_parse_from(typed) {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help and version to standard output with code 0, everything else is a usage error
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    cli.color.apply();
    let mut out = anstream::stdout();
    let ended = match &cli.command {
        Command::Convert(args) => convert::run(args, &mut out),
        Command::Diff(args) => diff::run(args),
        Command::Batch(args) => batch::run(args, &mut out),
        Command::Init(args) => init::run(args, &mut out),
        Command::Index(args) => index::run(args, &mut out),
        Command::Stream(args) => stream::run(args, &mut out),
        Command::Watch(args) => watch::run(args),
        Command::Explain(args) => explain::run(args, &mut out),
        Command::Status(args) => status::run(args, &mut out),
        Command::Verify(args) => verify::run(args, &mut out),
        Command::Serve(args) => serve::run(args, &mut out),
        Command::Inspect(args) => inspect::run(args, &mut out),
        Command::Mappings(args) => mappings::run(args, &mut out),
        Command::Templates(args) => templates::run(args, &mut out),
        Command::Completions(args) => completions::completions(args, &mut out),
        Command::Man => completions::man(&mut out),
    };
    let ended = ended.and_then(|ending| out.flush().map(|()| ending).map_err(anyhow::Error::from));
    // what is read and written elsewhere says where
    let ended = ended.map_err(|error| match error.chain().next().is_some_and(|first| first.is::<std::io::Error>()) {
        true => error.context("the result cannot be written to standard output"),
        false => error,
    });
    match ended {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        // whoever read the output has seen enough
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            error::print(&error);
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
