//! The conversions of a batch, each a process of its own.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{BatchArgs, Found, Row, Shelf, report};

/// The conversions.
pub struct Work {
    program: PathBuf,
    out: PathBuf,
    arguments: Vec<OsString>,
    cores: usize,
}

/// What a conversion says of itself, as far as it is needed here.
#[derive(Deserialize)]
struct Said {
    generator: String,
    counts: SaidCounts,
    ledger: Vec<SaidEntry>,
}

#[derive(Deserialize)]
struct SaidCounts {
    posts: u64,
    pages: u64,
    items: u64,
    drafts: u64,
}

#[derive(Deserialize)]
struct SaidEntry {
    code: String,
    severity: String,
    file: String,
}

impl Work {
    /// What every blog is converted with.
    pub fn new(args: &BatchArgs) -> Result<Work> {
        let program = std::env::current_exe().context("postferry does not find itself to start it")?;
        let mut arguments = vec![OsString::from("--to"), OsString::from(&args.to)];
        arguments.extend(args.read.typed());
        arguments.extend(args.form.typed());
        arguments.extend(args.write.typed());
        arguments.extend(["--format=json", "--no-progress"].map(OsString::from));
        let known = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let cores = args.read.threads.unwrap_or(known).max(1);
        fs::create_dir_all(args.out.join(report::FOLDER))
            .with_context(|| format!("{} cannot be made", args.out.display()))?;
        Ok(Work { program, out: args.out.clone(), arguments, cores })
    }

    /// Converts every blog, the largest first, and tells of each in the order in which they were found.
    pub fn all(&self, shelf: &Shelf, mut tell: impl FnMut(&Row, usize)) -> Vec<Row> {
        let mut order: Vec<usize> = (0..shelf.blogs.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(size(&shelf.blogs[*at].folder)));
        let workers = self.cores.min(order.len()).max(1);
        let threads = (self.cores / workers).max(1);
        let (next, (send, receive)) = (AtomicUsize::new(0), mpsc::channel());
        let mut rows: Vec<Option<Row>> = (0..shelf.blogs.len()).map(|_| None).collect();
        let mut told = 0;
        std::thread::scope(|scope| {
            for _ in 0..workers {
                let (send, next, order) = (send.clone(), &next, &order);
                scope.spawn(move || {
                    while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // whoever listens has gone with the whole batch
                        let _ = send.send((*at, self.one(&shelf.blogs[*at], threads)));
                    }
                });
            }
            drop(send);
            for (done, (at, row)) in receive.iter().enumerate() {
                rows[at] = Some(row);
                while let Some(Some(row)) = rows.get(told) {
                    tell(row, done + 1);
                    told += 1;
                }
            }
        });
        let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
        for (place, why) in &shelf.failed {
            let row = Row::failed(place, place, why.clone());
            tell(&row, rows.len());
            rows.push(row);
        }
        rows
    }

    fn one(&self, blog: &Found, threads: usize) -> Row {
        let begun = Instant::now();
        let mut row = self.converted(blog, threads).unwrap_or_else(|error| {
            Row::failed(&blog.name, &blog.place, error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
        });
        if blog.is_unpacked {
            // by whoever converted it, so that the end of a batch is not the removal of everything
            let _ = fs::remove_dir_all(&blog.folder);
        }
        row.refused = blog.refused as u64;
        row.seconds = begun.elapsed().as_secs_f64();
        row
    }

    fn converted(&self, blog: &Found, threads: usize) -> Result<Row> {
        let mut child = Command::new(&self.program)
            .arg("convert")
            .args(&self.arguments)
            .arg(format!("-j{threads}"))
            .arg("--report")
            .arg(report::page_of(&self.out, &blog.name))
            .arg("-o")
            .arg(self.out.join(&blog.name))
            .arg("--")
            .arg(&blog.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("postferry cannot be started once more")?;
        let errors = Mutex::new(String::new());
        let said = std::thread::scope(|scope| {
            let (stderr, errors) = (child.stderr.take(), &errors);
            scope.spawn(move || {
                let text = stderr.map(std::io::read_to_string).and_then(Result::ok).unwrap_or_default();
                *errors.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = text;
            });
            child.stdout.take().map(|stdout| serde_json::from_reader::<_, Said>(std::io::BufReader::new(stdout)))
        });
        let ended = child.wait().context("its conversion was lost")?;
        let exit = ended.code().unwrap_or(2);
        match said {
            Some(Ok(said)) => Ok(said.row(blog, exit)),
            _ => {
                let errors = errors.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
                let why = errors.trim().trim_start_matches("error: ");
                let why = if why.is_empty() { format!("it ended with {ended}") } else { why.to_owned() };
                Ok(Row::failed(&blog.name, &blog.place, why))
            }
        }
    }
}

impl Said {
    fn row(self, blog: &Found, exit: i32) -> Row {
        let SaidCounts { posts, pages, items, drafts } = self.counts;
        let documents = posts + pages + items + drafts;
        let (mut losses, mut harmed) = (BTreeMap::new(), HashSet::new());
        for entry in self.ledger {
            if entry.severity == "loss" || entry.severity == "error" {
                *losses.entry(entry.code).or_default() += 1;
                harmed.insert(entry.file);
            }
        }
        Row {
            schema: postferry::SCHEMA,
            blog: blog.name.clone(),
            source: blog.place.clone(),
            generator: self.generator,
            posts,
            documents,
            whole: documents.saturating_sub(harmed.len() as u64),
            losses,
            refused: 0,
            seconds: 0.0,
            exit,
            error: None,
        }
    }
}

/// How much there is to do, as far as that shows without reading.
fn size(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len().min(1 << 20)).sum()
}
