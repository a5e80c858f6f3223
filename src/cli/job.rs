//! From raw arguments to a validated job.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use encoding_rs::Encoding;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use postferry::address::{HOSTS, Host};
use postferry::archive::{Limits, Unpacked, is_bare, unpack, unpack_revision};
use postferry::convert::{Job, Links};
use postferry::mapping::UserFile;
use postferry::model::Target;
use postferry::read::{READERS, ReadOptions, Reader, detect};
use postferry::write::html::Templates;
use postferry::write::{Preset, Theme, WRITERS, Writer};

use super::args::{FormArgs, LinksArg, ReadArgs, STARTER, SourceArgs, TargetArgs};
use super::error::meant;
use super::project;

/// The job of a source and a target.
pub fn job(source: &SourceArgs, target: &TargetArgs) -> Result<Job> {
    let mut job = with_writer(source, writer(&target.to)?)?;
    form(&mut job, &target.form)?;
    Ok(job)
}

/// Gives a job the form of the new site.
pub fn form(job: &mut Job, form: &FormArgs) -> Result<()> {
    job.theme = theme(&form.theme, job.writer)?;
    // what the user says of fields stands before what a theme asks for
    if let Some(preset) = job.theme.preset() {
        job.mappings.insert(0, preset.mapping());
    }
    if form.bundles && job.writer.bundle_folder("/").is_none() {
        bail!("--bundles: {} has none", job.writer.name());
    }
    job.redirects = form.redirects.iter().map(|name| host(name)).collect::<Result<_>>()?;
    job.links = match form.links {
        LinksArg::Addresses => Links::Addresses,
        LinksArg::Native => Links::Native,
        LinksArg::Relative => Links::Relative,
    };
    if form.relative {
        job.links = Links::Relative;
    }
    if let Some(folder) = &form.templates {
        if job.writer.target() != Target::Html {
            bail!(
                "--templates: {} has its own, which are written beside the content once and are yours",
                job.writer.name()
            );
        }
        job.templates = Templates::read(folder)?;
    }
    if job.links == Links::Relative && job.writer.target() != Target::Html {
        bail!("--relative: {} builds its pages itself, and makes their links; it is for html", job.writer.name());
    }
    if form.search && job.writer.target() != Target::Html {
        bail!("--search: {} builds its pages itself, and its themes bring a search; it is for html", job.writer.name());
    }
    (job.bundles, job.search) = (form.bundles, form.search);
    Ok(())
}

fn theme(name: &str, writer: &dyn Writer) -> Result<Theme> {
    Ok(match (name, Preset::of(name)) {
        (STARTER, _) => Theme::Starter,
        (_, Some(preset)) if preset.target == writer.name() => Theme::Preset(preset),
        (_, Some(preset)) => bail!("--theme {name}: it is a theme of {}", preset.target),
        _ => Theme::None,
    })
}

fn host(name: &str) -> Result<&'static Host> {
    let known: Vec<&str> = HOSTS.iter().map(|host| host.name).collect();
    Host::of(name).with_context(|| {
        format!("--redirects {name}: there is no such host{}; known are {}", meant(name, &known), known.join(", "))
    })
}

/// The job of a source and a writer.
pub fn with_writer(source: &SourceArgs, writer: &'static dyn Writer) -> Result<Job> {
    let mappings = user_files(&source.read.mapping)?;
    threads(source.read.threads)?;
    let (reader, options) = (reader(&source.read.from)?, options(&source.read)?);
    let mut job = match unpacked(source)? {
        Some(unpacked) => {
            let mut job = Job::new(&unpacked.folder, writer);
            job.unpacked = Some(Arc::new(unpacked));
            job
        }
        None => Job::new(&source.source, writer),
    };
    job.reader = reader;
    job.options = options;
    job.overrides = project::overrides(source.read.project.as_deref())?;
    job.mappings = mappings;
    if let Some(built) = source_date()? {
        job.built = built;
    }
    Ok(job)
}

