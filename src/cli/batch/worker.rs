//! The process that converts the blogs of a batch: tasks in, rows out, a line each.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use postferry::convert::{Outcome, plan};
use postferry::ledger::Severity;
use postferry::plan::{Action, Assets, apply, memory};

use super::{BatchArgs, Row, report};
use crate::cli::args::SourceArgs;
use crate::cli::{error, job};

/// A blog to convert.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Its place among all.
    pub at: usize,
    /// The name of its output folder.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// What is said of it.
#[derive(Debug, Serialize, Deserialize)]
pub enum Said {
    /// Its conversion has begun.
    Begun(usize),
    /// Its conversion has ended.
    Done(usize, Row),
}

/// Converts every blog that standard input names.
pub fn run(args: &BatchArgs, out: &mut (impl Write + Send)) -> Result<()> {
    let lines = std::io::read_to_string(std::io::stdin()).context("the tasks cannot be read")?;
    let tasks: Vec<Task> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let known = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = args.read.threads.unwrap_or(known).clamp(1, tasks.len().max(1));
    let (next, out) = (AtomicUsize::new(0), Mutex::new(out));
    let say = |said: &Said| {
        let mut line = serde_json::to_vec(said).unwrap_or_default();
        line.push(b'\n');
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        // whoever listens has gone with the whole batch
        let _ = out.write_all(&line).and_then(|()| out.flush());
    };
    let work = || {
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            say(&Said::Begun(task.at));
            say(&Said::Done(task.at, one(args, task)));
        }
    };
    std::thread::scope(|scope| {
        // as much room as the process's own thread has
        let start = || std::thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, work);
        (0..workers).try_for_each(|_| start().map(drop)).context("the threads cannot be started")
    })
}

fn one(args: &BatchArgs, task: &Task) -> Row {
    let begun = Instant::now();
    let failed = |why: String| Row::failed(&task.name, "", why);
    let converted = catch_unwind(AssertUnwindSafe(|| convert(args, task)));
    let row = match converted {
        Ok(Ok(row)) => row,
        Ok(Err(mistake)) => failed(error::text(&mistake).trim_start_matches("error: ").to_owned()),
        Err(_) => failed("postferry has a mistake of its own here; please report it".to_owned()),
    };
    Row { seconds: begun.elapsed().as_secs_f64(), ..row }
}

fn convert(args: &BatchArgs, task: &Task) -> Result<Row> {
    let source = SourceArgs { source: task.folder.clone(), rev: None, read: args.read.clone() };
    let mut job = job::with_writer(&source, job::writer(&args.to)?)?;
    job::form(&mut job, &args.form)?;
    let out = args.out.join(&task.name);
    job.memory = memory(&out);
    let conversion = plan(&job)?;
    let changes = apply(&conversion.plan, &job.source, &out, args.write.options(Assets::Copy))?;
    let documents = conversion.to_compare();
    let outcome = conversion.outcome(&changes.failed);
    let conflicts = changes.steps.iter().any(|step| step.action == Action::Conflict);
    let page = report::page_of(&args.out, &task.name);
    let write = || {
        let mut file = BufWriter::new(std::fs::File::create(&page)?);
        postferry::report::write(&outcome, &args.to, &documents.pairs(&outcome), &mut file)?;
        file.flush()
    };
    write().with_context(|| format!("{}: the report cannot be written", page.display()))?;
    Ok(row(&task.name, &outcome, conflicts))
}

fn row(name: &str, outcome: &Outcome, conflicts: bool) -> Row {
    let counts = &outcome.counts;
    let documents = (counts.posts + counts.pages + counts.items + counts.drafts) as u64;
    let (mut losses, mut harmed, mut errors) = (BTreeMap::new(), HashSet::new(), false);
    for entry in outcome.ledger.entries().iter().filter(|entry| entry.code.severity() >= Severity::Loss) {
        *losses.entry(entry.code.name().to_owned()).or_default() += 1;
        harmed.insert(&entry.place.file);
        errors |= entry.code.severity() == Severity::Error;
    }
    Row {
        schema: postferry::SCHEMA,
        blog: name.to_owned(),
        source: String::new(),
        generator: outcome.generator.to_owned(),
        posts: counts.posts as u64,
        documents,
        whole: documents.saturating_sub(harmed.len() as u64),
        losses,
        refused: 0,
        seconds: 0.0,
        exit: i32::from(errors || conflicts),
        error: None,
    }
}
