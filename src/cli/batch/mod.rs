//! `postferry batch`: a whole shelf of blogs.
//!
//! Blogs are converted by another process, as many at once as there are cores: one that fails stops no other, and one of
//! which the process dies is tried once more in one of its own. A batch that was stopped goes on where it was, as every
//! second run does.

mod find;
mod report;
mod row;
mod work;
mod worker;

use std::collections::HashSet;
use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::Ending;
use super::args::{BatchArgs, Format};
use find::{Found, Shelf};
use row::Row;
use work::Work;

/// Runs the command: exit code 1 where any blog failed, or was converted with findings.
pub fn run(args: &BatchArgs, out: &mut impl Write) -> Result<Ending> {
    super::job::writer(&args.to)?;
    if args.worker {
        worker::run(args, &mut std::io::stdout())?;
        return Ok(Ending::Fine);
    }
    let sources = sources(args)?;
    let shelf = Shelf::find(&sources, args.read.max_unpacked)?;
    if shelf.blogs.is_empty() && shelf.failed.is_empty() {
        bail!("no blog was found in {}", shown(&sources));
    }
    let work = Work::new(args)?;
    let progress = progress(args, shelf.blogs.len());
    let mut lines = Ok(());
    let rows = work.all(&shelf, |row, rest| {
        if let Some(progress) = &progress {
            progress.set_position(rest as u64);
            progress.set_message(row.blog.clone());
        }
        if args.format == Format::Json && lines.is_ok() {
            lines = row.write_line(out);
        }
    });
    lines?;
    if let Some(progress) = progress {
        progress.finish_and_clear();
    }
    report::write(&args.out, &rows)?;
    if args.format == Format::Text && !args.quiet {
        row::table(&rows, out)?;
        anstream::eprintln!("Look at {}", args.out.join(report::FOLDER).join("index.html").display());
    }
    Ok(if rows.iter().all(|row| row.exit == 0) { Ending::Fine } else { Ending::Findings })
}

/// What the command line and the list name, each once.
fn sources(args: &BatchArgs) -> Result<Vec<PathBuf>> {
    let mut sources = args.sources.clone();
    if let Some(list) = &args.list {
        let lines: Vec<String> = if list.as_os_str() == "-" {
            std::io::stdin().lock().lines().collect::<Result<_, _>>().context("the list cannot be read")?
        } else {
            let text = std::fs::read_to_string(list);
            text.with_context(|| format!("{}: the list cannot be read", list.display()))?
                .lines()
                .map(str::to_owned)
                .collect()
        };
        let named = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !line.starts_with('#'));
        sources.extend(named.map(PathBuf::from));
    }
    if sources.is_empty() {
        bail!("no source is named; name folders or archives with blogs in them, or a list of such with --list");
    }
    let mut seen = HashSet::new();
    sources.retain(|source| {
        let is_new = seen.insert(source.canonicalize().unwrap_or_else(|_| source.clone()));
        if !is_new {
            anstream::eprintln!("{}: named twice, converted once", source.display());
        }
        is_new
    });
    Ok(sources)
}

fn shown(sources: &[PathBuf]) -> String {
    sources.iter().map(|source| source.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn progress(args: &BatchArgs, blogs: usize) -> Option<indicatif::ProgressBar> {
    if args.quiet || args.no_progress {
        return None;
    }
    let bar = indicatif::ProgressBar::new(blogs as u64);
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos} of {len} blogs, {eta} left  {msg}");
    bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    Some(bar)
}
