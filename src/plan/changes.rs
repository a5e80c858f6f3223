//! How a plan is written, and what is done with each of its files.

use std::sync::Arc;

use super::File;
use super::transfer::Assets;

/// How a plan is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Write into a folder that is not postferry's own, or that was written for something else.
    pub force: bool,
    /// What is done with files that were changed by hand.
    pub on_edit: OnEdit,
    /// Remove what earlier runs wrote and this one does not plan.
    pub prune: bool,
    /// How the blog's own files are brought over.
    pub assets: Assets,
}

/// What is done with a file that the author has changed since it was written, or that is not postferry's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnEdit {
    /// It stays as it is.
    #[default]
    Keep,
    /// The new content replaces it.
    Overwrite,
    /// What has changed in the blog is worked into it. Where both have changed the same lines, both are there between
    /// marks like git's. What is no text, or not postferry's own, stays as it is.
    Merge,
}

/// What is done with one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create,
    /// It replaces what an earlier run wrote.
    Update,
    /// It is there as planned.
    Unchanged,
    /// The author has changed it since: it is kept as it is.
    Keep,
    /// The author has changed it, and so has the blog: both changes are in it.
    Merge,
    /// The author has changed the same lines as the blog: both are in it, between marks.
    Conflict,
    /// An earlier run wrote it and it is planned no more.
    Remove,
    /// An earlier run wrote it, it is planned no more, and it is left there.
    Leave,
    /// It could not be made or written; what an earlier run wrote is kept.
    Failed,
}

impl Action {
    /// The stable name, as plans and results show it.
    pub fn name(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Unchanged => "unchanged",
            Action::Keep => "keep",
            Action::Merge => "merge",
            Action::Conflict => "conflict",
            Action::Failed => "failed",
            Action::Remove => "remove",
            Action::Leave => "leave",
        }
    }
}

impl serde::Serialize for Action {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One file and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// The path below the output folder.
    pub path: Arc<str>,
    /// What is done.
    pub action: Action,
    /// The size of the planned content in bytes.
    pub bytes: u64,
}

/// A file that could not be made or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The path below the output folder.
    pub path: Arc<str>,
    /// The source file that it comes from, below the site's root, if from one.
    pub source: Option<Arc<str>>,
    /// What happened, in one sentence without a full stop.
    pub message: String,
}

/// What is done, or would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Every step, in the order of the paths.
    pub steps: Vec<Step>,
    /// The files that failed, in the same order.
    pub failed: Vec<Failure>,
}

impl Changes {
    /// Whether the output folder is other than planned, changes by hand not counted.
    pub fn differ(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step.action, Action::Unchanged | Action::Keep | Action::Leave))
    }

    /// Adds what was done with a planned file, or why nothing was.
    pub(super) fn add(&mut self, file: &File, done: Result<(Action, u64), String>) {
        let path = file.path.clone();
        let (action, bytes) = done.unwrap_or_else(|message| {
            self.failed.push(Failure { path: path.clone(), source: file.source.clone(), message });
            (Action::Failed, 0)
        });
        self.steps.push(Step { path, action, bytes });
    }

    pub(super) fn sort(&mut self) {
        self.steps.sort_by(|a, b| a.path.cmp(&b.path));
        self.failed.sort_by(|a, b| a.path.cmp(&b.path));
    }
}
