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
        match files.iter_mut().find(|file| file.path == path) {
            Some(own) => match own.content.bytes() {
                Ok(bytes) if host.file != "vercel.json" => {
                    let end = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "\n" };
                    own.content = Content::Bytes([bytes.as_slice(), end.as_bytes(), text.as_bytes()].concat());
                }
                _ => {
                    let message = format!("the blog has a {path} of its own: its redirects are not in it");
                    ledger.add(Code::PathConflict, Place::file(&path), message);
                }
            },
            None => files.push(File { path, content: Content::Bytes(text.into_bytes()), source: None }),
        }
    }
}
