//! Redirects for hosts, as files of the new site.

use super::Job;
use crate::address::Book;
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Site};
use crate::plan::{Content, File};

/// Writes the redirects of every host that was asked for. Where the author has such a file, they go to its end.
pub fn add(job: &Job, book: &Book, site: &Site, files: &mut Vec<File>, ledger: &mut Ledger) {
    let mut written: Vec<&str> = Vec::new();
    for host in &job.redirects {
        let Some(text) = host.redirects(book, site).filter(|_| !written.contains(&host.file)) else { continue };
        written.push(host.file);
        let folder = if host.published { job.writer.published_folder() } else { "" };
        let path = format!("{folder}/{}", host.file).trim_start_matches('/').to_owned();
        match files.iter_mut().find(|file| *file.path == *path) {
            Some(_) if host.file == "vercel.json" => {
                let message = format!("the blog has a {path} of its own: its redirects are not in it");
                ledger.add(Code::PathConflict, Place::file(path), message);
            }
            Some(own) => {
                let first = std::mem::replace(&mut own.content, Content::Bytes(Vec::new()));
                own.content = Content::Followed(Box::new((first, text.into_bytes())));
            }
            None => files.push(File { path: path.into(), content: Content::Bytes(text.into_bytes()), source: None }),
        }
    }
}
