//! Files and the folders that they need: no name can be both.

use std::collections::{HashMap, HashSet};

use super::name::Name;

/// The files that a site is served from, as paths with `/` between their parts. Letter case does not count: on some
/// systems two names that differ in nothing else are one.
#[derive(Debug, Default)]
pub struct Files {
    files: HashSet<Name>,
    folders: HashSet<Name>,
    /// Names at which files will be that nobody has taken.
    in_the_way: HashSet<Name>,
}

impl Files {
    /// Takes a place; whether it was free.
    pub fn take(&mut self, path: &str) -> bool {
        let free = self.is_free(path);
        if free {
            self.files.insert(Name::in_any_case(path));
            self.folders.extend(above(path).map(Name::in_any_case));
        }
        free
    }

    /// Says that there will be a file: it can be taken, but nothing can be below it.
    pub fn stand_in_the_way(&mut self, path: &str) {
        self.in_the_way.insert(Name::in_any_case(path));
    }

    /// Whether there is no such file yet, and one can be there.
    pub fn is_free(&self, path: &str) -> bool {
        let loose = Name::in_any_case(path);
        !self.files.contains(&loose) && !self.folders.contains(&loose) && self.file_above(path).is_none()
    }

    /// The part of a path that should be a folder and is a file.
    fn file_above<'p>(&self, path: &'p str) -> Option<&'p str> {
        let is_file = |folder: &&str| {
            let name = Name::in_any_case(folder);
            self.files.contains(&name) || self.in_the_way.contains(&name)
        };
        above(path).find(is_file)
    }

    /// The path, or one like it below a folder of another name where a file stands in the way: `x-2.html/y` where there
    /// is an `x.html`.
    pub fn beside(&self, path: &str) -> String {
        let mut path = path.to_owned();
        while let Some(above) = self.file_above(&path) {
            let names = (2..).map(|number| numbered(above, number));
            let Some(free) = { names }.find(|name| !self.files.contains(&Name::in_any_case(name))) else { break };
            path = format!("{free}{}", &path[above.len()..]);
        }
        path
    }
}

/// Numbers for names that several ask for.
#[derive(Debug, Default)]
pub struct Numbers {
    /// The next number for each name, so that none is tried twice.
    next: HashMap<String, usize>,
}

impl Numbers {
    /// The name with the first number, from 2, with which it can be taken.
    pub fn first_free(&mut self, name: &str, mut take: impl FnMut(&str) -> bool) -> String {
        let next = self.next.entry(name.to_lowercase()).or_insert(2);
        loop {
            let candidate = numbered(name, *next);
            *next += 1;
            if take(&candidate) {
                return candidate;
            }
        }
    }
}

/// A path or address with a number before the extension or the slash at its end.
fn numbered(name: &str, number: usize) -> String {
    if let Some(folder) = name.strip_suffix('/') {
        return if folder.is_empty() { format!("/home-{number}/") } else { format!("{folder}-{number}/") };
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem}-{number}.{extension}"),
        _ => format!("{name}-{number}"),
    }
}

/// The folders above a path, the first one first.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).filter(|folder| !folder.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_file_and_a_folder() {
        let mut files = Files::default();
        assert!(files.take("x/index.html") && !files.take("X/index.html"));
        assert!(!files.take("x") && !files.take("x/index.html/y"));
        assert_eq!(files.beside("x/Index.html/y/index.html"), "x/Index-2.html/y/index.html");
        assert!(files.take("x/index.htm/y") && !files.take("x/index.htm"));
    }

    #[test]
    fn numbers_go_on_where_they_were() {
        let (mut numbers, mut tried) = (Numbers::default(), Vec::new());
        for free in ["/a-4.html", "/a-5.html"] {
            numbers.first_free("/a.html", |name| {
                tried.push(name.to_owned());
                name == free
            });
        }
        assert_eq!(tried, ["/a-2.html", "/a-3.html", "/a-4.html", "/a-5.html"]);
        assert_eq!(["/", "/b.c/d/", "/b.c/d"].map(|name| numbered(name, 2)), ["/home-2/", "/b.c/d-2/", "/b.c/d-2"]);
    }
}
