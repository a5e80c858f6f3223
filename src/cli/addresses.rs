//! The address book, as commands show it.

use std::io::Write;

use anyhow::Result;

use postferry::address::{Answer, Book, What};

use super::summary::plural;

/// How many addresses the old site had, and how they are answered.
pub fn line(book: &Book) -> String {
    let answers = [
        (Answer::Same, "unchanged"),
        (Answer::Alias, "by alias"),
        (Answer::Redirect, "for the host to redirect (--redirects)"),
        (Answer::Gone, "gone"),
    ];
    let counted = answers.map(|(answer, how)| (book.count(answer), how));
    let counted: Vec<String> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, how)| format!("{count} {how}")).collect();
    match counted.is_empty() {
        true => "0 addresses".to_owned(),
        false => format!("{}: {}", plural(book.rows().len(), "address", "addresses"), counted.join(", ")),
    }
}

/// Every old address, what was there, and where it is now; files that stay where they are only as a number.
pub fn table(book: &Book, out: &mut impl Write) -> Result<()> {
    writeln!(out, "\n{}", line(book))?;
    writeln!(out, "{:8}  {:8}  address", "answer", "what")?;
    let mut files = 0;
    for row in book.rows() {
        if row.what == What::File && row.answer == Answer::Same {
            files += 1;
            continue;
        }
        let moved = row.new.as_deref().filter(|_| row.answer != Answer::Same);
        let moved = moved.map(|new| format!(" → {new}")).unwrap_or_default();
        writeln!(out, "{:8}  {:8}  {}{moved}", row.answer.name(), row.what.name(), row.old)?;
    }
    if files > 0 {
        writeln!(out, "{:8}  {:8}  {files} more", Answer::Same.name(), What::File.name())?;
    }
    Ok(())
}
