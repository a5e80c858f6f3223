//! The arguments as they are typed. Help, man page and completions come from here.

use std::ffi::OsString;
use std::path::PathBuf;

use postferry::plan::{Assets, OnEdit, Options};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Carries a blog from one static site generator to another and proves that nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "postferry", bin_name = "postferry", version, max_term_width = 100)]
pub struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes the choice hold for all output.
    pub fn apply(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Convert a blog
    Convert(ConvertArgs),
    /// Show what convert would change in the output folder, as a unified diff
    Diff(DiffArgs),
    /// Convert many blogs: folders, archives, and whatever blogs are found in them
    Batch(BatchArgs),
    /// Write a project file and a mapping file for a blog
    Init(InitArgs),
    /// Write what the documents of a blog need of each other, to convert them in many processes
    Index(IndexArgs),
    /// Convert documents from standard input, by an index
    Stream(StreamArgs),
    /// Convert, and convert again whenever the blog changes
    Watch(WatchArgs),
    /// Tell the whole story of a document, or what a code of the ledger means
    Explain(ExplainArgs),
    /// Show what has become of the files that earlier runs wrote
    Status(StatusArgs),
    /// Show what is there: the generator, counts, and every field with where it would go
    Inspect(InspectArgs),
    /// List, show or check mapping files
    Mappings(MappingsArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Where a blog comes from and how it is read.
#[derive(Debug, Args)]
pub struct SourceArgs {
    /// The blog: a folder, an archive (zip, tar, tar.gz, tar.zst, tar.xz) or a git repository
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
    /// The generator that the blog is for
    #[arg(long, default_value = "auto", value_name = "auto|jekyll|hexo|ink")]
    pub from: String,
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
        for mapping in &self.mapping {
            typed.extend(["--mapping".into(), mapping.into()]);
        }
        let named = [("--permalink", &self.permalink), ("--timezone", &self.timezone), ("--base-url", &self.base_url)];
        for (name, value) in named {
            typed.extend(value.iter().map(|value| format!("{name}={value}").into()));
        }
        typed.extend(self.max_unpacked.map(|size| format!("--max-unpacked={size}").into()));
        typed
    }
}

impl FormArgs {
    /// The same as they are typed.
    pub fn typed(&self) -> Vec<OsString> {
        let mut typed: Vec<OsString> = self.redirects.iter().map(|host| format!("--redirects={host}").into()).collect();
        typed.extend(self.bundles.then(|| "--bundles".into()));
        typed.extend((self.links == LinksArg::Native).then(|| "--links=native".into()));
        typed.extend((self.theme == ThemeArg::None).then(|| "--theme=none".into()));
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
    /// The templates to write beside the content
    #[arg(long, value_enum, default_value_t = ThemeArg::Starter)]
    pub theme: ThemeArg,
}

/// How links between documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinksArg {
    /// Addresses from the root of the host
    Addresses,
    /// Hugo's {{< relref >}} and Zola's @/, by the files of the documents
    Native,
}

/// Which theme to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThemeArg {
    /// A small theme, so that the blog shows at once
    Starter,
    /// None
    None,
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

#[derive(Debug, Args)]
pub struct ConvertArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    /// Show the plan and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: show what would change as a patch
    #[arg(long, requires = "dry_run")]
    pub diff: bool,
    #[command(flatten)]
    pub show: ShowArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    /// How the blog's own files come into the output folder
    #[arg(long, value_enum, default_value_t = AssetsArg::Copy)]
    pub assets: AssetsArg,
    /// Write the ledger to a file, by its extension as JSON, HTML or SARIF; can be given several times
    #[arg(long, value_name = "FILE.json|FILE.html|FILE.sarif")]
    pub report: Vec<PathBuf>,
    /// Exit with 1 where the ledger holds this code, any warning or any loss, or where a link within the blog leads
    /// nowhere; can be given several times
    #[arg(long, value_name = "CODE|warnings|loss|dead-links")]
    pub deny: Vec<String>,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every entry of the ledger
    #[arg(short, long)]
    pub verbose: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
}

/// The form of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// What the new site is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Against {
    /// What is in the output folder
    Output,
    /// The source: what happened to each document, field by field and line by line
    Source,
}

/// How differences are shown.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The number of lines shown around a change
    #[arg(short = 'U', long, value_name = "N", default_value_t = 3)]
    pub unified: usize,
    /// Show how many lines change in which files
    #[arg(long, conflicts_with = "name_only")]
    pub stat: bool,
    /// Show the paths of the files that change
    #[arg(long)]
    pub name_only: bool,
    /// Write to the terminal itself, whatever PAGER says
    #[arg(long)]
    pub no_pager: bool,
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    /// What the new site is compared with: the output folder, or the documents of the source
    #[arg(long, value_enum, default_value_t = Against::Output)]
    pub against: Against,
    #[command(flatten)]
    pub show: ShowArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    /// Only these: paths below the output folder or below the source, or patterns of such
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
}

#[derive(Debug, Args)]
pub struct BatchArgs {
    /// Blogs, and folders and archives with blogs in them
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// Converts what standard input names
    #[arg(long, hide = true)]
    pub worker: bool,
    /// A file with more of them, one in a line; - for standard input
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// What to write
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: String,
    /// The folder in which each blog gets one of its own
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// What to write
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: String,
    /// The folder to write, or the archive, by the end of its name
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// The folder of the two files
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    /// How often the blog is looked at, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 500)]
    pub every: u64,
    /// Stop after so many conversions
    #[arg(long, value_name = "N", hide = true)]
    pub times: Option<usize>,
}

#[derive(Debug, Args)]
pub struct IndexArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// What to write
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: String,
    /// The folder of the index
    #[arg(short, long, value_name = "INDEX")]
    pub out: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
    /// Write every file that no single document becomes (configuration, templates, lists, the blog's other files) here
    #[arg(long, value_name = "DIR")]
    pub rest: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct StreamArgs {
    /// The folder of the index
    #[arg(long, value_name = "INDEX")]
    pub index: PathBuf,
    /// What to write, where it is not what the index was written for
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: Option<String>,
    /// The number of threads (default: one for each core)
    #[arg(short = 'j', value_name = "N")]
    pub threads: Option<usize>,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A code of the ledger; or a blog, and a document of it
    #[arg(value_name = "CODE|SOURCE")]
    pub subject: String,
    /// The document: its file below the source or below the output folder
    #[arg(value_name = "PATH")]
    pub path: Option<String>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// What is written
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: Option<String>,
    #[command(flatten)]
    pub form: FormArgs,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The folder that was written
    pub out: PathBuf,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct InspectArgs {
    #[command(flatten)]
    pub source: SourceArgs,
    /// Show where fields and addresses go in this target
    #[arg(long, value_name = "hugo|zola|html")]
    pub to: Option<String>,
    /// List the files that no document refers to
    #[arg(long)]
    pub unused: bool,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct MappingsArgs {
    #[command(subcommand)]
    pub command: Option<MappingsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum MappingsCommand {
    /// Print the effective mapping of a generator or target
    Show {
        /// jekyll, hexo, ink, hugo, zola or html
        name: String,
        /// A mapping file of your own, layered on top
        #[arg(long, value_name = "FILE")]
        mapping: Vec<PathBuf>,
    },
    /// Check a mapping file
    Check {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
