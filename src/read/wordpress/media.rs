//! The library: which files the items of type `attachment` stand for.

use std::collections::HashMap;

use indexmap::IndexMap;
use rayon::prelude::*;

use super::item::{meta, parsed};
use super::text::plain;
use crate::ledger::Ledger;
use crate::model::{Map, Value};
use crate::source::{SiteFile, SourceFolder};

/// Where WordPress keeps its files where nothing says otherwise (wp-includes/functions.php, `_wp_upload_dir`).
pub const UPLOADS: &str = "wp-content/uploads";

/// A file of the library.
#[derive(Debug, Default)]
struct Attachment {
    id: u64,
    address: String,
    alt: String,
    caption: String,
    is_image: bool,
    parent: u64,
    order: i64,
    /// Its path below the folder of all files.
    below: String,
}

/// The library of a blog.
#[derive(Debug, Default)]
pub struct Library {
    /// The addresses of its files, by their numbers.
    pub addresses: HashMap<u64, String>,
    /// The paths of its files below the folder of all, as far as they are known.
    pub below: Vec<String>,
    /// The address of the folder with all files, where the items say it.
    pub folder: Option<String>,
    /// What bodies can ask for: files by their numbers, and the pictures of each post.
    pub data: Map,
}

impl Library {
    /// Reads every item of the library.
    pub fn read(root: &SourceFolder, files: &[SiteFile]) -> Self {
        let read = |file: &SiteFile| attachment(root, file);
        let mut all: Vec<Attachment> = files.par_iter().filter_map(read).collect();
        all.sort_by_key(|one| (one.order, one.id));
        let mut library = Library { folder: folder_of(&all), ..Library::default() };
        let (mut known, mut held) = (Map::new(), IndexMap::<u64, Vec<Value>>::new());
        for one in all {
            if one.is_image && one.parent > 0 {
                held.entry(one.parent).or_default().push(Value::String(one.id.to_string()));
            }
            if !one.below.is_empty() {
                library.below.push(one.below);
            }
            let told = [&one.address, &one.alt, &one.caption].map(|text| Value::String(text.clone()));
            if one.is_image {
                known.insert(one.id.to_string(), Value::List(told.into()));
            }
            library.addresses.insert(one.id, one.address);
        }
        library.below.sort_unstable();
        let held = held.into_iter().map(|(parent, ids)| (parent.to_string(), Value::List(ids))).collect();
        library.data =
            Map::from_iter([("attachments".to_owned(), Value::Map(known)), ("attached".to_owned(), Value::Map(held))]);
        library
    }
}

fn attachment(root: &SourceFolder, file: &SiteFile) -> Option<Attachment> {
    let item = parsed(root, &file.path, &mut Ledger::default())?;
    let number = |name: &str| item.said(name).parse().unwrap_or_default();
    let address = [item.said("wp:attachment_url"), item.said("guid")].into_iter().find(|said| !said.is_empty())?;
    let name = address.rsplit('/').next().unwrap_or_default().to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Some(Attachment {
        id: number("wp:post_id"),
        address: address.to_owned(),
        alt: plain(meta(&item, "_wp_attachment_image_alt").unwrap_or_default()).0,
        caption: item.said("excerpt:encoded").to_owned(),
        is_image: matches!(extension, "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" | "svg" | "bmp"),
        parent: number("wp:post_parent"),
        order: item.said("wp:menu_order").parse().unwrap_or_default(),
        below: meta(&item, "_wp_attached_file").unwrap_or_default().to_owned(),
    })
}

/// The folder of all files is what stands in front of a file's path below it in the file's address
/// (wp-includes/post.php, `wp_get_attachment_url`); of most.
fn folder_of(all: &[Attachment]) -> Option<String> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for one in all {
        let folder = one.address.strip_suffix(&*one.below).and_then(|folder| folder.strip_suffix('/'));
        if let Some(folder) = folder.filter(|_| !one.below.is_empty()) {
            *counts.entry(folder).or_default() += 1;
        }
    }
    // of two as frequent the first one
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(folder, _)| folder.to_owned())
}
