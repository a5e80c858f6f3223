//! The second pass: one document after the other is read, carried over, written and let go.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use blake3::Hash;

use super::memory::{Known, Memory};
use super::pairs::Pair;
use super::parts::{PartLink, Parts, Verdict};
use super::shelf::Shelf;
use super::story::{FieldStory, LinkStory, Story, shown};
use super::{Counts, LinkCounts};
use crate::address::{Book, Found, Placed};
use crate::ledger::{Code, Entry, Ledger};
use crate::markup::{Crossing, Link, OldPage, Translated, asked, standing, translate};
use crate::model::{Details, Opened, Teaser, Written};
use crate::plan::Maker;
use crate::template::looks_around;
use crate::tree::html;
use crate::write::{Finished, Others, Pages};

/// Carries documents over when their files are asked for, and keeps what was found on the way.
pub struct Carrier {
    shelf: Arc<Shelf>,
    crossing: Crossing,
    pages: Box<dyn Pages>,
    book: Arc<Book>,
    /// Which documents have been carried: what is found of one is noted once.
    carried: Box<[AtomicBool]>,
    /// Which of the blog's other files a document refers to.
    used: Box<[AtomicBool]>,
    /// What lists show of each document, as far as that is known.
    teasers: Box<[OnceLock<Option<Box<Teaser>>>]>,
    found: Mutex<Findings>,
    memory: Memory,
}

/// What is known of the blog when its first document is carried, and what was found on the way: there is much of it in a
/// large blog, and it is kept once.
struct Findings {
    ledger: Ledger,
    counts: Counts,
    /// The parts of each document's pages.
    parts: Vec<Parts>,
    /// The links to parts of other documents.
    part_links: Vec<PartLink>,
}

/// What was found of one document.
#[derive(Default)]
pub struct Finding {
    /// Its place among all of them.
    pub at: usize,
    /// What there is to say of it.
    pub ledger: Ledger,
    /// How many blocks its body has.
    pub blocks: usize,
    /// How many of them had to become HTML.
    pub html_blocks: usize,
    /// What became of its links.
    pub links: LinkCounts,
    /// The parts of its pages.
    pub parts: Parts,
    /// Its links to parts of other documents.
    pub part_links: Vec<PartLink>,
    /// The files that it refers to, by their places.
    pub used: Vec<usize>,
    /// What lists show of it, where the target's show more than its title.
    pub teaser: Option<Teaser>,
}

impl Carrier {
    /// Prepares to carry.
    pub fn new(
        shelf: Arc<Shelf>,
        crossing: Crossing,
        pages: Box<dyn Pages>,
        book: Arc<Book>,
        (counts, ledger): (Counts, Ledger),
        memory: Memory,
    ) -> Self {
        let flags = |count: usize| (0..count).map(|_| AtomicBool::new(false)).collect();
        let documents = crossing.placed.len();
        let parts = (0..documents).map(|_| Parts::default()).collect();
        Carrier {
            shelf,
            carried: flags(documents),
            used: flags(crossing.old.blog.assets.len()),
            teasers: (0..documents).map(|_| OnceLock::new()).collect(),
            crossing,
            pages,
            book,
            found: Mutex::new(Findings { ledger, counts, parts, part_links: Vec::new() }),
            memory,
        }
    }

