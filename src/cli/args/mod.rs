//! The arguments as they are typed. Help, man page and completions come from here.

mod shared;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use shared::{AssetsArg, FormArgs, LinksArg, ReadArgs, STARTER, SourceArgs, TargetArgs, WriteArgs};

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
    /// Hold a finished site against the old one, page by page
    Verify(VerifyArgs),
    /// Show a finished site in a browser, on this machine alone
    Serve(ServeArgs),
    /// Show what is there: the generator, counts, and every field with where it would go
    Inspect(InspectArgs),
    /// List, show or check mapping files
    Mappings(MappingsArgs),
    /// Write the templates of plain HTML, to be changed
    Templates(TemplatesArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
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
pub struct VerifyArgs {
    /// The old site and the new one: folders of finished pages, or addresses on this machine. With --source, the new one
    /// alone
    #[arg(value_names = ["OLD", "NEW"], num_args = 1..=2, required = true)]
    pub sites: Vec<String>,
    /// A blog that stands for the old site: what postferry reads of it is what the new site must show
    #[arg(long, value_name = "BLOG")]
    pub source: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// Where the text of a document stands on a page, such as `.post-content` or `main article`; can be given several
    /// times. On each page the first one that it has is taken (default: what themes usually call it)
    #[arg(long, value_name = "SELECTOR")]
    pub content_selector: Vec<String>,
    /// Where the old site is published, if its pages do not say so
    #[arg(long, value_name = "URL")]
    pub old_url: Option<String>,
    /// Where the new site is published, if its pages do not say so
    #[arg(long, value_name = "URL")]
    pub new_url: Option<String>,
    /// Exit with 1 where documents differ in this, or where an old list, feed or redirect is not answered; can be given
    /// several times (default: all)
    #[arg(long, value_name = "ASPECT|lists|all|none")]
    pub deny: Vec<String>,
    /// Write what was found to a file, by its extension as JSON or HTML; can be given several times
    #[arg(long, value_name = "FILE.json|FILE.html")]
    pub report: Vec<PathBuf>,
    /// The form of results
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Show every document that differs, instead of the first twenty
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The folder of the site, as convert has written it
    pub dir: PathBuf,
    /// The port; without it, the first free one from 4000 on
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
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
pub struct TemplatesArgs {
    #[command(subcommand)]
    pub command: TemplatesCommand,
}

#[derive(Debug, Subcommand)]
pub enum TemplatesCommand {
    /// Write every template and the stylesheet into a folder, for `convert --templates`
    Export {
        /// The folder
        dir: PathBuf,
    },
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
        /// jekyll, hexo, ink, from-hugo, from-zola, hugo, zola or html
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
