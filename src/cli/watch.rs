//! `postferry watch`: beside `hugo server` or `zola serve`, what changes in the blog is converted again.
//!
//! The blog is looked at every now and then: that is the same on every system and every disk, and of ten thousand files it
//! takes a few hundredths of a second.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use postferry::convert::plan;
use postferry::plan::{Action, Assets, apply, memory};

use super::args::WatchArgs;
use super::{Ending, error, job};

/// Runs the command until it is stopped.
pub fn run(args: &WatchArgs) -> Result<Ending> {
    if !args.source.source.is_dir() {
        bail!("{}: only a folder can be watched", args.source.source.display());
    }
    let watched = [Some(args.source.source.clone()), args.source.read.project.clone()];
    let watched: Vec<PathBuf> = watched.into_iter().flatten().chain(args.source.read.mapping.iter().cloned()).collect();
    anstream::eprintln!("Watching {}; stop with Ctrl-C", args.source.source.display());
    let mut seen = BTreeMap::new();
    let mut times = 0;
    loop {
        let now = look(&watched);
        if now != seen {
            // a mistake is told, and may be mended while this goes on
            if let Err(mistake) = convert(args) {
                if times == 0 {
                    return Err(mistake);
                }
                error::print(&mistake);
            }
            seen = now;
            times += 1;
            if args.times == Some(times) {
                return Ok(Ending::Fine);
            }
        }
        std::thread::sleep(Duration::from_millis(args.every.max(50)));
    }
}

fn convert(args: &WatchArgs) -> Result<()> {
    let mut job = job::job(&args.source, &args.target)?;
    job.memory = memory(&args.target.out);
    let conversion = plan(&job)?;
    let changes = apply(&conversion.plan, &job.source, &args.target.out, args.write.options(Assets::Copy))?;
    let changed = changes.steps.iter().filter(|step| !matches!(step.action, Action::Unchanged | Action::Leave));
    let paths: Vec<&str> = changed.map(|step| &*step.path).collect();
    match paths.as_slice() {
        [] => {}
        [one] => anstream::eprintln!("{one}"),
        [first, rest @ ..] => anstream::eprintln!("{first} and {} more", rest.len()),
    }
    for failure in &changes.failed {
        anstream::eprintln!("{}: {}", failure.path, failure.message);
    }
    Ok(())
}

/// When each file was last changed, and how long it is.
fn look(watched: &[PathBuf]) -> BTreeMap<PathBuf, (u64, Option<SystemTime>)> {
    let is_wanted = |entry: &walkdir::DirEntry| !matches!(entry.file_name().to_str(), Some(".git" | "node_modules"));
    let below = |path: &PathBuf| walkdir::WalkDir::new(path).into_iter().filter_entry(is_wanted).flatten();
    let files = watched.iter().flat_map(below).filter(|entry| entry.file_type().is_file());
    let state = |path: &Path| {
        let metadata = path.metadata().ok()?;
        Some((path.to_owned(), (metadata.len(), metadata.modified().ok())))
    };
    files.filter_map(|entry| state(entry.path())).collect()
}
