//! `postferry stream`: documents in, files and entries of the ledger out, a line each, in the order of the documents.
//!
//! Nothing but the index is needed, and nothing is kept from one document to the next: any engine that pipes lines through
//! a command runs it on as many machines as it has.

use std::io::{BufRead, Write};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use clap::Parser;
use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use postferry::convert::{Carried, Given, plan};
use postferry::ledger::{Code, Entry};

use super::args::{Cli, Command, StreamArgs};
use super::index::{FILE, Index, SOURCE};
use super::{Ending, job};

/// A document.
#[derive(Deserialize)]
struct Document {
    /// Its file below the source's root.
    path: String,
    /// What it holds.
    text: Option<String>,
    /// The same, where it is no UTF-8.
    base64: Option<String>,
}

/// A line of the result.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line<'a> {
    /// A file of the new site.
    File {
        path: &'a str,
        source: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        base64: Option<String>,
    },
    /// An entry of the ledger.
    Entry {
        #[serde(flatten)]
        entry: &'a Entry,
    },
    /// A line that could not be converted.
    Failed { path: &'a str, message: String },
}

/// Runs the command: exit code 1 where a document failed.
pub fn run(args: &StreamArgs, out: &mut impl Write) -> Result<Ending> {
    let given = Given::new(plan(&job(args)?)?);
    let mut ending = Ending::Fine;
    let mut lines = std::io::stdin().lock().lines();
    loop {
        /// So many documents are carried side by side.
        const HELD: usize = 64;
        let held: Vec<String> =
            lines.by_ref().take(HELD).collect::<Result<_, _>>().context("standard input cannot be read")?;
        if held.is_empty() {
            return Ok(ending);
        }
        let converted: Vec<(Vec<u8>, bool)> = held.par_iter().map(|line| convert(&given, line)).collect();
        for (text, failed) in converted {
            out.write_all(&text)?;
            if failed {
                ending = Ending::Findings;
            }
        }
        out.flush()?;
    }
}

fn job(args: &StreamArgs) -> Result<postferry::convert::Job> {
    let file = args.index.join(FILE);
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{}: this is no index; postferry index writes one", args.index.display()))?;
    let index: Index =
        serde_json::from_str(&text).with_context(|| format!("{}: the index is damaged", file.display()))?;
    if index.postferry != env!("CARGO_PKG_VERSION") {
        bail!("{}: the index was written by postferry {}; write it anew", args.index.display(), index.postferry);
    }
    let mut typed =
        vec!["postferry".into(), "convert".into(), format!("--to={}", args.to.as_ref().unwrap_or(&index.to)).into()];
    typed.extend(index.options.iter().map(Into::into));
    for mapping in &index.mappings {
        typed.extend(["--mapping".into(), args.index.join(mapping).into_os_string()]);
    }
    if let Some(project) = &index.project {
        typed.extend(["--project".into(), args.index.join(project).into_os_string()]);
    }
    typed.extend(args.threads.map(|threads| format!("-j{threads}").into()));
    typed.extend(["-o".into(), "unused".into(), args.index.join(SOURCE).into_os_string()]);
    let Command::Convert(convert) = Cli::try_parse_from(typed)?.command else { bail!("the index is damaged") };
    let mut job = job::job(&convert.source, &convert.target)?;
    job.built = Timestamp::from_second(index.built)?;
    job.is_given = true;
    Ok(job)
}

/// The lines of a document, and whether it failed.
fn convert(given: &Given, line: &str) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    if line.trim().is_empty() {
        return (out, false);
    }
    let mut failed = |path: &str, message: String| {
        push(&mut out, &Line::Failed { path, message });
        (std::mem::take(&mut out), true)
    };
    let document: Document = match serde_json::from_str(line) {
        Ok(document) => document,
        Err(error) => return failed("", format!("the line is no document: {error}")),
    };
    let path = document.path.as_str();
    let content = match (document.text, document.base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(packed)) => match BASE64_STANDARD.decode(packed) {
            Ok(bytes) => bytes,
            Err(error) => return failed(path, format!("its base64 is none: {error}")),
        },
        _ => return failed(path, "it has either `text` or `base64`".to_owned()),
    };
    let Carried { path: file, content: bytes, entries } = match given.carry(path, content) {
        None => return failed(path, "the index knows no document of this path".to_owned()),
        Some(Err(error)) => return failed(path, error.to_string()),
        Some(Ok(carried)) => carried,
    };
    let text = std::str::from_utf8(&bytes).ok();
    let base64 = text.is_none().then(|| BASE64_STANDARD.encode(&bytes));
    push(&mut out, &Line::File { path: &file, source: path, text, base64 });
    let is_error = |entry: &Entry| entry.code.severity() == postferry::ledger::Severity::Error;
    entries.iter().for_each(|entry| push(&mut out, &Line::Entry { entry }));
    let failed = entries.iter().any(|entry| is_error(entry) || entry.code == Code::FileFailed);
    (out, failed)
}

fn push(out: &mut Vec<u8>, line: &Line<'_>) {
    // nothing fails in memory
    let _ = serde_json::to_writer(&mut *out, line);
    out.push(b'\n');
}
