//! Blogs in folders and archives.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rayon::prelude::*;

use postferry::archive::{self, Format, Limits, Unpacked};
use postferry::read::detect;

/// Archives in archives in archives are opened, and no more.
const DEEPEST_ARCHIVE: usize = 3;

/// Folders below this are not searched.
const DEEPEST_FOLDER: usize = 12;

/// The files of which nearly every blog has one.
const MARKS: [&str; 6] = ["_config.yml", "_config.yaml", "_config.toml", "config.yml", "config.yaml", "_posts"];

/// A blog.
pub struct Found {
    /// The name of its output folder: unique, and the same each time.
    pub name: String,
    /// Where its files are.
    pub folder: PathBuf,
    /// Where it was found, in words of the command line.
    pub place: String,
    /// The entries of its archive that were not taken over.
    pub refused: usize,
    /// It was unpacked for the batch alone.
    pub is_unpacked: bool,
}

/// All blogs that were found.
#[derive(Default)]
pub struct Shelf {
    /// The blogs, in the order of the sources.
    pub blogs: Vec<Found>,
    /// What could not be looked into: its name, and why.
    pub failed: Vec<(String, String)>,
    /// The archives that blogs were unpacked from: their folders live as long as this.
    unpacked: Vec<Arc<Unpacked>>,
}

impl Shelf {
    /// Looks for blogs in every source.
    pub fn find(sources: &[PathBuf], max_unpacked: Option<u64>) -> Result<Shelf> {
        let mut limits = Limits::default();
        limits.bytes = max_unpacked.unwrap_or(limits.bytes);
        for source in sources {
            std::fs::metadata(source).with_context(|| format!("{}: there is nothing", source.display()))?;
        }
        let search = |source: &PathBuf| {
            let mut shelf = Shelf::default();
            let name = source.canonicalize().unwrap_or_else(|_| source.clone());
            let name = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let place = source.display().to_string();
            if source.is_dir() {
                // the folder that is named is the shelf; a blog has the name of its own folder
                let at = At { name, place, depth: 0, archives: 0, refused: 0 };
                shelf.folder(source, at, true, limits);
            } else {
                shelf.archive(source, At { name, place, depth: 0, archives: 0, refused: 0 }, limits);
            }
            shelf
        };
        // archives are unpacked side by side
        let found: Vec<Shelf> = sources.par_iter().map(search).collect();
        let mut shelf = Shelf::default();
        for Shelf { blogs, failed, unpacked } in found {
            shelf.blogs.extend(blogs);
            shelf.failed.extend(failed);
            shelf.unpacked.extend(unpacked);
        }
        shelf.name_apart();
        Ok(shelf)
    }

    fn folder(&mut self, folder: &Path, at: At, is_shelf: bool, limits: Limits) {
        if is_marked(folder) && is_blog(folder) {
            return self.blog(folder, at);
        }
        if at.depth > DEEPEST_FOLDER {
            return;
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.failed.push((at.place, error.to_string())),
        };
        let mut entries: Vec<std::fs::DirEntry> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let before = (self.blogs.len(), self.failed.len());
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            // a link would lead to what is found elsewhere, or beside the shelf
            let Ok(kind) = entry.file_type() else { continue };
            if name.starts_with('.') || name == "node_modules" || name == "__MACOSX" || kind.is_symlink() {
                continue;
            }
            let below = at.below(&name, is_shelf);
            if kind.is_dir() {
                self.folder(&entry.path(), below, false, limits);
            } else if Format::of_name(&entry.path()).is_some() {
                self.archive(&entry.path(), below, limits);
            }
        }
        // one without a configuration looks like any folder with texts: it is told by there being nothing else
        if (self.blogs.len(), self.failed.len()) == before && is_blog(folder) {
            self.blog(folder, at);
        }
    }

    fn blog(&mut self, folder: &Path, at: At) {
        let At { name, place, refused, archives, .. } = at;
        self.blogs.push(Found { name, folder: folder.to_owned(), place, refused, is_unpacked: archives > 0 });
    }

    fn archive(&mut self, path: &Path, mut at: At, limits: Limits) {
        if at.archives >= DEEPEST_ARCHIVE {
            return self.failed.push((at.place, format!("is an archive in {DEEPEST_ARCHIVE} others")));
        }
        at.name = at.name.rsplit_once('/').map_or_else(
            || Format::stem(&at.name).to_owned(),
            |(above, name)| format!("{above}/{}", Format::stem(name)),
        );
        match archive::unpack(path, limits) {
            Ok(unpacked) => {
                at.archives += 1;
                at.refused += unpacked.refused.len();
                let unpacked = Arc::new(unpacked);
                self.unpacked.push(unpacked.clone());
                // an archive that is named is a shelf as well, if there is more than one blog in it
                let is_shelf = at.depth == 0;
                self.folder(&unpacked.folder, at, is_shelf, limits);
            }
            // the place says which archive it was
            Err(error) => self.failed.push((at.place, anyhow::Error::from(error).to_string())),
        }
    }

    /// Of two blogs of one name the later one gets a number, and none stands inside another one's folder.
    fn name_apart(&mut self) {
        let mut taken: HashSet<String> = HashSet::from([super::report::FOLDER.to_owned()]);
        for blog in &mut self.blogs {
            let plain = plain(&blog.name);
            let free = |name: &String| !taken.contains(&name.to_lowercase());
            let numbered = (2..).map(|number| format!("{plain}-{number}"));
            if let Some(name) = std::iter::once(plain.clone()).chain(numbered).find(free) {
                taken.insert(name.to_lowercase());
                blog.name = name;
            }
        }
    }
}

/// Where something was found.
struct At {
    name: String,
    place: String,
    depth: usize,
    archives: usize,
    refused: usize,
}

impl At {
    fn below(&self, name: &str, is_shelf: bool) -> At {
        At {
            name: if is_shelf { name.to_owned() } else { format!("{}/{name}", self.name) },
            place: format!("{}/{name}", self.place),
            depth: self.depth + 1,
            archives: self.archives,
            refused: self.refused,
        }
    }
}

/// Whether a folder has what a blog has, and one that holds blogs has not.
fn is_marked(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).exists())
}

/// Whether a folder is a blog, as far as its generator can be told.
fn is_blog(folder: &Path) -> bool {
    detect::open(folder).is_ok_and(|folder| detect::detect(&folder).is_ok())
}

/// A name as a folder's: its parts joined, so that no output stands in another one.
fn plain(name: &str) -> String {
    let name: String = name.chars().map(|c| if c == '/' { '_' } else { c }).collect();
    let name: String = name.chars().filter(|c| !c.is_control() && !"<>:\"|?*\\".contains(*c)).collect();
    match name.trim_matches(['.', ' ']) {
        "" => "blog".to_owned(),
        name => name.to_owned(),
    }
}
