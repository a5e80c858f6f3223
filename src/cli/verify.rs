//! `postferry verify`: two finished sites, or a blog and a finished site.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use postferry::convert::{Outcome, plan};
use postferry::plan::{Options, apply};
use postferry::read::detect;
use postferry::report;
use postferry::verify::{Aspect, Built, Compared, Marks, Verified, verify};

use super::args::{Format, SourceArgs, VerifyArgs};
use super::error::meant;
use super::{Ending, job};

/// What makes the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deny {
    Aspect(Aspect),
    Lists,
    All,
    None,
}

/// Runs the command.
pub fn run(args: &VerifyArgs, out: &mut impl Write) -> Result<Ending> {
    let deny = args.deny.iter().map(|name| deny(name)).collect::<Result<Vec<_>>>()?;
    let reports = args.report.iter().map(|path| Ok((path, form(path)?))).collect::<Result<Vec<_>>>()?;
    let marks = Marks::with_content(&args.content_selector)?;
    let (old, new) = match (args.sites.as_slice(), &args.source) {
        ([old, new], None) => (Old::Site(old), new),
        ([new], Some(blog)) => (Old::Blog(blog), new),
        ([_], None) => bail!("the new site is missing: name the old one and the new one, or a blog with --source"),
        _ => bail!("--source stands for the old site: name the new one alone"),
    };
    for site in &args.sites {
        refuse_source(site)?;
    }
    let new_site = Built::open(new, args.new_url.as_deref(), &marks)?;
    let (old_site, named, _folder) = match old {
        Old::Site(old) => (Built::open(old, args.old_url.as_deref(), &marks)?, old.clone(), None),
        Old::Blog(blog) => {
            let (folder, outcome) = pages(blog, args)?;
            let published = format!("{}{}", outcome.site.host, outcome.site.base_path);
            let url = args.old_url.as_ref().or(Some(&published)).filter(|url| !url.is_empty());
            let mut site = Built::open(&folder.path().to_string_lossy(), url.map(String::as_str), &marks)?;
            let old: HashSet<&str> = outcome.book.rows().iter().map(|row| without_index(&row.old)).collect();
            site.keep_only(|address| old.contains(address));
            (site, blog.display().to_string(), Some(folder))
        }
    };
    let verified = verify(&old_site, &new_site, &marks);
    for (path, form) in reports {
        write_report(path, form, &verified, (&named, new))
            .with_context(|| format!("{}: the report cannot be written", path.display()))?;
    }
    match args.format {
        Format::Json => {
            json(&verified, out)?;
            writeln!(out)?;
        }
        Format::Text => text(&verified, args.verbose, out)?,
    }
    Ok(ending(&verified, &deny))
}

/// The files of a blog are no pages yet.
fn refuse_source(named: &str) -> Result<()> {
    let Some(generator) = detect::open(Path::new(named)).ok().and_then(|folder| detect::spoken_for(&folder)) else {
        return Ok(());
    };
    bail!(
        "{named}: these are the sources of a blog ({generator}), not its pages; name the folder that the generator has \
         built, or say --source {named}"
    )
}

/// What the new site is held against.
enum Old<'a> {
    Site(&'a String),
    Blog(&'a PathBuf),
}

/// An address as that of the folder, where it names the folder's page.
fn without_index(address: &str) -> &str {
    address.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(address)
}

/// What postferry reads of a blog, as pages in a folder of their own.
fn pages(blog: &Path, args: &VerifyArgs) -> Result<(TempDir, Outcome)> {
    let source = SourceArgs { source: blog.to_owned(), rev: None, read: args.read.clone() };
    let job = job::with_writer(&source, job::writer("html")?)?;
    let conversion = plan(&job)?;
    let folder = tempfile::tempdir().context("no folder can be made for the pages of the blog")?;
    apply(&conversion.plan, &job.source, folder.path(), Options { force: true, ..Options::default() })?;
    Ok((folder, conversion.outcome(&[])))
}

fn deny(name: &str) -> Result<Deny> {
    match name {
        "all" => return Ok(Deny::All),
        "none" => return Ok(Deny::None),
        "lists" => return Ok(Deny::Lists),
        _ => {}
    }
    let known: Vec<&str> = Aspect::ALL.iter().map(|aspect| aspect.name()).collect();
    Aspect::of(name).map(Deny::Aspect).with_context(|| {
        format!(
            "--deny {name}: there is no such aspect{}; known are all, none, lists, {}",
            meant(name, &known),
            known.join(", ")
        )
    })
}

fn ending(verified: &Verified, deny: &[Deny]) -> Ending {
    let is_found = |deny: &Deny| match deny {
        Deny::Aspect(aspect) => verified.aspects.get(aspect.name()).is_some_and(|count| *count > 0),
        Deny::Lists => !verified.unanswered.is_empty(),
        Deny::All => !verified.differing.is_empty() || !verified.unanswered.is_empty() || !verified.unread.is_empty(),
        Deny::None => false,
    };
    let deny = if deny.is_empty() { &[Deny::All] } else { deny };
    if deny.iter().any(is_found) { Ending::Findings } else { Ending::Fine }
}

#[derive(Clone, Copy)]
enum Form {
    Json,
    Html,
}

fn form(path: &Path) -> Result<Form> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Ok(Form::Json),
        Some("html") => Ok(Form::Html),
        _ => bail!("--report {}: the file's name ends in .json or .html", path.display()),
    }
}

