//! What one run leaves to the next: of every document what it came out as, what was found on the way, and what all that
//! depends on. As long as that is the same, the document is not carried over again.
//!
//! A document depends on its own file, its place on the new site, the settings of the site, the conversion itself, and on
//! where its links lead. What its templates see of other documents is not followed: such a document is carried again
//! when any document has changed.

mod entries;
mod index;

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash as _;
use std::sync::{Arc, Mutex, PoisonError};

use blake3::Hash;
use serde::{Deserialize, Serialize};

use super::LinkCounts;
use super::carry::Finding;
use super::parts::{PartLink, Parts};
use crate::address::{Book, Placed};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::markup::{Crossing, Part, standing};
use crate::model::Teaser;
use crate::plan::Stamp;
use entries::{KeptEntries, KeptPlace};
pub use index::{IndexMemory, LeftFiles};

/// The form of what is left: another one is not read.
const FORMAT: u32 = 3;

/// What a run has left, as it is in its file.
#[derive(Default, Serialize, Deserialize)]
pub struct Left {
    /// What files were read by.
    index_settings: Fingerprint,
    files: LeftFiles,
    /// What documents were carried by.
    settings: Fingerprint,
    carried: Carried,
}

impl Left {
    /// What is in the file; nothing where that cannot be read.
    pub fn read(bytes: Option<&[u8]>) -> Left {
        let read = bytes.and_then(|bytes| postcard::from_bytes::<(u32, Left)>(bytes).ok());
        read.filter(|(format, _)| *format == FORMAT).map(|(_, left)| left).unwrap_or_default()
    }

    /// What is left of the first pass, if files are still read by the same settings.
    pub fn files(&mut self, settings: Fingerprint) -> LeftFiles {
        let files = std::mem::take(&mut self.files);
        if self.index_settings == settings { files } else { LeftFiles::new() }
    }
}

/// What the last run has left, and what this one will.
pub struct Memory {
    /// What every document depends on.
    settings: Fingerprint,
    /// What those depend on whose templates look at others.
    around: Fingerprint,
    /// The stamps of the documents' files, as far as they can be trusted.
    stamps: Vec<Option<Stamp>>,
    index: IndexMemory,
    old: Carried,
    new: Mutex<New>,
    /// Whether there will be a next run that asks.
    is_kept: bool,
}

/// What is left of documents and pages.
#[derive(Default, Serialize, Deserialize)]
struct Carried {
    documents: HashMap<Arc<str>, (Content, Vec<u8>)>,
    pages: HashMap<Fingerprint, (Content, Vec<Arc<str>>)>,
}

/// What will be left.
#[derive(Default)]
struct New {
    documents: HashMap<usize, Vec<u8>>,
    pages: HashMap<usize, (Fingerprint, Vec<usize>)>,
}

/// The hash of a content.
type Content = [u8; 32];

/// What is remembered of a document.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// What it depends on, but for its links.
    key: Fingerprint,
    looks_around: bool,
    /// Its addresses within the blog, as typed.
    asked: Vec<String>,
    /// Where they lead.
    answers: Fingerprint,
    entries: KeptEntries,
    blocks: usize,
    html_blocks: usize,
    links: [usize; 4],
    parts: Parts,
    part_links: Vec<KeptPartLink>,
    /// The files that it refers to.
    used: Vec<Arc<str>>,
    /// What lists show of it.
    teaser: Option<Teaser>,
}

#[derive(Serialize, Deserialize)]
struct KeptPartLink {
    document: Arc<str>,
    id: String,
    typed: String,
    place: KeptPlace,
}

/// What documents are held against: everything that is known when the first of them is carried.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub crossing: &'a Crossing,
    pub book: &'a Book,
    /// What the pages of documents show beside them.
    pub surroundings: &'a dyn Fn(usize) -> Fingerprint,
}

