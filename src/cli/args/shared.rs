//! What several commands are told: where a blog comes from, where it goes, and how it is written.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use postferry::plan::{Assets, OnEdit, Options};
use postferry::write::Preset;

/// Where a blog comes from and how it is read.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The blog: a folder, an archive (zip, tar, tar.gz, tar.zst, tar.xz), an export of WordPress or a git repository
    pub source: PathBuf,
    /// The revision of the git repository to read, instead of the files in its folder
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
}

/// How a blog is read.
#[derive(Debug, Clone, Args)]
pub struct ReadArgs {
    /// The project file, which stands in for options that are not given (default: postferry.toml, where there is one)
    #[arg(long, value_name = "FILE")]
    pub project: Option<PathBuf>,
    /// How much an archive may become when it is unpacked (default: 8G)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_unpacked: Option<u64>,
    /// The largest text that is read; a larger one is told and left out (default: 16M)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_file_size: Option<u64>,
    /// The encoding of texts that are not UTF-8, such as gbk or big5 (default: guessed for each file, and told)
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The renderer of Markdown by whose rules bodies are read, instead of the one that the blog names
    #[arg(long, value_name = "NAME")]
    pub renderer: Option<String>,
    /// The generator that the blog is for
    #[arg(long, default_value = "auto", value_name = "auto|jekyll|hexo|ink|hugo|zola|wordpress")]
    pub from: String,
    /// A copy of the folder wp-content/uploads of a blog of WordPress, whose export holds no files
    #[arg(long, value_name = "DIR")]
    pub media: Option<PathBuf>,
    /// A mapping file of your own, layered on top of the built-in one; can be given several times
    #[arg(long, value_name = "FILE")]
    pub mapping: Vec<PathBuf>,
    /// The permalink pattern in the source generator's language, instead of its configuration's
    #[arg(long, value_name = "PATTERN")]
    pub permalink: Option<String>,
    /// The time zone in which dates are read where the blog names none (default: UTC)
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// The address at which the blog is published, instead of its configuration's
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The number of threads (default: one for each core)
    #[arg(short = 'j', value_name = "N")]
    pub threads: Option<usize>,
}

impl ReadArgs {
    /// The same as they are typed.
    pub fn typed(&self) -> Vec<OsString> {
        let mut typed = vec!["--from".into(), OsString::from(&self.from)];
        if let Some(project) = &self.project {
            typed.extend(["--project".into(), project.into()]);
        }
        if let Some(media) = &self.media {
            typed.extend(["--media".into(), media.into()]);
        }
        for mapping in &self.mapping {
            typed.extend(["--mapping".into(), mapping.into()]);
        }
        typed.extend(self.options().into_iter().map(OsString::from));
        typed.extend(self.max_unpacked.map(|size| format!("--max-unpacked={size}").into()));
        typed
    }

    /// What is said of the blog and its texts, as it is typed.
    pub fn options(&self) -> Vec<String> {
        let named = [
            ("--permalink", &self.permalink),
            ("--timezone", &self.timezone),
            ("--base-url", &self.base_url),
            ("--encoding", &self.encoding),
            ("--renderer", &self.renderer),
        ];
        let said = named.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
        said.chain(self.max_file_size.map(|size| format!("--max-file-size={size}"))).collect()
    }
}

impl FormArgs {
    /// The same as they are typed.
    pub fn typed(&self) -> Vec<OsString> {
        let mut typed: Vec<OsString> = self.redirects.iter().map(|host| format!("--redirects={host}").into()).collect();
        typed.extend(self.bundles.then(|| "--bundles".into()));
        typed.extend(self.links.typed().map(|links| format!("--links={links}").into()));
        if let Some(folder) = &self.templates {
            typed.extend(["--templates".into(), folder.into()]);
        }
        typed.extend(self.relative.then(|| "--relative".into()));
        typed.extend(self.search.then(|| "--search".into()));
        typed.extend((self.theme != STARTER).then(|| format!("--theme={}", self.theme).into()));
        typed
    }
}

/// A number of bytes, with K, M, G or T for powers of 1024.
fn size(text: &str) -> Result<u64, String> {
    let (number, power) = match text.char_indices().last() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => {
            let power = "KMGT".find(unit.to_ascii_uppercase()).ok_or("the units are K, M, G and T")?;
            (&text[..at], power + 1)
        }
        _ => (text, 0),
    };
    let number: u64 = number.trim().parse().map_err(|_| "it is a number, such as 500M")?;
    number.checked_mul(1 << (10 * power)).ok_or_else(|| "it is too large".to_owned())
}

