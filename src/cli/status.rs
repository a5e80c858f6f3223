//! `postferry status`.

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;

use postferry::plan::{Status, status};

use super::Ending;
use super::args::{Format, StatusArgs};

/// Runs the command.
pub fn run(args: &StatusArgs, out: &mut impl Write) -> Result<Ending> {
    let status = status(&args.out)?;
    match args.format {
        Format::Json => {
            let mut result = serde_json::to_value(&status)?;
            result["schema"] = postferry::SCHEMA.into();
            serde_json::to_writer_pretty(&mut *out, &result)?;
            writeln!(out)?;
        }
        Format::Text => text(&status, out)?,
    }
    Ok(Ending::Fine)
}

fn text(status: &Status, out: &mut impl Write) -> Result<()> {
    let was = &status.provenance;
    if !was.to.is_empty() {
        writeln!(out, "{} → {}: {}", was.from, was.to, was.title)?;
    }
    if !status.version.is_empty() {
        let options = if was.options.is_empty() { String::new() } else { format!(", {}", was.options.join(" ")) };
        writeln!(out, "  written by postferry {}{options}", status.version)?;
    }
    if status.busy {
        writeln!(out, "  a run is writing here now")?;
    } else if !status.unfinished.is_empty() {
        let count = status.unfinished.len();
        writeln!(out, "  a run was stopped here after {count} files; the next one goes on from there")?;
    }
    writeln!(out, "  {} as written", files(status.unchanged))?;
    list(out, "changed by hand", &status.edited)?;
    list(out, "no longer there; the next run writes them again", &status.missing)?;
    list(out, "left over from earlier runs (convert --prune removes them)", &status.left)
}

fn list(out: &mut impl Write, what: &str, paths: &[Arc<str>]) -> Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {} {what}:", files(paths.len()))?;
    for path in paths {
        writeln!(out, "    {path}")?;
    }
    Ok(())
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