    /// Shows what documents are held against to those who remember them.
    fn known<T>(&self, ask: impl FnOnce(Known<'_>) -> T) -> T {
        let surroundings = |number: usize| self.pages.surroundings(number);
        ask(Known { crossing: &self.crossing, book: &self.book, surroundings: &surroundings })
    }

    /// Every document with its place.
    pub fn placed(&self) -> &[Placed] {
        &self.crossing.placed
    }

    /// The whole story of a document.
    pub fn story(&self, at: usize) -> io::Result<Story> {
        let Placed { post, served, path } = &self.crossing.placed[at];
        let text = String::from_utf8_lossy(&self.make(at)?).into_owned();
        let opened = self.shelf.open(post)?;
        let (_, written, _) = self.carried(at)?;
        let page = OldPage::read(&opened, &self.crossing.old.blog, &mut Ledger::default());
        let link = |link: Link| LinkStory {
            old: link.found.map(|found| self.crossing.old.address(found).to_owned()),
            written: match link.field {
                Some(_) => written.cover.clone().filter(|cover| *cover != link.typed),
                None => standing(post, &self.crossing, &link.typed).written.into_iter().flatten().next(),
            },
            typed: link.typed,
        };
        let links = page.links(&self.crossing.old).into_iter().map(link).collect();
        let fields = opened.details.fields.iter().map(|(name, field)| FieldStory {
            name: name.clone(),
            value: shown(&field.value),
            place: field.place.clone(),
            rule: self.shelf.mapping().rule(name).map(|rule| rule.from.clone()),
        });
        let mut own = Ledger::default();
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let of_document = found.ledger.entries().iter().filter(|entry| entry.place.file == post.source);
        of_document.for_each(|entry| {
            own.restore(entry.code, entry.place.clone(), entry.message.clone(), entry.quote.clone());
        });
        own.sort();
        Ok(Story {
            source: post.source.clone(),
            file: path.clone(),
            fields: fields.collect(),
            old: post.address.clone(),
            new: served.address.clone(),
            aliases: served.aliases.clone(),
            links,
            entries: own.entries().to_vec(),
            body: opened.text,
            body_line: post.body_line,
            text,
        })
    }

    /// A document before and after; `marked` are the lines of which something is to be looked at.
    pub fn pair(&self, at: usize, marked: Vec<u32>) -> io::Result<Pair> {
        let Placed { post, path, .. } = &self.crossing.placed[at];
        let (_, written, _) = self.carried(at)?;
        let opened = self.shelf.open(post)?;
        let after = self.crossing.page(post, &written.text);
        let before = html::render(&OldPage::read(&opened, &self.crossing.old.blog, &mut Ledger::default()).tree);
        let (source, file) = (post.source.clone(), path.clone());
        Ok(Pair {
            source,
            file,
            typed: opened.text,
            line: post.body_line,
            written: written.text,
            before,
            after,
            marked,
        })
    }

    /// Reads a body and carries it over; what is found is noted the first time.
    fn carry(&self, at: usize) -> io::Result<(Details, Written)> {
        let (details, written, finding) = self.carried(at)?;
        if !self.carried[at].swap(true, Ordering::Relaxed) {
            self.note(finding);
        }
        Ok((details, written))
    }

    /// Reads a body and carries it over.
    fn carried(&self, at: usize) -> io::Result<(Details, Written, Finding)> {
        let opened = self.shelf.open(&self.crossing.placed[at].post)?;
        let mut ledger = Ledger::default();
        let page = OldPage::read(&opened, &self.crossing.old.blog, &mut ledger);
        let links = page.links(&self.crossing.old);
        let ids = page.ids();
        let (looks_around, asked) = (looks_around(&opened.text), asked(&page, &self.crossing));
        let Translated { written, ids: new, blocks, html_blocks } = translate(page, &self.crossing, &mut ledger);
        let parts = Parts::new(&ids, new.as_ref().unwrap_or(&ids));
        let mut finding = Finding { at, ledger, blocks, html_blocks, parts, ..Finding::default() };
        self.follow(&opened, links, &mut finding);
        finding.teaser = self.pages.teaser(&opened.details, &written);
        self.known(|known| self.memory.keep(&finding, looks_around, asked, known));
        Ok((opened.details, written, finding))
    }

    /// The file of a document whose content is given, and what is found of it.
    pub fn given(&self, at: usize, content: Vec<u8>) -> io::Result<(Vec<u8>, Ledger)> {
        let (root, source) = (&self.shelf.site.root, &self.crossing.placed[at].post.source);
        root.stand_in(source, Some(content.into()));
        let carried = self.carried(at);
        root.stand_in(source, None);
        let (details, written, finding) = carried?;
        let others = Shown { carrier: self, asked: RefCell::default() };
        let document = Finished { details: &details, written: &written, teaser: finding.teaser.as_ref() };
        let page = self.pages.document(at, document, &others).map_err(io::Error::other)?;
        Ok((page.into_bytes(), finding.ledger))
    }

    /// What is known of all documents, as far as none has been carried.
    pub fn known_first(&self) -> Vec<Entry> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).ledger.entries().to_vec()
    }

    /// A document, read once more.
    pub fn opened(&self, at: usize) -> io::Result<Opened> {
        self.shelf.open(&self.crossing.placed[at].post)
    }

    /// Counts the links of a page, enters those that lead nowhere, and keeps those that lead to parts of others.
    fn follow(&self, post: &Opened, links: Vec<Link>, finding: &mut Finding) {
        let Finding { at, ledger, links: counts, parts, part_links, used, .. } = finding;
        counts.checked = links.len();
        for mut link in links {
            let Some(found) = link.found else {
                match link.report_dead(post, self.crossing.old.beyond.unseen.as_deref(), ledger) {
                    true => counts.dead_before += 1,
                    false => counts.unknown += 1,
                }
                counts.dead_now += usize::from(!link.repaired);
                continue;
            };
            if let Found::File(file) = found {
                used.push(file);
            }
            if found == Found::LeftBehind {
                counts.dead_now += 1;
                let message = "leads to a file of the old theme or its templates, which is not taken over";
                ledger.add_quoting(Code::LinkDead, link.place(post), message, &link.typed);
                continue;
            }
            let old = self.crossing.old.address(found);
            if self.book.leaves_dead(old) {
                counts.dead_now += 1;
                let message = format!("{old} does not answer on the new site");
                ledger.add_quoting(Code::LinkDead, link.place(post), message, &link.typed);
            }
            let Some(part) = link.part.take() else { continue };
            let link = PartLink { place: link.place(post), part, typed: link.typed };
            if link.part.document == *at {
                counts.judge(link.judge(parts, &self.crossing, ledger));
            } else {
                part_links.push(link);
            }
        }
    }

    fn note(&self, finding: Finding) {
        // of a document that was carried twice both say the same
        let _ = self.teasers[finding.at].set(finding.teaser.map(Box::new));
        finding.used.iter().for_each(|file| self.used[*file].store(true, Ordering::Relaxed));
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.ledger.absorb(finding.ledger);
        found.counts.blocks += finding.blocks;
        found.counts.html_blocks += finding.html_blocks;
        found.counts.links.add(finding.links);
        found.parts[finding.at] = finding.parts;
        found.part_links.extend(finding.part_links);
    }

    /// Hands over all that is known and was found. Links to parts of documents that nobody has asked for are not judged.
    pub fn conclude(&self) -> (Counts, Ledger) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut counts, mut ledger) = (found.counts, std::mem::take(&mut found.ledger));
        for link in std::mem::take(&mut found.part_links) {
            if self.carried[link.part.document].load(Ordering::Relaxed) {
                let parts = &found.parts[link.part.document];
                counts.links.judge(link.judge(parts, &self.crossing, &mut ledger));
            }
        }
        (counts, ledger)
    }

    /// The files that no document refers to, as far as documents have been asked for.
    pub fn unused(&self) -> Vec<Arc<str>> {
        let assets = self.crossing.old.blog.assets.iter().zip(&self.used);
        assets.filter(|(_, used)| !used.load(Ordering::Relaxed)).map(|(asset, _)| asset.source.clone()).collect()
    }
}

