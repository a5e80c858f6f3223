//! `postferry diff`.

use std::io::Write;

use anyhow::Result;

use postferry::convert::plan;
use postferry::plan::{steps, unified};

use super::args::DiffArgs;
use super::{Ending, job};

/// Runs the command: exit code 1 when there is any difference.
pub fn run(args: &DiffArgs, out: &mut impl Write) -> Result<Ending> {
    let job = job::job(&args.source, &args.target)?;
    let conversion = plan(&job)?;
    let steps = steps(&conversion.plan, &job.source, &args.target.out, false)?;
    let diff = unified(&conversion.plan, &steps, &args.target.out);
    out.write_all(diff.as_bytes())?;
    Ok(if diff.is_empty() { Ending::Fine } else { Ending::Findings })
}
