//! `postferry inspect`.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use indexmap::IndexMap;
use serde::Serialize;

use postferry::address::Book;
use postferry::convert::{Job, Mapped, plan, read_and_map};
use postferry::mapping::{Destination, Mapping, TargetMapping};
use postferry::model::DocumentKind;
use postferry::write::Writer;

use super::args::{Format, InspectArgs};
use super::{Ending, addresses, job};

/// A field of the source.
#[derive(Debug, Default, Serialize)]
pub struct FieldRow {
    /// In how many documents it is.
    pub count: usize,
    /// Of which types its values are.
    pub types: BTreeSet<&'static str>,
    /// The beginning of one of them.
    pub example: String,
    /// Where it goes.
    pub destination: String,
}

/// What is shown.
struct Seen<'a> {
    mapped: &'a Mapped,
    fields: &'a IndexMap<String, FieldRow>,
    /// Asked for with a target.
    book: Option<&'a Book>,
    /// Asked for with `--unused`.
    unused: Option<&'a [Arc<str>]>,
}

/// Runs the command.
pub fn run(args: &InspectArgs, out: &mut impl Write) -> Result<Ending> {
    let writer = job::writer(args.to.as_deref().unwrap_or("hugo"))?;
    let job = job::with_writer(&args.source, writer)?;
    let mapped = read_and_map(&job)?;
    let fields = fields(&job, &mapped, args.to.is_some().then_some(writer))?;
    // where addresses go is known once a target has been named
    let conversion = (args.to.is_some() || args.unused).then(|| plan(&job)).transpose()?;
    let book = conversion.as_ref().filter(|_| args.to.is_some()).map(|conversion| conversion.book.clone());
    let unused = conversion.filter(|_| args.unused).map(|conversion| {
        // what a document refers to is known once it has been carried over
        conversion.plan.for_each(|_, _| ());
        conversion.outcome(&[]).unused
    });
    let seen = Seen { mapped: &mapped, fields: &fields, book: book.as_deref(), unused: unused.as_deref() };
    match args.format {
        Format::Text => text(&seen, out)?,
        Format::Json => json(&seen, out)?,
    }
    Ok(Ending::Fine)
}

/// Every field of the blog's front matter, the most frequent ones first.
pub fn fields(job: &Job, mapped: &Mapped, writer: Option<&'static dyn Writer>) -> Result<IndexMap<String, FieldRow>> {
    let target = writer.map(|writer| TargetMapping::of_target(writer.name(), &job.mappings)).transpose()?;
    let mut rows: IndexMap<String, FieldRow> = IndexMap::new();
    for post in &mapped.posts {
        for (name, field) in &mapped.details(post).fields {
            let row = rows.entry(name.clone()).or_default();
            row.count += 1;
            row.types.insert(field.value.type_name());
            if row.example.is_empty() {
                row.example = field.value.to_text().unwrap_or_default().chars().take(40).collect();
            }
        }
    }
    for (name, row) in &mut rows {
        row.destination = destination(name, mapped.mapping(), target.as_ref());
    }
    rows.sort_by(|a, left, b, right| right.count.cmp(&left.count).then(a.cmp(b)));
    Ok(rows)
}

fn destination(name: &str, mapping: &Mapping, target: Option<&TargetMapping>) -> String {
    let custom = |name: &str| format!("{}.{name}", target.map_or("extra", TargetMapping::custom));
    match mapping.rule(name).map(|rule| &rule.to) {
        None => custom(name),
        Some(Destination::Extra(to)) => custom(to),
        Some(Destination::Address) => "the address".to_owned(),
        Some(Destination::Drop) => "left out".to_owned(),
        Some(Destination::Model(field)) => match target.map(|target| target.destination(*field)) {
            Some(to) if !to.is_empty() => to.to_owned(),
            _ => field.name().to_owned(),
        },
    }
}

fn text(seen: &Seen<'_>, out: &mut impl Write) -> Result<()> {
    let Seen { mapped, fields, book, unused } = *seen;
    let site = mapped.site();
    let of = |kind: DocumentKind| mapped.posts.iter().filter(|post| post.kind == kind && !post.draft).count();
    writeln!(out, "generator  {}", mapped.reader().name())?;
    writeln!(out, "title      {}", site.title)?;
    writeln!(out, "address    {}{}", site.host, site.base_path)?;
    writeln!(out, "time zone  {}{}", site.zone_name, if site.zone_known { "" } else { " (assumed)" })?;
    writeln!(out, "posts      {}", of(DocumentKind::Post))?;
    writeln!(out, "pages      {}", of(DocumentKind::Page))?;
    let items = mapped.posts.iter().filter(|post| matches!(post.kind, DocumentKind::Item(_)) && !post.draft).count();
    if items > 0 {
        writeln!(out, "items      {items}")?;
    }
    writeln!(out, "drafts     {}", mapped.posts.iter().filter(|post| post.draft).count())?;
    writeln!(out, "files      {}", mapped.assets.len())?;
    writeln!(out, "\n{:>6}  {:24} {:24} {:16} example", "count", "field", "goes to", "types")?;
    for (name, row) in fields {
        let types: Vec<&str> = row.types.iter().copied().collect();
        writeln!(out, "{:>6}  {name:24} {:24} {:16} {}", row.count, row.destination, types.join(","), row.example)?;
    }
    if let Some(book) = book {
        addresses::table(book, out)?;
    }
    if let Some(unused) = unused {
        writeln!(out, "\n{} files that no document refers to; a theme may", unused.len())?;
        unused.iter().try_for_each(|file| writeln!(out, "{file}"))?;
    }
    Ok(())
}

fn json(seen: &Seen<'_>, out: &mut impl Write) -> Result<()> {
    let Seen { mapped, fields, book, unused } = *seen;
    let documents: Vec<_> = mapped
        .posts
        .iter()
        .map(|post| serde_json::json!({ "source": post.source, "address": post.address, "aliases": post.seldom().aliases, "draft": post.draft }))
        .collect();
    let result = serde_json::json!({
        "schema": postferry::SCHEMA,
        "generator": mapped.reader().name(),
        "title": mapped.site().title,
        "time_zone": mapped.site().zone_name,
        "fields": fields,
        "documents": documents,
        "addresses": book.map(Book::rows),
        "unused": unused,
        "files": mapped.assets.len(),
    });
    serde_json::to_writer_pretty(&mut *out, &result)?;
    writeln!(out)?;
    Ok(())
}