impl Memory {
    /// What the last run has left, if this one depends on the same settings.
    pub fn new(left: Left, settings: Fingerprint, index: IndexMemory, crossing: &Crossing, is_kept: bool) -> Self {
        let blog = &crossing.old.blog;
        let stamp = |path: &str| blog.site.root.metadata(path).map(|metadata| Stamp::of(&metadata));
        let stamps: Vec<Option<Stamp>> =
            crossing.placed.iter().map(|placed| index.stamp_of(&placed.post.source)).collect();
        let mut around = Fingerprinter::default().with(&crossing.placed).with(&stamps).with(&blog.posts);
        for folder in &blog.site.includes {
            for file in blog.site.root.files(folder, |_| true) {
                around = around.with(&*file.path).with(&stamp(&file.path));
            }
        }
        for asset in &*blog.assets {
            around = around.with(&*asset.source).with(&*asset.address).with(&stamp(&asset.source));
        }
        let old = if left.settings == settings { left.carried } else { Carried::default() };
        Memory { settings, around: around.print(), stamps, index, old, new: Mutex::default(), is_kept }
    }

    /// What a document came out as the last time, and what was found, if all that it depends on is the same.
    pub fn recall(&self, at: usize, known: Known<'_>) -> Option<(Hash, Finding)> {
        let source = &known.crossing.placed[at].post.source;
        let (content, packed) = self.old.documents.get(source)?;
        let remembered: Remembered = postcard::from_bytes(packed).ok()?;
        let holds = remembered.key == self.key(at, remembered.looks_around, known)?
            && remembered.answers == answers(at, &remembered.asked, known);
        if !holds {
            return None;
        }
        let finding = remembered.unpacked(at, source, known.crossing)?;
        self.noted().documents.insert(at, packed.clone());
        Some((Hash::from_bytes(*content), finding))
    }

    /// Whether a document comes out as the last time.
    fn stands(&self, source: &Arc<str>, known: Known<'_>) -> Option<usize> {
        let at = known.crossing.placed.binary_search_by(|placed| placed.post.source.cmp(source)).ok()?;
        let (_, packed) = self.old.documents.get(source)?;
        let remembered: Remembered = postcard::from_bytes(packed).ok()?;
        let holds = remembered.key == self.key(at, remembered.looks_around, known)?
            && remembered.answers == answers(at, &remembered.asked, known);
        holds.then_some(at)
    }

    /// What a page that shows many documents came out as the last time, if all that it shows is the same.
    pub fn recall_page(&self, number: usize, known: Known<'_>) -> Option<Hash> {
        let key = self.key_of_page(number, known);
        let (content, shown) = self.old.pages.get(&key)?;
        let shown: Option<Vec<usize>> = shown.iter().map(|source| self.stands(source, known)).collect();
        self.noted().pages.insert(number, (key, shown?));
        Some(Hash::from_bytes(*content))
    }

    /// Remembers a document that was carried.
    pub fn keep(&self, finding: &Finding, looks_around: bool, asked: Vec<String>, known: Known<'_>) {
        let Some(key) = self.key(finding.at, looks_around, known).filter(|_| self.is_kept) else { return };
        let answers = answers(finding.at, &asked, known);
        let remembered = Remembered::packed(finding, (key, looks_around, asked, answers), known.crossing);
        // what cannot be packed is carried again
        if let Ok(packed) = postcard::to_allocvec(&remembered) {
            self.noted().documents.insert(finding.at, packed);
        }
    }

    /// Remembers a page that shows these documents.
    pub fn keep_page(&self, number: usize, shown: Vec<usize>, known: Known<'_>) {
        let key = self.key_of_page(number, known);
        self.noted().pages.insert(number, (key, shown));
    }