/// The source unpacked, where it is an archive or a git repository.
fn unpacked(args: &SourceArgs) -> Result<Option<Unpacked>> {
    let SourceArgs { source, rev, .. } = args;
    let mut limits = Limits::default();
    limits.bytes = args.read.max_unpacked.unwrap_or(limits.bytes);
    if let Some(rev) = rev {
        if !source.is_dir() {
            bail!("--rev {rev}: {} is no git repository", source.display());
        }
        return Ok(Some(unpack_revision(source, rev, limits)?));
    }
    if source.is_file() {
        return Ok(Some(unpack(source, limits)?));
    }
    Ok(if is_bare(source) { Some(unpack_revision(source, "HEAD", limits)?) } else { None })
}

/// What counts as now where bytes must not depend on the day: `SOURCE_DATE_EPOCH`, in seconds (reproducible-builds.org).
fn source_date() -> Result<Option<Timestamp>> {
    const NAME: &str = "SOURCE_DATE_EPOCH";
    let Ok(given) = std::env::var(NAME) else { return Ok(None) };
    let second = given.trim().parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    second.map(Some).with_context(|| format!("{NAME}={given}: this is no time; write it in seconds since 1970"))
}

/// The writer of a name.
pub fn writer(name: &str) -> Result<&'static dyn Writer> {
    let found = WRITERS.iter().copied().find(|writer| writer.name() == name);
    let known: Vec<&str> = WRITERS.iter().map(|writer| writer.name()).collect();
    found.with_context(|| {
        format!("--to {name}: there is no such target{}; known are {}", meant(name, &known), known.join(", "))
    })
}

fn reader(name: &str) -> Result<Option<&'static dyn Reader>> {
    if name == "auto" {
        return Ok(None);
    }
    let known: Vec<&str> = READERS.iter().map(|reader| reader.name()).collect();
    let found = detect::by_name(name);
    found.map(Some).with_context(|| {
        format!(
            "--from {name}: there is no such generator{}; known are auto, {}",
            meant(name, &known),
            known.join(", ")
        )
    })
}

fn options(source: &ReadArgs) -> Result<ReadOptions> {
    let zone = match &source.timezone {
        None => None,
        Some(name) => {
            let zone = TimeZone::get(name);
            let zone = zone.map_err(|_| {
                anyhow::anyhow!("--timezone {name}: there is no such time zone; write it as Europe/Paris or UTC")
            })?;
            Some((name.clone(), zone))
        }
    };
    if let Some(url) = &source.base_url
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        bail!("--base-url {url}: an address begins with https:// or http://");
    }
    Ok(ReadOptions {
        permalink: source.permalink.clone(),
        zone,
        base_url: source.base_url.clone(),
        max_file_size: source.max_file_size,
        encoding: source.encoding.as_deref().map(encoding).transpose()?,
        renderer: source.renderer.as_ref().map(|name| name.to_lowercase()),
        media: source.media.clone(),
    })
}

/// An encoding by any of its names on the web.
fn encoding(name: &str) -> Result<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
        anyhow::anyhow!(
            "--encoding {name}: there is no encoding of this name; write it as gbk, big5, shift_jis or latin1"
        )
    })
}

/// The user's mapping files.
pub fn user_files(paths: &[std::path::PathBuf]) -> Result<Vec<UserFile>> {
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{}: the mapping file cannot be read", path.display()))?;
        Ok(UserFile { name: path.display().to_string(), text })
    };
    paths.iter().map(read).collect()
}

fn threads(count: Option<usize>) -> Result<()> {
    match count {
        Some(0) => bail!("-j 0: at least one thread is needed"),
        Some(count) => {
            // whoever converts again has them already
            let _ = rayon::ThreadPoolBuilder::new().num_threads(count).build_global();
            Ok(())
        }
        None => Ok(()),
    }
}
