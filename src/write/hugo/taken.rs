//! The files that something is served from: of a document and a list at one address Hugo shows the list alone.

use super::{file_of, redirect_file_of};
use crate::address::{Files, Numbers, Served};
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Post};

/// What is served already.
pub struct Taken {
    files: Files,
    numbers: Numbers,
}

impl Taken {
    /// What Hugo itself serves: the lists at these addresses with their feeds, and the map of the site.
    pub fn new<'a>(lists: impl Iterator<Item = &'a str>) -> Self {
        let mut files = Files::default();
        files.take("sitemap.xml");
        for address in lists {
            files.take(&file_of(address));
            files.take(&format!("{address}index.xml")[1..]);
        }
        Taken { files, numbers: Numbers::default() }
    }

    /// Finds a place for a document. One that is the page of a list has its place.
    pub fn page(&mut self, post: &Post, served: &mut Served, ledger: &mut Ledger) {
        if served.list.is_some() {
            return;
        }
        let beside = format!("/{}", self.files.beside(&served.address[1..]));
        let address = match self.files.take(&file_of(&beside)) {
            true => beside,
            false => self.numbers.first_free(&beside, |address| self.files.take(&file_of(address))),
        };
        if *address != *served.address {
            let message = format!("Hugo itself has a page at {}; this one is now at {address}", served.address);
            ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
            served.address = address.into();
        }
    }

    /// Leaves out the aliases of a document that Hugo's own files are in the way of.
    pub fn aliases(&mut self, post: &Post, served: &mut Served, ledger: &mut Ledger) {
        served.aliases.retain(|alias| {
            let free = self.files.take(&redirect_file_of(alias));
            if !free {
                let message = format!("{alias} is a page of Hugo's own; it does not lead to {}", served.address);
                ledger.add(Code::AddressChanged, Place::top(post.source.clone()), message);
            }
            free
        });
    }
}
