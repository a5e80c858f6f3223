//! `postferry diff`, and `convert --dry-run --diff`.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use postferry::convert::{Conversion, plan};
use postferry::plan::{Action, ApplyError, Assets, Changes, Form, Options, Show, diff, memory};

use super::args::{Against, DiffArgs, ShowArgs};
use super::pager::Pager;
use super::{Ending, explain, job};

/// Runs the command: exit code 1 when there is any difference.
pub fn run(args: &DiffArgs) -> Result<Ending> {
    let mut job = job::job(&args.source, &args.target)?;
    job.memory = memory(&args.target.out);
    let conversion = plan(&job)?;
    if args.against == Against::Source {
        let (show, mut to) = showing((&args.show, &args.paths))?;
        let any = explain::against_source(&conversion, &show, &mut to)?;
        to.flush().map_err(ApplyError::Show)?;
        return Ok(if any { Ending::Findings } else { Ending::Fine });
    }
    let options = args.write.options(Assets::Copy);
    let changes = show(&conversion, (&job.source, &args.target.out), options, (&args.show, &args.paths))?;
    for failure in &changes.failed {
        anstream::eprintln!("{}: {}", failure.source.as_ref().unwrap_or(&failure.path), failure.message);
    }
    for step in &changes.steps {
        match step.action {
            Action::Keep => anstream::eprintln!("{}: kept, for it was changed by hand", step.path),
            Action::Leave => anstream::eprintln!("{}: left over from an earlier run; --prune removes it", step.path),
            _ => {}
        }
    }
    Ok(if changes.differ() { Ending::Findings } else { Ending::Fine })
}

/// Shows what a run would change.
pub fn show(
    conversion: &Conversion,
    (source, target): (&Path, &Path),
    options: Options,
    asked: (&ShowArgs, &[String]),
) -> Result<Changes> {
    let (show, mut to) = showing(asked)?;
    let changes = diff(&conversion.plan, source, target, options, &show, &mut to)?;
    to.flush().map_err(ApplyError::Show)?;
    Ok(changes)
}

/// How differences are shown, and where: a patch is bytes, and nothing between here and whoever takes it may leave any of
/// them out.
fn showing((args, paths): (&ShowArgs, &[String])) -> Result<(Show, Box<dyn Write>)> {
    let form = match (args.stat, args.name_only) {
        (true, _) => Form::Stat,
        (_, true) => Form::Names,
        _ => Form::Patch,
    };
    let coloured = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    let to_read = std::io::stdout().is_terminal();
    let show = Show::new(form, args.unified).read_by_a_person(coloured, to_read);
    let show = show.only(paths).map_err(|why| anyhow!("{why}")).context("a path is no pattern")?;
    let to: Box<dyn Write> = match Pager::start(to_read && !args.no_pager) {
        Some(pager) => Box::new(pager),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    Ok((show, to))
}