/// Where a blog goes.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// What to write
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: String,
    /// The folder to write, or the archive, by the end of its name
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
}

/// How a new site is formed.
#[derive(Debug, Args)]
pub struct FormArgs {
    /// Write redirects for a host: the old addresses that the new site cannot answer by itself, or as csv all that
    /// moved; can be given several times
    #[arg(long, value_name = "netlify|cloudflare|nginx|apache|vercel|csv")]
    pub redirects: Vec<String>,
    /// Let documents hold their own images: Hugo's page bundles, Zola's co-located assets. Files that move so need
    /// their host to redirect their old addresses
    #[arg(long)]
    pub bundles: bool,
    /// How links between documents are written
    #[arg(long, value_enum, default_value_t = LinksArg::Addresses)]
    pub links: LinksArg,
    /// Plain HTML that opens by a double click: the same as --links relative
    #[arg(long, conflicts_with = "links")]
    pub relative: bool,
    /// A search on the pages of plain HTML, without a server: the texts, blocks of code aside, are written once more,
    /// in files that are loaded when somebody searches
    #[arg(long)]
    pub search: bool,
    /// Templates of your own for plain HTML, in a folder; `postferry templates export` writes those to begin with
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// The templates to write beside the content: a small theme that shows the blog at once (starter), none, or the shape
    /// that a well-known theme asks for, which you put in place yourself
    #[arg(long, value_name = "THEME", default_value = STARTER, value_parser = themes(), hide_default_value = true)]
    pub theme: String,
}

/// How links between documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinksArg {
    /// Addresses from the root of the host
    Addresses,
    /// Hugo's {{< relref >}} and Zola's @/, by the files of the documents
    Native,
    /// From file to file, for plain HTML alone: the folder opens by a double click
    Relative,
}

impl LinksArg {
    /// What is typed for it, if anything must be.
    pub fn typed(self) -> Option<&'static str> {
        match self {
            LinksArg::Addresses => None,
            LinksArg::Native => Some("native"),
            LinksArg::Relative => Some("relative"),
        }
    }
}

/// The theme that is written where nothing is said.
pub const STARTER: &str = "starter";

fn themes() -> PossibleValuesParser {
    PossibleValuesParser::new([STARTER, "none"].into_iter().chain(Preset::names()))
}

/// How the blog's own files come into the output folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AssetsArg {
    /// Copies, which share their blocks with the source where the file system can
    Copy,
    /// Hard links
    Link,
    /// Symbolic links to the source, which must stay where it is
    Reference,
}

impl From<AssetsArg> for Assets {
    fn from(arg: AssetsArg) -> Self {
        match arg {
            AssetsArg::Copy => Assets::Copy,
            AssetsArg::Link => Assets::Link,
            AssetsArg::Reference => Assets::Reference,
        }
    }
}

/// How an output folder is written.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// Write into a folder that is not postferry's own or was written for something else, and, where --on-edit says
    /// nothing else, over files that were changed by hand
    #[arg(long)]
    pub force: bool,
    /// What is done with files that were changed by hand since they were written
    #[arg(long, value_enum, value_name = "keep|overwrite|merge", hide_possible_values = true)]
    pub on_edit: Option<OnEditArg>,
    /// Remove what earlier runs wrote and this one does not
    #[arg(long)]
    pub prune: bool,
}

impl WriteArgs {
    /// The same as they are typed.
    pub fn typed(&self) -> Vec<OsString> {
        let on_edit = self.on_edit.map(|on_edit| match on_edit {
            OnEditArg::Keep => "--on-edit=keep",
            OnEditArg::Overwrite => "--on-edit=overwrite",
            OnEditArg::Merge => "--on-edit=merge",
        });
        let flags = [self.force.then_some("--force"), self.prune.then_some("--prune"), on_edit];
        flags.into_iter().flatten().map(OsString::from).collect()
    }

    /// The same for the plan.
    pub fn options(&self, assets: Assets) -> Options {
        let on_edit = match self.on_edit {
            Some(OnEditArg::Keep) => OnEdit::Keep,
            Some(OnEditArg::Merge) => OnEdit::Merge,
            Some(OnEditArg::Overwrite) => OnEdit::Overwrite,
            None if self.force => OnEdit::Overwrite,
            None => OnEdit::Keep,
        };
        Options { force: self.force, on_edit, prune: self.prune, assets }
    }
}

/// What is done with files that were changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnEditArg {
    /// They stay as they are
    Keep,
    /// They are written anew
    Overwrite,
    /// What has changed in the blog since is worked into them, with conflict marks where both changed the same lines
    Merge,
}
