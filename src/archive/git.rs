//! Revisions of git repositories, read by git's own commands.
//!
//! A repository is as hostile as an archive: its configuration can name programs. Only objects are asked for
//! (`ls-tree`, `cat-file`), which runs no filter, no hook and no pager; nothing is fetched.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::ArchiveError;
use super::sink::{Entry, Sink, Stop};

/// Whether a folder is a git repository without files of its own.
pub fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// A file with nothing in it.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

fn git(repository: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(repository).args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
    git.args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    // whose it is does not matter to who only reads its objects
    git.args(["-c", "safe.directory=*"]);
    git.args(arguments);
    // git takes its repository, its objects and its settings from the environment before it looks where it stands
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            git.env_remove(name);
        }
    }
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", NOWHERE).env("GIT_ALLOW_PROTOCOL", "");
    git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}

/// One line of `ls-tree`.
struct Listed {
    mode: String,
    object: String,
    path: Vec<u8>,
}

/// Unpacks a revision.
pub fn unpack(repository: &Path, rev: &str, sink: &mut Sink) -> Result<(), ArchiveError> {
    let fails = |why: String| ArchiveError::Git { path: repository.to_owned(), rev: rev.to_owned(), why };
    if rev.starts_with('-') {
        return Err(fails("a revision begins with no dash".to_owned()));
    }
    let asked = |arguments: &[&str]| {
        let ran = git(repository, arguments).output().map_err(|error| fails(format!("git cannot be run: {error}")))?;
        let told = String::from_utf8_lossy(&ran.stderr);
        let why =
            || told.trim().lines().last().unwrap_or("it does not say why").trim_start_matches("fatal: ").to_owned();
        if ran.status.success() { Ok(ran.stdout) } else { Err(fails(why())) }
    };
    let commit = asked(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{rev}^{{commit}}")])
        .map_err(|_| fails("there is no such revision".to_owned()))?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let time = committed(&asked(&["cat-file", "commit", &commit])?);
    // below a folder of a work tree, its part of the revision alone, with paths from there
    let listed = asked(&["ls-tree", "-r", "-z", &commit])?;
    let listed = listed.split(|byte| *byte == 0).filter(|row| !row.is_empty()).filter_map(row);
    objects(repository, listed.collect(), time, sink).map_err(|stop| match stop {
        Stop::Write(error) => ArchiveError::Write(error),
        Stop::Damaged(error) => fails(error.to_string()),
    })
}

/// When a commit was made: `committer <name> <address> <second> <zone>`.
fn committed(commit: &[u8]) -> Option<u64> {
    let line = commit.split(|byte| *byte == b'\n').find(|line| line.starts_with(b"committer "))?;
    String::from_utf8_lossy(line).rsplit(' ').nth(1)?.parse().ok()
}

fn row(row: &[u8]) -> Option<Listed> {
    let tab = row.iter().position(|byte| *byte == b'\t')?;
    let head = std::str::from_utf8(&row[..tab]).ok()?;
    let mut fields = head.split(' ');
    let (mode, _, object) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Listed { mode: mode.to_owned(), object: object.to_owned(), path: row[tab + 1..].to_vec() })
}

/// Asks one git for one object after the other.
fn objects(repository: &Path, listed: Vec<Listed>, time: Option<u64>, sink: &mut Sink) -> Result<(), Stop> {
    let mut command = git(repository, &["cat-file", "--batch"]);
    let mut git = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(Stop::Damaged)?;
    let ended = || Stop::Damaged(io::Error::other("git ended before everything was read"));
    let (Some(mut ask), Some(answers)) = (git.stdin.take(), git.stdout.take()) else { return Err(ended()) };
    let mut answers = BufReader::new(answers);
    for Listed { mode, object, path } in listed {
        if mode == "160000" {
            sink.refuse(&path, "is another repository (a submodule), which is not in this one".to_owned());
            continue;
        }
        ask.write_all(format!("{object}\n").as_bytes()).and_then(|()| ask.flush()).map_err(Stop::Damaged)?;
        let mut head = String::new();
        answers.read_line(&mut head).map_err(Stop::Damaged)?;
        // `<object> blob <size>`, or `<object> missing`
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else {
            sink.refuse(&path, "is missing in the repository".to_owned());
            continue;
        };
        let mut content = answers.by_ref().take(size);
        match mode.as_str() {
            "120000" => {
                let mut target = Vec::new();
                content.by_ref().take(4096).read_to_end(&mut target).map_err(Stop::Damaged)?;
                sink.put(&path, Entry::Link(target), None)?;
            }
            _ => sink.put(&path, Entry::File(&mut content), time)?,
        }
        // what a refused entry held, and the line end behind every object
        io::copy(&mut content, &mut io::sink()).map_err(Stop::Damaged)?;
        answers.read_exact(&mut [0]).map_err(|_| ended())?;
    }
    drop(ask);
    let _ = git.wait();
    Ok(())
}
