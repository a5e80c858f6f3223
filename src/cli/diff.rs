//! `postferry diff`.

use std::io::Write;

use anyhow::Result;

use postferry::convert::plan;
use postferry::plan::unified;

use super::args::DiffArgs;
use super::{Ending, job};

/// Runs the command: exit code 1 when there is any difference.
pub fn run(args: &DiffArgs, out: &mut impl Write) -> Result<Ending> {
    let job = job::job(&args.source, &args.target)?;
    let conversion = plan(&job)?;
    let changes = unified(&conversion.plan, &job.source, &args.target.out, out)?;
    for failure in &changes.failed {
        anstream::eprintln!("{}: {}", failure.source.as_ref().unwrap_or(&failure.path), failure.message);
    }
    Ok(if changes.differ() { Ending::Findings } else { Ending::Fine })
}
