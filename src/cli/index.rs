//! `postferry index`: what documents need of each other, in a folder that can be sent to many machines.
//!
//! It holds the blog as it is, but for the texts of its documents and the contents of its pictures: their front matter and
//! their names are all that others need.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use postferry::convert::{Conversion, Job, plan};
use postferry::plan::{Content, Options, apply};

use super::args::IndexArgs;
use super::{Ending, job};

/// The file that says how the blog is read.
pub const FILE: &str = "postferry-index.json";

/// The folder with what is needed of the blog.
pub const SOURCE: &str = "source";

/// Files above this size are nothing that a template reads.
const LONGEST: u64 = 1 << 20;

/// How the documents of an index are converted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Index {
    /// The version that wrote it: another one may need something else.
    pub postferry: String,
    /// The target.
    pub to: String,
    /// The options, as they are typed.
    pub options: Vec<String>,
    /// The mapping files, by their names in the index.
    pub mappings: Vec<String>,
    /// The project file, by its name in the index.
    pub project: Option<String>,
    /// When the old site counts as built, in seconds since 1970.
    pub built: i64,
}

/// Runs the command.
pub fn run(args: &IndexArgs, out: &mut impl Write) -> Result<Ending> {
    if args.form.bundles {
        bail!(
            "--bundles: which files belong to a document hangs on the texts of all, so that documents cannot be converted apart"
        );
    }
    if args.form.templates.is_some() {
        bail!(
            "--templates: an index holds none; convert the blog in one process, or with the templates that there are"
        );
    }
    if fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some()) && !args.out.join(FILE).is_file() {
        bail!("{}: the folder is not empty and no index; choose another with -o", args.out.display());
    }
    let job = job(args)?;
    let conversion = plan(&job)?;
    write(args, &job, &conversion).with_context(|| format!("{} cannot be written", args.out.display()))?;
    writeln!(out, "{} documents", conversion.documents().count())?;
    if let Some(rest) = &args.rest {
        let files = conversion.plan.files().iter();
        let count = conversion.documents().count();
        let rest_of = files.filter(|file| !is_document(&file.content, count)).cloned().collect();
        let changes = apply(&conversion.plan.with(rest_of), &job.source, rest, Options::default())?;
        writeln!(out, "{} other files", changes.steps.len())?;
    }
    Ok(Ending::Fine)
}

fn job(args: &IndexArgs) -> Result<Job> {
    let mut job = job::with_writer(&args.source, job::writer(&args.to)?)?;
    job::form(&mut job, &args.form)?;
    Ok(job)
}

/// Whether a content is made of one document alone.
fn is_document(content: &Content, documents: usize) -> bool {
    matches!(content, Content::Made(number) if *number < documents)
}

fn write(args: &IndexArgs, job: &Job, conversion: &Conversion) -> Result<()> {
    let whole = conversion.shows_texts()?;
    let bodies: HashMap<&Arc<str>, u32> = conversion.documents().collect();
    let from = job.source.canonicalize()?;
    let to = args.out.join(SOURCE);
    let _ = fs::remove_dir_all(&to);
    let walk = walkdir::WalkDir::new(&from).follow_links(true).into_iter();
    let is_wanted = |entry: &walkdir::DirEntry| !matches!(entry.file_name().to_str(), Some(".git" | "node_modules"));
    for entry in walk.filter_entry(is_wanted).flatten() {
        let below = entry.path().strip_prefix(&from)?;
        let target = to.join(below);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target)?;
        } else if entry.file_type().is_file() && entry.path().canonicalize().is_ok_and(|real| real.starts_with(&from)) {
            let path: Arc<str> = below.to_string_lossy().replace('\\', "/").into();
            let body = bodies.get(&path).copied().filter(|_| !whole);
            copy(entry.path(), &target, body)?;
        }
    }
    let mut mappings = Vec::new();
    for (at, mapping) in args.source.read.mapping.iter().enumerate() {
        let name = format!("mapping-{at}.toml");
        fs::copy(mapping, args.out.join(&name))?;
        mappings.push(name);
    }
    let project = match &args.source.read.project {
        Some(project) => {
            fs::copy(project, args.out.join("project.toml"))?;
            Some("project.toml".to_owned())
        }
        None => None,
    };
    let mut options = vec![format!("--from={}", args.source.read.from)];
    options.extend(args.source.read.options());
    // templates, the only paths among them, have been refused
    options.extend(args.form.typed().into_iter().filter_map(|typed| typed.into_string().ok()));
    let postferry = env!("CARGO_PKG_VERSION").to_owned();
    let index = Index { postferry, to: args.to.clone(), options, mappings, project, built: job.built.as_second() };
    fs::write(args.out.join(FILE), serde_json::to_vec_pretty(&index)?)?;
    Ok(())
}

/// Copies a file, or of a document the lines above its body; times are kept, for some generators read them.
fn copy(from: &Path, to: &Path, body: Option<u32>) -> Result<()> {
    let metadata = fs::metadata(from)?;
    let bytes = match body {
        Some(line) => {
            let bytes = fs::read(from)?;
            bytes
                .split_inclusive(|byte| *byte == b'\n')
                .take(line.saturating_sub(1) as usize)
                .collect::<Vec<_>>()
                .concat()
        }
        None if metadata.len() > LONGEST => Vec::new(),
        None => {
            let bytes = fs::read(from)?;
            // a picture is known by its name
            if memchr::memchr(0, &bytes[..bytes.len().min(8000)]).is_some() { Vec::new() } else { bytes }
        }
    };
    fs::write(to, bytes)?;
    if let Ok(modified) = metadata.modified() {
        fs::File::options().write(true).open(to)?.set_modified(modified)?;
    }
    Ok(())
}
