//! `postferry mappings`.

use std::io::Write;

use anyhow::{Result, bail};

use postferry::mapping;

use super::args::{MappingsArgs, MappingsCommand};
use super::{Ending, job};

/// Runs the command.
pub fn run(args: &MappingsArgs, out: &mut impl Write) -> Result<Ending> {
    match &args.command {
        None => {
            for name in mapping::names() {
                writeln!(out, "{name}")?;
            }
            for name in mapping::theme::names() {
                writeln!(out, "themes/{name}")?;
            }
        }
        Some(MappingsCommand::Show { name, mapping: files }) => {
            if let Some(text) = name.strip_prefix("themes/").and_then(mapping::theme::text) {
                write!(out, "{text}")?;
                return Ok(Ending::Fine);
            }
            if !mapping::names().any(|known| known == name) {
                let known: Vec<&str> = mapping::names().collect();
                bail!("{name}: there is no such mapping; known are {}", known.join(", "));
            }
            write!(out, "{}", mapping::show(name, &job::user_files(files)?)?)?;
        }
        Some(MappingsCommand::Check { file }) => {
            for file in job::user_files(std::slice::from_ref(file))? {
                mapping::check(&file)?;
                writeln!(out, "{}: no mistakes", file.name)?;
            }
        }
    }
    Ok(Ending::Fine)
}