fn write_report(path: &Path, form: Form, verified: &Verified, (old, new): (&str, &str)) -> Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    match form {
        Form::Json => json(verified, &mut file)?,
        Form::Html => report::write_sites(verified, old, new, &mut file)?,
    }
    Ok(file.flush()?)
}

fn json(verified: &Verified, out: &mut impl Write) -> Result<()> {
    let mut result = serde_json::to_value(verified)?;
    result["schema"] = postferry::SCHEMA.into();
    Ok(serde_json::to_writer_pretty(out, &result)?)
}

/// So many documents and addresses are shown where nobody asks for all.
const SHOWN: usize = 20;

fn text(verified: &Verified, verbose: bool, out: &mut impl Write) -> Result<()> {
    let shown = if verbose { usize::MAX } else { SHOWN };
    for compared in verified.differing.iter().take(shown) {
        document(compared, out)?;
    }
    more(verified.differing.len(), shown, "documents differ", out)?;
    for one in verified.unanswered.iter().take(shown) {
        writeln!(out, "{}\n  nothing answers this {} any more", plain(&one.address), one.what)?;
    }
    more(verified.unanswered.len(), shown, "addresses are not answered", out)?;
    for address in verified.unread.iter().take(shown) {
        writeln!(
            out,
            "{}\n  this page is too long or nests too deep to be read: nothing is known of it",
            plain(address)
        )?;
    }
    more(verified.unread.len(), shown, "pages cannot be read", out)?;
    let Verified { documents, whole, others, .. } = *verified;
    writeln!(out, "{whole} of {documents} {} whole", if documents == 1 { "document is" } else { "documents are" })?;
    let differ: Vec<String> = Aspect::ALL
        .iter()
        .filter_map(|aspect| {
            verified.aspects.get(aspect.name()).filter(|count| **count > 0).map(|count| (aspect, count))
        })
        .map(|(aspect, count)| format!("{} in {count}", aspect.name()))
        .collect();
    if !differ.is_empty() {
        writeln!(out, "  what differs: {}", differ.join(", "))?;
    }
    writeln!(out, "  {} of {others} lists, feeds and redirects answered", others - verified.unanswered.len())?;
    if verified.added > 0 {
        writeln!(out, "  {} on the new site alone", verified.added)?;
    }
    Ok(())
}

fn document(compared: &Compared, out: &mut impl Write) -> Result<()> {
    let Compared { old, new, title, differences, .. } = compared;
    let at = new.as_ref().filter(|new| *new != old).map(|new| format!(" → {new}")).unwrap_or_default();
    writeln!(out, "{}{}  {}", plain(old), plain(&at), plain(title))?;
    for difference in differences {
        let side = |text: &str| if text.is_empty() { "nothing".to_owned() } else { plain(text) };
        writeln!(out, "  {}", difference.aspect.name())?;
        writeln!(out, "    - {}", side(&difference.old))?;
        writeln!(out, "    + {}", side(&difference.new))?;
    }
    Ok(())
}

/// Pages come from anywhere: nothing in one may speak to the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn more(count: usize, shown: usize, what: &str, out: &mut impl Write) -> Result<()> {
    if count > shown {
        writeln!(out, "… and {} more {what}; --verbose shows all of them", count - shown)?;
    }
    Ok(())
}
