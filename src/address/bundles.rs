//! Page bundles: documents that hold their own images (Hugo's leaf bundles, Zola's co-located assets).

use std::collections::{HashMap, HashSet};

use super::files::above;
use crate::model::{Asset, Post};

/// A file that lies beside its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// The document, by its place.
    pub document: usize,
    /// The name of the file in the bundle.
    pub name: String,
    /// Where it is served, below the base path.
    pub address: String,
    /// How its document's text names it.
    pub relative: String,
}

/// The bundles of a blog; empty unless they were asked for.
#[derive(Debug, Default)]
pub struct Bundles {
    of_file: HashMap<usize, Bundled>,
    documents: HashSet<usize>,
}

/// What a document of a blog refers to, and where it is served and written.
#[derive(Debug)]
pub struct Holder<'a> {
    /// The document.
    pub post: &'a Post,
    /// Its file below the output folder.
    pub path: &'a str,
    /// Where it is served.
    pub address: &'a str,
    /// Where the target serves the files of its bundle, with a slash at the end.
    pub folder: String,
    /// The old addresses that its text and its cover name.
    pub refers_to: HashSet<String>,
}

impl Bundles {
    /// Decides which files belong to one document alone: images that only it refers to, and what lies in a folder of
    /// the document's own.
    pub fn new(holders: &[Holder<'_>], assets: &[Asset]) -> Self {
        let mut referring: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, holder) in holders.iter().enumerate() {
            holder.refers_to.iter().for_each(|old| referring.entry(old).or_default().push(at));
        }
        let folders: HashMap<&str, usize> =
            holders.iter().enumerate().map(|(at, holder)| (stem(&holder.post.source), at)).collect();
        let inhabited: HashSet<&str> = holders.iter().flat_map(|holder| above(holder.path)).collect();
        let mut bundles = Bundles::default();
        let mut names: HashSet<(usize, String)> = HashSet::new();
        for (file, asset) in assets.iter().enumerate() {
            let by = referring.get(&*asset.address).map_or(&[][..], Vec::as_slice);
            let (folder, name) = asset.source.rsplit_once('/').unwrap_or(("", &asset.source));
            let owner = match by {
                [] => folders.get(folder).copied(),
                [one] if is_image(name) || folders.get(folder) == Some(one) => Some(*one),
                _ => None,
            };
            let Some(document) = owner.filter(|at| can_be_a_bundle(holders[*at].path, &inhabited)) else { continue };
            // a second file of one name stays where it is
            if names.insert((document, name.to_lowercase())) {
                bundles.of_file.insert(file, bundled(document, &holders[document], name));
                bundles.documents.insert(document);
            }
        }
        bundles
    }

    /// The place of a file in a bundle.
    pub fn of_file(&self, file: usize) -> Option<&Bundled> {
        self.of_file.get(&file)
    }

    /// Whether a document holds files.
    pub fn holds(&self, document: usize) -> bool {
        self.documents.contains(&document)
    }
}

fn bundled(document: usize, holder: &Holder<'_>, name: &str) -> Bundled {
    let address = format!("{}{name}", holder.folder);
    let page = &holder.address[..holder.address.rfind('/').map_or(0, |at| at + 1)];
    let relative = address.strip_prefix(page).unwrap_or(&address).to_owned();
    Bundled { document, name: name.to_owned(), address, relative }
}

/// The folder of a bundle holds nothing but its document and its files: another document in it would become a file.
fn can_be_a_bundle(path: &str, inhabited: &HashSet<&str>) -> bool {
    !path.ends_with("/_index.md") && !inhabited.contains(stem(path))
}

fn stem(path: &str) -> &str {
    path.rsplit_once('.').filter(|(_, extension)| !extension.contains('/')).map_or(path, |(stem, _)| stem)
}

fn is_image(name: &str) -> bool {
    const IMAGES: [&str; 10] = ["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "tif", "tiff"];
    name.rsplit_once('.').is_some_and(|(_, extension)| IMAGES.contains(&extension.to_lowercase().as_str()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Body, Dialect, Document, DocumentKind};

    pub fn post(source: &str) -> Post {
        Post::of(&Document {
            kind: DocumentKind::Post,
            source: source.into(),
            fields: Default::default(),
            body: Body { text: String::new(), dialect: Dialect::Marked, first_line: 1 },
            file_date: None,
            slug: String::new(),
            path_categories: Vec::new(),
            draft: false,
        })
    }

    #[test]
    fn a_file_of_one_document_alone_lies_beside_it() {
        let posts = [post("_posts/a.md"), post("_posts/b.md")];
        let holder = |at: usize, address: &'static str, folder: &str, refers_to: &[&str]| Holder {
            post: &posts[at],
            path: ["content/posts/a.md", "content/posts/b.md"][at],
            address,
            folder: folder.to_owned(),
            refers_to: refers_to.iter().map(|old| (*old).to_owned()).collect(),
        };
        let holders = [
            holder(0, "/x/a/", "/x/a/", &["/img/own.png", "/img/both.png", "/doc.pdf"]),
            holder(1, "/y/b.html", "/y/b/", &["/img/both.png", "/other/own.png"]),
        ];
        let asset = |source: &str| Asset { source: source.into(), address: format!("/{source}").into() };
        let assets =
            ["img/own.png", "img/both.png", "doc.pdf", "other/own.png", "_posts/b/spare.txt", "x.png"].map(asset);
        let bundles = Bundles::new(&holders, &assets);
        let seen: Vec<_> = (0..assets.len())
            .filter_map(|file| {
                bundles.of_file(file).map(|b| (file, b.document, b.address.as_str(), b.relative.as_str()))
            })
            .collect();
        let expected = [
            (0, 0, "/x/a/own.png", "own.png"),
            (3, 1, "/y/b/own.png", "b/own.png"),
            (4, 1, "/y/b/spare.txt", "b/spare.txt"),
        ];
        assert_eq!(seen, expected);
    }
}
