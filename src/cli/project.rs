//! The project file as a part of the command line: what it says stands in for options that are not given.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{ArgAction, CommandFactory};

use postferry::convert::Override;
use postferry::project::{PROJECT, Project};

use super::args::Cli;

/// The project file that the arguments name, or the one in this folder.
fn file(typed: &[OsString]) -> Option<PathBuf> {
    let mut named = typed.iter().enumerate().filter_map(|(at, argument)| match argument.to_str()? {
        "--project" => typed.get(at + 1).map(PathBuf::from),
        other => other.strip_prefix("--project=").map(PathBuf::from),
    });
    named.next().or_else(|| Some(PathBuf::from(PROJECT)).filter(|file| file.is_file()))
}

fn read(file: &Path) -> Result<(String, Project)> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{}: the project file cannot be read", file.display()))?;
    let project = Project::parse(&text, file)?;
    Ok((text, project))
}

/// What a project file says of single documents.
pub fn overrides(file: Option<&Path>) -> Result<Vec<Override>> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let (text, project) = read(file)?;
    Ok(project.overrides(&text, file)?)
}

/// The arguments of the process, and before them those of the project file that the command knows and that are not
/// given.
pub fn completed(typed: Vec<OsString>) -> Result<Vec<OsString>> {
    let command = Cli::command();
    let is_command =
        |argument: &&OsString| argument.to_str().is_some_and(|name| command.find_subcommand(name).is_some());
    let Some(at) = typed.iter().skip(1).position(|argument| is_command(&argument)).map(|at| at + 1) else {
        return Ok(typed);
    };
    let name = typed[at].to_str().unwrap_or_default();
    let takes_project =
        |command: &clap::Command| command.get_arguments().any(|known| known.get_long() == Some("project"));
    let Some(command) = command.find_subcommand(name).filter(|command| takes_project(command)) else {
        return Ok(typed);
    };
    let Some(file) = file(&typed) else { return Ok(typed) };
    let (_, project) = read(&file)?;
    let given = |long: &str, short: Option<char>| {
        typed[at + 1..].iter().filter_map(|argument| argument.to_str()).any(|argument| {
            let is_long = argument
                .strip_prefix("--")
                .is_some_and(|rest| rest == long || rest.strip_prefix(long).is_some_and(|rest| rest.starts_with('=')));
            let is_short = short.is_some_and(|short| {
                argument.strip_prefix('-').is_some_and(|rest| !rest.starts_with('-') && rest.starts_with(short))
            });
            is_long || is_short
        })
    };
    let mut added = vec![OsString::from("--project"), file.into_os_string()];
    for argument in command.get_arguments() {
        let Some(long) = argument.get_long().filter(|long| !given(long, argument.get_short())) else { continue };
        let is_flag = matches!(argument.get_action(), ArgAction::SetTrue);
        for value in values(&project, long) {
            added.push(format!("--{long}").into());
            added.extend((!is_flag).then_some(value));
        }
    }
    let mut whole: Vec<OsString> = typed[..=at].to_vec();
    whole.extend(added.into_iter().filter(|argument| argument != OsStr::new("--project") || !given("project", None)));
    whole.extend(typed[at + 1..].iter().cloned());
    // the source is the one argument without a name: it is added where the command misses it
    let misses = |whole: &[OsString]| {
        let error = Cli::command().try_get_matches_from(whole).err();
        error.is_some_and(|error| {
            error.kind() == clap::error::ErrorKind::MissingRequiredArgument && error.to_string().contains("<SOURCE>")
        })
    };
    let sources = if name == "batch" { project.batch.sources } else { project.source.into_iter().collect() };
    let wanted = if name == "batch" { !has_positional(&whole) } else { misses(&whole) };
    if wanted {
        whole.extend(sources.into_iter().map(PathBuf::into_os_string));
    }
    Ok(whole)
}

/// Whether sources are named already.
fn has_positional(whole: &[OsString]) -> bool {
    let matches = Cli::command().try_get_matches_from(whole);
    matches.is_ok_and(|matches| matches.subcommand().is_some_and(|(_, batch)| batch.contains_id("sources")))
}

/// What a project file says to an option.
fn values(project: &Project, long: &str) -> Vec<OsString> {
    let text = |value: &Option<String>| value.iter().map(OsString::from).collect();
    let texts = |values: &[String]| values.iter().map(OsString::from).collect();
    let paths = |values: &[PathBuf]| values.iter().map(|path| path.clone().into_os_string()).collect();
    let flag = |on: bool| on.then(OsString::new).into_iter().collect();
    match long {
        "rev" => text(&project.rev),
        "from" => text(&project.from),
        "to" => text(&project.to),
        "out" => project.out.iter().map(|path| path.clone().into_os_string()).collect(),
        "mapping" => paths(&project.mapping),
        "permalink" => text(&project.permalink),
        "timezone" => text(&project.timezone),
        "base-url" => text(&project.base_url),
        "encoding" => text(&project.encoding),
        "renderer" => text(&project.renderer),
        "redirects" => texts(&project.redirects),
        "bundles" => flag(project.bundles),
        "links" => text(&project.links),
        "relative" => flag(project.relative),
        "search" => flag(project.search),
        "templates" => project.templates.iter().map(|path| path.clone().into_os_string()).collect(),
        "theme" => text(&project.theme),
        "assets" => text(&project.assets),
        "on-edit" => text(&project.on_edit),
        "prune" => flag(project.prune),
        "deny" => texts(&project.deny),
        "report" => paths(&project.report),
        _ => Vec::new(),
    }
}