    /// What is left to the next run: of everything whose content is known.
    pub fn pack(&self, placed: &[Placed], hash_of: &dyn Fn(usize) -> Option<Hash>) -> Option<Vec<u8>> {
        let mut new = self.noted();
        let source = |at: usize| placed[at].post.source.clone();
        let documents = std::mem::take(&mut new.documents).into_iter();
        let documents: BTreeMap<Arc<str>, (Content, Vec<u8>)> =
            documents.filter_map(|(at, packed)| Some((source(at), (*hash_of(at)?.as_bytes(), packed)))).collect();
        let pages = std::mem::take(&mut new.pages).into_iter();
        let pages: BTreeMap<Fingerprint, (Content, Vec<Arc<str>>)> = pages
            .filter_map(|(number, (key, shown))| {
                let shown = shown.into_iter().map(source).collect();
                Some((key, (*hash_of(number)?.as_bytes(), shown)))
            })
            .collect();
        let (files, same_files) = self.index.take();
        let same = same_files
            && documents.len() == self.old.documents.len()
            && pages.len() == self.old.pages.len()
            && documents.iter().all(|(source, kept)| self.old.documents.get(source) == Some(kept))
            && pages.iter().all(|(key, kept)| self.old.pages.get(key) == Some(kept));
        if same {
            return None;
        }
        let files: BTreeMap<_, _> = files.into_iter().collect();
        postcard::to_allocvec(&(FORMAT, (self.index.settings, files, self.settings, (documents, pages)))).ok()
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, New> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, at: usize, looks_around: bool, known: Known<'_>) -> Option<Fingerprint> {
        let placed = &known.crossing.placed[at];
        let stands_for_list = placed.served.list.is_some();
        let mut key = Fingerprinter::default();
        self.settings.hash(&mut key);
        self.stamps[at]?.hash(&mut key);
        placed.hash(&mut key);
        (known.surroundings)(at).hash(&mut key);
        (looks_around || stands_for_list).then_some(self.around).hash(&mut key);
        Some(key.print())
    }

    fn key_of_page(&self, number: usize, known: Known<'_>) -> Fingerprint {
        Fingerprinter::default().with(&self.settings).with(&(known.surroundings)(number)).print()
    }
}

/// Where the addresses of a document lead.
fn answers(at: usize, asked: &[String], known: Known<'_>) -> Fingerprint {
    let mut answers = Fingerprinter::default();
    for typed in asked {
        let standing = standing(&known.crossing.placed[at].post, known.crossing, typed);
        standing.old.as_ref().map(|old| known.book.leaves_dead(old)).hash(&mut answers);
        standing.hash(&mut answers);
    }
    answers.print()
}

impl Remembered {
    fn packed(
        finding: &Finding,
        (key, looks_around, asked, answers): (Fingerprint, bool, Vec<String>, Fingerprint),
        crossing: &Crossing,
    ) -> Self {
        let source = |at: usize| &crossing.placed[at].post.source;
        let own = source(finding.at);
        let part_links = finding.part_links.iter().map(|link| KeptPartLink {
            document: source(link.part.document).clone(),
            id: link.part.id.clone(),
            typed: link.typed.clone(),
            place: KeptPlace::of(&link.place, own),
        });
        let LinkCounts { checked, dead_before, unknown, dead_now } = finding.links;
        Remembered {
            key,
            looks_around,
            asked,
            answers,
            entries: KeptEntries::of(&finding.ledger, own),
            blocks: finding.blocks,
            html_blocks: finding.html_blocks,
            links: [checked, dead_before, unknown, dead_now],
            parts: finding.parts.clone(),
            part_links: part_links.collect(),
            used: finding.used.iter().map(|file| crossing.old.blog.assets[*file].source.clone()).collect(),
            teaser: finding.teaser.clone(),
        }
    }

    /// `None` where a document or a file that it speaks of is no longer there.
    fn unpacked(self, at: usize, source: &Arc<str>, crossing: &Crossing) -> Option<Finding> {
        let blog = &crossing.old.blog;
        let mut part_links = Vec::with_capacity(self.part_links.len());
        for KeptPartLink { document, id, typed, place: kept } in self.part_links {
            let document = blog.place_of_source(&document)?;
            part_links.push(PartLink { part: Part { document, id }, typed, place: kept.place(source) });
        }
        let file = |source: &Arc<str>| blog.assets.binary_search_by(|asset| asset.source.cmp(source)).ok();
        let [checked, dead_before, unknown, dead_now] = self.links;
        Some(Finding {
            at,
            ledger: self.entries.ledger(source)?,
            blocks: self.blocks,
            html_blocks: self.html_blocks,
            links: LinkCounts { checked, dead_before, unknown, dead_now },
            parts: self.parts,
            part_links,
            used: self.used.iter().map(file).collect::<Option<_>>()?,
            teaser: self.teaser,
        })
    }
}
