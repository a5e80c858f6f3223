//! What became of a blog, in a line.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// A blog of a batch. It is a line of the result in JSON, and what a later batch knows by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The version of the form.
    pub schema: u32,
    /// The name of its output folder.
    pub blog: String,
    /// Where it was found.
    pub source: String,
    /// The generator; empty where it could not be read.
    pub generator: String,
    /// How many posts it has, drafts not counted.
    pub posts: u64,
    /// How many documents it has.
    pub documents: u64,
    /// Of how many documents nothing was lost.
    pub whole: u64,
    /// How often each code of the ledger tells of a loss or an error.
    pub losses: BTreeMap<String, u64>,
    /// How many entries of its archive were not taken over.
    pub refused: u64,
    /// How long it took.
    pub seconds: f64,
    /// The exit code of its conversion.
    pub exit: i32,
    /// What was said where it could not be converted.
    pub error: Option<String>,
}

impl Row {
    /// Of something that could not be looked into.
    pub fn failed(name: &str, source: &str, error: String) -> Self {
        Row {
            schema: postferry::SCHEMA,
            blog: name.to_owned(),
            source: source.to_owned(),
            generator: String::new(),
            posts: 0,
            documents: 0,
            whole: 0,
            losses: BTreeMap::new(),
            refused: 0,
            seconds: 0.0,
            exit: 2,
            error: Some(error),
        }
    }

    /// Writes it as a line of JSON.
    pub fn write_line(&self, out: &mut impl Write) -> Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        writeln!(out)?;
        Ok(())
    }
}

/// Writes all rows as a table.
pub fn table(rows: &[Row], out: &mut impl Write) -> Result<()> {
    let name = rows.iter().map(|row| row.blog.chars().count()).max().unwrap_or(0).max(4);
    writeln!(
        out,
        "{:name$}  {:9}  {:>6}  {:>9}  {:>6}  {:>7}  exit",
        "blog", "generator", "posts", "documents", "whole", "seconds"
    )?;
    for row in rows {
        let pad = " ".repeat(name - row.blog.chars().count());
        writeln!(
            out,
            "{}{pad}  {:9}  {:>6}  {:>9}  {:>6}  {:>7.2}  {}",
            row.blog, row.generator, row.posts, row.documents, row.whole, row.seconds, row.exit
        )?;
        if let Some(error) = &row.error {
            writeln!(out, "  {}", error.lines().next().unwrap_or_default())?;
        }
        if !row.losses.is_empty() {
            let losses: Vec<String> = row.losses.iter().map(|(code, count)| format!("{count} {code}")).collect();
            writeln!(out, "  {}", losses.join(", "))?;
        }
        if row.refused > 0 {
            writeln!(out, "  {} archive-entry-refused", row.refused)?;
        }
    }
    let failed = rows.iter().filter(|row| row.exit == 2).count();
    let posts: u64 = rows.iter().map(|row| row.posts).sum();
    let blogs = if rows.len() == 1 { "1 blog".to_owned() } else { format!("{} blogs", rows.len()) };
    writeln!(out, "{blogs}, {failed} failed, {posts} posts")?;
    Ok(())
}
