//! What a conversion says at its end.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use postferry::address::Row;
use postferry::convert::{Counts, Outcome};
use postferry::ledger::{Cause, Entry, causes};
use postferry::plan::{Action, Step};

use super::addresses;
use super::args::ConvertArgs;

/// The summary for a person.
pub fn text(outcome: &Outcome, steps: &[Step], args: &ConvertArgs, next: &str, out: &mut impl Write) -> Result<()> {
    let counts = &outcome.counts;
    writeln!(out, "{} → {}: {}", outcome.generator, args.target.to, outcome.site.title)?;
    let parts = [
        (counts.posts, "post", "posts"),
        (counts.pages, "page", "pages"),
        (counts.items, "collection item", "collection items"),
        (counts.drafts, "draft", "drafts"),
        (counts.assets, "other file", "other files"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| plural(*count, one, many)).collect();
    writeln!(out, "  {}", parts.join(", "))?;
    writeln!(out, "  {}", addresses::line(&outcome.book))?;
    let links = counts.links;
    writeln!(
        out,
        "  {} within the blog: {} dead before, {}{} dead now",
        plural(links.checked, "link", "links"),
        links.dead_before,
        if links.unknown > 0 { format!("{} unknown, ", links.unknown) } else { String::new() },
        links.dead_now
    )?;
    let acted = |action: Action| steps.iter().filter(|step| step.action == action).count();
    let verb = if args.dry_run { " would be" } else { "" };
    writeln!(
        out,
        "  files{verb}: {} created, {} updated, {} unchanged, {} removed, {} kept as changed by hand",
        acted(Action::Create),
        acted(Action::Update),
        acted(Action::Unchanged),
        acted(Action::Remove),
        acted(Action::Keep)
    )?;
    named(steps, Action::Keep, "kept as changed by hand (--on-edit merge works the blog's changes into them)", out)?;
    named(steps, Action::Merge, "merged with what was changed by hand", out)?;
    named(steps, Action::Conflict, "changed by hand and in the blog on the same lines; look for <<<<<<< in them", out)?;
    named(steps, Action::Leave, "left over from earlier runs (--prune removes them)", out)?;
    if counts.blocks > 0 {
        let blocks = plural(counts.blocks, "block of text", "blocks of text");
        writeln!(out, "  {blocks}, {} of them as HTML", counts.html_blocks)?;
    }
    if !outcome.site.zone_known {
        writeln!(out, "  times are read as UTC: the site names no time zone; --timezone sets one")?;
    }
    ledger(outcome, args.verbose, out)?;
    if !args.dry_run {
        writeln!(out, "Next: {next}")?;
    }
    Ok(())
}

/// The files with which something was done that their author wants to know of.
fn named(steps: &[Step], action: Action, what: &str, out: &mut impl Write) -> Result<()> {
    const SHOWN: usize = 10;
    let paths: Vec<&str> = steps.iter().filter(|step| step.action == action).map(|step| &*step.path).collect();
    if paths.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {what}:")?;
    for path in paths.iter().take(SHOWN) {
        writeln!(out, "    {path}")?;
    }
    if paths.len() > SHOWN {
        writeln!(out, "    … and {} more", paths.len() - SHOWN)?;
    }
    Ok(())
}

/// A number and what there are so many of.
pub fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn ledger(outcome: &Outcome, verbose: bool, out: &mut impl Write) -> Result<()> {
    writeln!(out, "  ledger: {}", plural(outcome.ledger.entries().len(), "entry", "entries"))?;
    for of_code in causes(outcome.ledger.entries()).chunk_by(|a, b| a.code == b.code) {
        let code = of_code[0].code;
        let count: usize = of_code.iter().map(|cause| cause.entries.len()).sum();
        writeln!(out, "    {count:>6}  {:24} {:8} {}", code.name(), code.severity().name(), code.hint())?;
        // what one message says once is told by its code
        if count > 1 {
            most_often(of_code, out)?;
        }
    }
    if verbose {
        write!(out, "{}", outcome.ledger.to_text())?;
    }
    Ok(())
}

/// What is behind the entries of a code.
fn most_often(causes: &[Cause<'_>], out: &mut impl Write) -> Result<()> {
    const SHOWN: usize = 3;
    for Cause { message, entries, .. } in causes.iter().take(SHOWN) {
        writeln!(out, "            {:>6}  {message}", entries.len())?;
    }
    if causes.len() > SHOWN {
        let left: usize = causes[SHOWN..].iter().map(|cause| cause.entries.len()).sum();
        let kinds = plural(causes.len() - SHOWN, "more kind", "more kinds");
        writeln!(out, "            {left:>6}  … of {kinds}; -v shows every place")?;
    }
    Ok(())
}

/// The result for a program. An entry of the ledger has the form that it has in `--report FILE.json`.
#[derive(Serialize)]
struct Summary<'a> {
    schema: u32,
    generator: &'a str,
    counts: &'a Counts,
    addresses: &'a [Row],
    files: &'a [Step],
    ledger: &'a [Entry],
}

/// Writes the result for a program.
pub fn json(outcome: &Outcome, steps: &[Step], out: &mut impl Write) -> Result<()> {
    let summary = Summary {
        schema: postferry::SCHEMA,
        generator: outcome.generator,
        counts: &outcome.counts,
        addresses: outcome.book.rows(),
        files: steps,
        ledger: outcome.ledger.entries(),
    };
    serde_json::to_writer_pretty(&mut *out, &summary)?;
    writeln!(out)?;
    Ok(())
}
