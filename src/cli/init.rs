//! `postferry init`: a project file, and a mapping file with every field of the blog, ready to be changed.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use postferry::convert::{Mapped, read_and_map};
use postferry::mapping::{Destination, Rule, rule_text};
use postferry::project::PROJECT;

use super::args::InitArgs;
use super::inspect::{FieldRow, fields};
use super::{Ending, job};

/// The mapping file's name.
const FIELDS: &str = "postferry-fields.toml";

/// Runs the command.
pub fn run(args: &InitArgs, out: &mut impl Write) -> Result<Ending> {
    let writer = job::writer(&args.to)?;
    let job = job::with_writer(&args.source, writer)?;
    let mapped = read_and_map(&job)?;
    let rows = fields(&job, &mapped, Some(writer))?;
    let texts = [(PROJECT, project(args, &mapped)), (FIELDS, mapping(&mapped, &rows))];
    let path = |name: &str| args.folder.join(name);
    if let Some((name, _)) = texts.iter().find(|(name, _)| !args.force && path(name).exists()) {
        bail!("{}: there is one already; --force replaces it", path(name).display());
    }
    for (name, text) in &texts {
        let path = path(name);
        write(&path, text, args.force).with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(out, "{}", path.display())?;
    }
    anstream::eprintln!("Next: look at both files, then postferry convert --dry-run");
    Ok(Ending::Fine)
}

fn write(path: &Path, text: &str, force: bool) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(force).truncate(force).create_new(!force);
    options.open(path)?.write_all(text.as_bytes())
}

fn project(args: &InitArgs, mapped: &Mapped) -> String {
    let site = mapped.site();
    let relative = |path: &PathBuf| quoted(&path.display().to_string());
    let zone = if site.zone_known { "" } else { "  # the blog names none" };
    format!(
        "# How {title} is converted: `postferry convert` in this folder needs no options. Every long option can stand here by its\n\
         # name, and what is typed counts more.\n\n\
         source = {source}\n\
         from = {from}\n\
         to = {to}\n\
         out = {out}\n\
         timezone = {timezone}{zone}\n\
         mapping = [{fields}]\n\n\
         # What is true of some documents alone:\n\
         #\n\
         # [[override]]\n\
         # paths = [\"_posts/2012-*\"]\n\
         # zone = \"Europe/Berlin\"\n\
         # dialect = \"kramdown\"       # kramdown, marked, gomarkdown or html\n\
         # fields.layout = \"post\"\n",
        title = quoted(&site.title),
        source = relative(&args.source.source),
        from = quoted(mapped.reader().name()),
        to = quoted(&args.to),
        out = relative(&args.out),
        timezone = quoted(&site.zone_name),
        fields = quoted(FIELDS),
    )
}

fn mapping(mapped: &Mapped, rows: &indexmap::IndexMap<String, FieldRow>) -> String {
    let mut text = format!(
        "# Every field of the blog's front matter, and where it goes. Change what you like: `postferry mappings show {0}`\n\
         # lists the rules that are built in, docs/mappings.md says what can stand here.\nfor = \"{0}\"\n",
        mapped.reader().name()
    );
    for (name, row) in rows {
        let custom = || Rule { to: Destination::Extra(name.clone()), invert: false, key: None, from: String::new() };
        let rule = mapped.mapping().rule(name).cloned().unwrap_or_else(custom);
        let example: String = row.example.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let types: Vec<&str> = row.types.iter().copied().collect();
        text.push_str(&format!("\n# {} documents, {}: {example}\n", row.count, types.join(" or ")));
        text.push_str(&rule_text(name, &rule, &format!("  # {}", row.destination)));
    }
    text
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