/// The other documents as a page shows them, and which of them it asked for.
struct Shown<'a> {
    carrier: &'a Carrier,
    asked: RefCell<Vec<usize>>,
}

impl Others for Shown<'_> {
    // of a document that cannot be read any more its own file tells
    fn body(&self, at: usize) -> (Details, Written) {
        self.asked.borrow_mut().push(at);
        self.carrier.carry(at).unwrap_or_default()
    }

    fn teaser(&self, at: usize) -> Option<&Teaser> {
        self.asked.borrow_mut().push(at);
        if self.carrier.teasers[at].get().is_none() {
            let _ = self.carrier.carry(at);
        }
        self.carrier.teasers[at].get()?.as_deref()
    }
}

impl Maker for Carrier {
    fn make(&self, number: usize) -> io::Result<Vec<u8>> {
        let others = Shown { carrier: self, asked: RefCell::default() };
        let text = if number < self.crossing.placed.len() {
            let (details, written) = self.carry(number)?;
            let teaser = self.teasers[number].get().and_then(Option::as_deref);
            let document = Finished { details: &details, written: &written, teaser };
            self.pages.document(number, document, &others).map_err(io::Error::other)?
        } else {
            let page = self.pages.page(number, &others).map_err(io::Error::other)?;
            self.known(|known| self.memory.keep_page(number, others.asked.into_inner(), known));
            page
        };
        Ok(text.into_bytes())
    }

    fn comes_late(&self, number: usize) -> bool {
        self.crossing.placed.get(number).is_none_or(|placed| placed.served.list.is_some())
    }

    fn recall(&self, number: usize) -> Option<Hash> {
        if number >= self.crossing.placed.len() {
            return self.known(|known| self.memory.recall_page(number, known));
        }
        let (content, finding) = self.known(|known| self.memory.recall(number, known))?;
        if !self.carried[number].swap(true, Ordering::Relaxed) {
            self.note(finding);
        }
        Some(content)
    }

    fn memory(&self, hash_of: &dyn Fn(usize) -> Option<Hash>) -> Option<Vec<u8>> {
        self.memory.pack(&self.crossing.placed, hash_of)
    }
}

impl LinkCounts {
    fn add(&mut self, other: LinkCounts) {
        self.checked += other.checked;
        self.dead_before += other.dead_before;
        self.unknown += other.unknown;
        self.dead_now += other.dead_now;
    }

    fn judge(&mut self, verdict: Verdict) {
        self.dead_before += usize::from(verdict == Verdict::DeadBefore);
        self.unknown += usize::from(verdict == Verdict::Unknown);
        self.dead_now += usize::from(verdict != Verdict::Alive);
    }
}
