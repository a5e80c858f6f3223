//! `postferry templates`.

use std::io::Write;

use anyhow::{Context, Result, bail};

use postferry::write::html::exported;

use super::Ending;
use super::args::{TemplatesArgs, TemplatesCommand};

/// Runs the command. What is there already is nobody else's to change.
pub fn run(args: &TemplatesArgs, out: &mut impl Write) -> Result<Ending> {
    let TemplatesCommand::Export { dir } = &args.command;
    let path = |name: &str| dir.join(name);
    if let Some((name, _)) = exported().find(|(name, _)| path(name).exists()) {
        bail!("{}: there is one already; choose another folder", path(name).display());
    }
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    for (name, text) in exported() {
        let path = path(name);
        std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(Ending::Fine)
}
