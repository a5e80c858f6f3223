//! `postferry explain`: the story of a document, or of a code; and `postferry diff --against source`.

use std::io::Write;

use anyhow::{Context, Result, bail};

use postferry::convert::{Conversion, FieldStory, Story, plan};
use postferry::ledger::{Code, Entry};
use postferry::plan::{Form, Show};

use super::args::{ExplainArgs, Format, SourceArgs};
use super::error::meant;
use super::{Ending, job};

/// Runs the command.
pub fn run(args: &ExplainArgs, out: &mut impl Write) -> Result<Ending> {
    let Some(path) = &args.path else { return code(&args.subject, out) };
    let to = args.to.as_deref().context("--to is missing: say for which target the document is converted")?;
    let source = SourceArgs { source: args.subject.clone().into(), rev: None, read: args.read.clone() };
    let mut job = job::with_writer(&source, job::writer(to)?)?;
    job::form(&mut job, &args.form)?;
    let conversion = plan(&job)?;
    let path = path.trim_start_matches("./");
    let stories = conversion.stories(|source, file| source == path || file == path)?;
    if stories.is_empty() {
        bail!("{path}: there is no such document; name its file below {} or below the output folder", args.subject);
    }
    if args.format == Format::Json {
        let result = serde_json::json!({ "schema": postferry::SCHEMA, "documents": stories });
        serde_json::to_writer_pretty(&mut *out, &result)?;
        writeln!(out)?;
        return Ok(Ending::Fine);
    }
    for story in &stories {
        head(story, out)?;
        fields(story, out)?;
        addresses(story, out)?;
        links(story, out)?;
        entries(story.entries.iter(), out)?;
    }
    Ok(Ending::Fine)
}

/// What a code means.
fn code(name: &str, out: &mut impl Write) -> Result<Ending> {
    let Some(code) = Code::of(name) else {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        bail!(
            "{name}: there is no such code{}; for a document, name the blog and then its file; known are {}",
            meant(name, &known),
            known.join(", ")
        );
    };
    writeln!(out, "{}", explained(code).trim_end())?;
    Ok(Ending::Fine)
}

/// The part of the page on the ledger that is about a code.
fn explained(code: Code) -> &'static str {
    const PAGE: &str = include_str!("../../docs/ledger.md");
    let heading = format!("## {}\n", code.name());
    let part = PAGE.find(&heading).map(|at| &PAGE[at + 3..]).unwrap_or_default();
    part.split("\n## ").next().unwrap_or_default()
}

/// What happened to documents, as a diff from the source. Returns whether anything did.
pub fn against_source(conversion: &Conversion, show: &Show, out: &mut impl Write) -> Result<bool> {
    let stories = conversion.stories(|source, file| show.has(file, Some(source)))?;
    for story in &stories {
        match show.form {
            Form::Names => writeln!(out, "{}", story.source)?,
            Form::Stat => stat(story, show, out)?,
            Form::Patch => {
                head(story, out)?;
                fields(story, out)?;
                body(story, show, out)?;
            }
        }
    }
    Ok(!stories.is_empty())
}

fn head(story: &Story, out: &mut impl Write) -> Result<()> {
    Ok(writeln!(out, "{} → {}", story.source, story.file)?)
}

/// Every field: where it stood, what it was, where it is now, and by which rule.
fn fields(story: &Story, out: &mut impl Write) -> Result<()> {
    let (front, _) = parted(&story.text);
    for FieldStory { name, value, place, rule } in &story.fields {
        let rule = match rule {
            Some(file) => format!("[fields.{name}] of {file}"),
            None => "custom data: no rule names it".to_owned(),
        };
        writeln!(out, "  {}: {name}: {}  ({rule})", place.line, short(value))?;
    }
    if !front.is_empty() {
        writeln!(out, "  is now")?;
        front.lines().try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

/// The body as typed against the body as written, with the reasons of the edits above each hunk.
fn body(story: &Story, show: &Show, out: &mut impl Write) -> Result<()> {
    let (_, new) = parted(&story.text);
    let hunks = show.hunks(&story.body, new);
    let mut told = vec![false; story.entries.len()];
    for hunk in &hunks {
        let lines = story.body_line as usize + hunk.old.start..story.body_line as usize + hunk.old.end;
        let here: Vec<usize> =
            (0..told.len()).filter(|at| lines.contains(&(story.entries[*at].place.line as usize))).collect();
        entries(here.iter().map(|at| &story.entries[*at]), out)?;
        here.iter().for_each(|at| told[*at] = true);
        out.write_all(&hunk.text)?;
    }
    let rest = told.iter().zip(&story.entries).filter(|(told, _)| !**told).map(|(_, entry)| entry);
    entries(rest, out)
}

fn stat(story: &Story, show: &Show, out: &mut impl Write) -> Result<()> {
    let (_, new) = parted(&story.text);
    let hunks = show.hunks(&story.body, new).len();
    let parts =
        if hunks == 1 { "1 part of the body changed".to_owned() } else { format!("{hunks} parts of the body changed") };
    let entries =
        if story.entries.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", story.entries.len()) };
    Ok(writeln!(out, " {} | {} fields, {parts}, {entries}", story.source, story.fields.len())?)
}

fn addresses(story: &Story, out: &mut impl Write) -> Result<()> {
    if story.old == story.new {
        writeln!(out, "  served at {} as before", story.new)?;
    } else {
        writeln!(out, "  served at {}, before at {}", story.new, story.old)?;
    }
    for alias in &story.aliases {
        writeln!(out, "  {alias} leads to it")?;
    }
    Ok(())
}

fn links(story: &Story, out: &mut impl Write) -> Result<()> {
    for link in &story.links {
        let led =
            link.old.as_deref().map_or("leads to nothing that is known".to_owned(), |old| format!("leads to {old}"));
        match &link.written {
            Some(written) => writeln!(out, "  link {}: {led}, and is written {written}", link.typed)?,
            None => writeln!(out, "  link {}: {led}, as typed", link.typed)?,
        }
    }
    Ok(())
}

fn entries<'e>(entries: impl Iterator<Item = &'e Entry>, out: &mut impl Write) -> Result<()> {
    for entry in entries {
        writeln!(out, "  {}: {}: {}", entry.place.line, entry.code.name(), entry.message)?;
    }
    Ok(())
}

/// The front matter and the body of a new file; a page of HTML is all body.
fn parted(text: &str) -> (&str, &str) {
    let parts = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    parts.map_or(("", text), |(front, body)| (front, body.strip_prefix('\n').unwrap_or(body)))
}

fn short(value: &str) -> String {
    const LONGEST: usize = 100;
    let line: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    if value.chars().count() > LONGEST { format!("{line}…") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_explains_every_code_and_no_other() {
        let page = include_str!("../../docs/ledger.md");
        let names: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(names, Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>());
        for code in Code::ALL {
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let part = words(explained(*code));
            let begins = format!("{} **{}**: {}", code.name(), code.severity().name(), words(code.describe()));
            assert!(part.starts_with(&begins), "{part}\n{begins}");
            assert!(part.contains("- For example: ") && part.contains("- What comes out: "), "{part}");
            let todo = format!("- What to do: {}", words(code.hint()));
            assert_eq!(part.contains("- What to do: "), !code.hint().is_empty(), "{part}");
            assert!(code.hint().is_empty() || part.contains(&todo), "{part}");
        }
    }
}
