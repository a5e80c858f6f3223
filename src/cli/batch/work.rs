//! The conversions of a batch, watched over from outside.
//!
//! One process converts blog after blog, as many at once as there are cores. Should it die of one of them, those that it
//! had begun get a process of their own, one each, and the others a new one together.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};

use super::worker::{Said, Task};
use super::{BatchArgs, Found, Row, Shelf, report};

/// The conversions.
pub struct Work {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Work {
    /// What every blog is converted with.
    pub fn new(args: &BatchArgs) -> Result<Work> {
        let program = std::env::current_exe().context("postferry does not find itself to start it")?;
        let mut arguments: Vec<OsString> = ["batch", "--worker", "--to"].map(OsString::from).to_vec();
        arguments.extend([OsString::from(&args.to), "-o".into(), args.out.clone().into_os_string()]);
        arguments.extend(args.read.typed());
        arguments.extend(args.read.threads.map(|threads| format!("-j{threads}").into()));
        arguments.extend(args.form.typed());
        arguments.extend(args.write.typed());
        fs::create_dir_all(args.out.join(report::FOLDER))
            .with_context(|| format!("{} cannot be made", args.out.display()))?;
        Ok(Work { program, arguments })
    }

    /// Converts every blog, the largest first, and tells of each in the order in which they were found.
    pub fn all(&self, shelf: &Shelf, mut tell: impl FnMut(&Row, usize)) -> Vec<Row> {
        let mut order: Vec<usize> = (0..shelf.blogs.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(size(&shelf.blogs[*at].folder)));
        let mut rows: Vec<Option<Row>> = (0..shelf.blogs.len()).map(|_| None).collect();
        let (mut told, mut done) = (0, 0);
        let mut note = |at: usize, row: Row| {
            let blog = &shelf.blogs[at];
            if blog.is_unpacked {
                // as soon as nobody needs it, so that the end of a batch is not the removal of everything
                let _ = fs::remove_dir_all(&blog.folder);
            }
            rows[at] = Some(Row { source: blog.place.clone(), refused: blog.refused as u64, ..row });
            done += 1;
            while let Some(Some(row)) = rows.get(told) {
                tell(row, done);
                told += 1;
            }
        };
        let mut shares: VecDeque<Vec<usize>> = VecDeque::from([order]);
        while let Some(share) = shares.pop_front().filter(|share| !share.is_empty()) {
            let (mut begun, mut left) = (BTreeSet::new(), share.iter().copied().collect::<BTreeSet<usize>>());
            let ended = self.share(&share, &shelf.blogs, |said| match said {
                Said::Begun(at) => _ = begun.insert(at),
                Said::Done(at, row) => {
                    begun.remove(&at);
                    if left.remove(&at) {
                        note(at, row);
                    }
                }
            });
            if left.is_empty() {
                continue;
            }
            let why =
                ended.map_or_else(|error| format!("{error:#}"), |status| format!("its process ended with {status}"));
            if share.len() == 1 || begun.is_empty() {
                for at in left {
                    let blog = &shelf.blogs[at];
                    note(at, Row::failed(&blog.name, &blog.place, why.clone()));
                }
                continue;
            }
            // whoever of them it was, it is alone now
            shares.push_back(share.into_iter().filter(|at| left.contains(at) && !begun.contains(at)).collect());
            for at in begun {
                shares.push_front(vec![at]);
            }
        }
        let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
        for (place, why) in &shelf.failed {
            let row = Row::failed(place, place, why.clone());
            tell(&row, rows.len());
            rows.push(row);
        }
        rows
    }

    /// Lets one process convert some blogs, and hears what it says of them.
    fn share(&self, share: &[usize], blogs: &[Found], mut hear: impl FnMut(Said)) -> Result<ExitStatus> {
        let mut worker = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("postferry cannot be started once more")?;
        let mut tasks = Vec::new();
        for at in share {
            let Found { name, folder, .. } = &blogs[*at];
            serde_json::to_writer(&mut tasks, &Task { at: *at, name: name.clone(), folder: folder.clone() })?;
            tasks.push(b'\n');
        }
        let stdin = worker.stdin.take();
        // a worker that dies at once does not read them
        let written = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&tasks)));
        for line in worker.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
            // a line that was torn by its end says nothing
            if let Some(said) = line.ok().and_then(|line| serde_json::from_str(&line).ok()) {
                hear(said);
            }
        }
        let _ = written.join();
        worker.wait().context("its process was lost")
    }
}

/// How much there is to do, as far as that shows without reading.
fn size(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len().min(1 << 20)).sum()
}
