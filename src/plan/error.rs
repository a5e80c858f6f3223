//! Why a plan cannot be written, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a plan cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The output folder holds files of somebody else's.
    #[error("{}: the folder is not empty and not postferry's own; choose another with -o, or write into it with --force", .0.display())]
    NotEmpty(PathBuf),
    /// The output folder is the source, or inside it, or the other way round.
    #[error("{}: the output folder and the source must not lie in each other", .0.display())]
    InsideSource(PathBuf),
    /// A path that leaves the output folder.
    #[error("{0:?} is no path below the output folder")]
    Escapes(String),
    /// A link in the output folder that leads out of it.
    #[error("{}: this link leads out of the output folder, and nothing is written through it; take it away, or choose another folder with -o", .0.display())]
    LeadsOut(PathBuf),
    /// The folder is none that an earlier run wrote.
    #[error("{}: no run of postferry has written here", .0.display())]
    NotOwn(PathBuf),
    /// The folder was written for something else, which this run would mix with its own.
    #[error("{}: this folder was written {was}, and would now be written {now}: {lost}; choose another with -o, or go on with --force", path.display())]
    Mixed {
        /// The output folder.
        path: PathBuf,
        /// What it was written for.
        was: String,
        /// What it would be written for.
        now: String,
        /// What of the earlier run would be lost or stand between the new files.
        lost: String,
    },
    /// The manifest cannot be read.
    #[error("{}: the list of what earlier runs wrote is damaged ({why}); put it back from a copy, or go on with --force, which then takes every file for one of its own", path.display())]
    Damaged {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The manifest is that of a later version.
    #[error("{}: this folder was written by postferry {version}, which is newer than this one; use that, or another folder with -o", path.display())]
    Newer {
        /// The output folder.
        path: PathBuf,
        /// The version that wrote it.
        version: String,
    },
    /// Another run is writing there.
    #[error("{}: another run of postferry is writing to this folder; wait for its end, and try again", .0.display())]
    Busy(PathBuf),
    /// The disk says no.
    #[error("{} cannot be written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// What is said about the plan cannot be shown.
    #[error("the differences cannot be written")]
    Show(#[source] io::Error),
}

/// Why a content cannot be made: what its maker says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unmade(pub String);
