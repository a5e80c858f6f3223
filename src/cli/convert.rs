//! `postferry convert`.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use postferry::archive::{pack, rehearse};
use postferry::convert::{Comparison, Outcome, plan};
use postferry::ledger::{Code, Severity};
use postferry::plan::{Action, Changes, Step, apply, memory, preview};
use postferry::report;

use super::args::{AssetsArg, ConvertArgs, Format};
use super::error::meant;
use super::progress::Progress;
use super::{Ending, diff, job, summary};

/// What makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deny {
    Code(Code),
    Warnings,
    Loss,
    DeadLinks,
}

/// Runs the command.
pub fn run(args: &ConvertArgs, out: &mut impl Write) -> Result<Ending> {
    let deny = args.deny.iter().map(|name| deny(name)).collect::<Result<Vec<_>>>()?;
    for report in &args.report {
        report_form(report)?;
    }
    let mut job = job::job(&args.source, &args.target)?;
    if args.assets == AssetsArg::Reference && !job.writer.follows_links() {
        bail!(
            "--assets reference: {} does not publish what symbolic links lead to; --assets link takes no space either",
            job.writer.name()
        );
    }
    job.memory = memory(&args.target.out);
    // what is a folder already is meant as one
    let archive = postferry::archive::Format::of_name(&args.target.out).filter(|_| !args.target.out.is_dir());
    let shown = !args.quiet && !args.no_progress;
    let reading = Progress::reading(shown);
    let conversion = plan(&job)?;
    drop(reading);
    let writing = Progress::writing(shown, &conversion.plan);
    let target = &args.target.out;
    let options = args.write.options(args.assets.into());
    let Changes { steps: done, failed } = if args.dry_run && archive.is_some() {
        if args.diff {
            bail!("{}: --diff compares with a folder, and this is an archive", target.display());
        }
        rehearse(&conversion.plan)
    } else if args.diff {
        diff::show(&conversion, (&job.source, target), options, (&args.show, &[]))?
    } else if args.dry_run {
        preview(&conversion.plan, &job.source, target, options)?
    } else if let Some(format) = archive {
        pack(&conversion.plan, (&args.source.source, target), format, options.force)?
    } else {
        apply(&conversion.plan, &job.source, target, options)?
    };
    let documents = conversion.to_compare();
    let outcome = conversion.outcome(&failed);
    drop(writing);
    for report in &args.report {
        write_report(report, &documents, &outcome, &args.target.to)?;
    }
    if args.dry_run && !args.diff && args.format == Format::Text {
        print_steps(&done, out)?;
    }
    let next = match archive {
        Some(_) => format!("unpack {}", target.display()),
        None => job.writer.next_step(&target.display().to_string(), job.theme),
    };
    match args.format {
        Format::Json => summary::json(&outcome, &done, out)?,
        Format::Text if !args.quiet => summary::text(&outcome, &done, args, &next, &mut anstream::stderr())?,
        Format::Text => {}
    }
    let conflicts = done.iter().any(|step| step.action == Action::Conflict);
    Ok(if conflicts { Ending::Findings } else { ending(&outcome, &deny) })
}

fn deny(name: &str) -> Result<Deny> {
    match name {
        "warnings" => return Ok(Deny::Warnings),
        "loss" => return Ok(Deny::Loss),
        "dead-links" => return Ok(Deny::DeadLinks),
        _ => {}
    }
    let found = Code::ALL.iter().copied().find(|code| code.name() == name);
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    found.map(Deny::Code).with_context(|| {
        format!(
            "--deny {name}: there is no such code{}; known are warnings, loss, dead-links, {}",
            meant(name, &known),
            known.join(", ")
        )
    })
}

fn ending(outcome: &Outcome, deny: &[Deny]) -> Ending {
    let denied = |code: Code| {
        code.severity() == Severity::Error
            || deny.iter().any(|deny| match deny {
                Deny::Code(denied) => *denied == code,
                Deny::Warnings => code.severity() >= Severity::Warning,
                Deny::Loss => code.severity() >= Severity::Loss,
                Deny::DeadLinks => false,
            })
    };
    let dead_links = deny.contains(&Deny::DeadLinks) && outcome.counts.links.dead_now > 0;
    let found = dead_links || outcome.ledger.entries().iter().any(|entry| denied(entry.code));
    if found { Ending::Findings } else { Ending::Fine }
}

fn print_steps(steps: &[Step], out: &mut impl Write) -> Result<()> {
    for step in steps {
        writeln!(out, "{:9} {:>9}  {}", step.action.name(), step.bytes, step.path)?;
    }
    Ok(())
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportForm {
    Json,
    Html,
    Sarif,
}

fn report_form(path: &Path) -> Result<ReportForm> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(ReportForm::Json),
        Some("html") => Ok(ReportForm::Html),
        Some("sarif") => Ok(ReportForm::Sarif),
        _ => bail!("--report {}: the file's name ends in .json, .html or .sarif", path.display()),
    }
}

fn write_report(path: &Path, documents: &Comparison, outcome: &Outcome, target: &str) -> Result<()> {
    let form = report_form(path)?;
    let write = || {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        match form {
            ReportForm::Json => outcome.ledger.write_json(&mut file)?,
            ReportForm::Sarif => outcome.ledger.write_sarif(&mut file)?,
            ReportForm::Html => report::write(outcome, target, &documents.pairs(outcome), &mut file)?,
        }
        file.flush()
    };
    write().with_context(|| format!("{}: the report cannot be written", path.display()))
}
