//! The second pass: one document after the other is read, carried over, written and let go.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::parts::{PartLink, Parts, Verdict};
use super::shelf::Shelf;
use super::{Counts, LinkCounts};
use crate::address::{Book, Found};
use crate::ledger::{Code, Ledger};
use crate::markup::{Crossing, Link, OldPage, Translated, translate};
use crate::model::{Details, Opened, Written};
use crate::plan::Maker;
use crate::write::Pages;

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
    found: Mutex<Findings>,
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
struct Finding {
    at: usize,
    ledger: Ledger,
    blocks: usize,
    html_blocks: usize,
    links: LinkCounts,
    parts: Parts,
    part_links: Vec<PartLink>,
}

impl Carrier {
    /// Prepares to carry.
    pub fn new(
        shelf: Arc<Shelf>,
        crossing: Crossing,
        pages: Box<dyn Pages>,
        book: Arc<Book>,
        (counts, ledger): (Counts, Ledger),
    ) -> Self {
        let flags = |count: usize| (0..count).map(|_| AtomicBool::new(false)).collect();
        let documents = crossing.placed.len();
        let parts = (0..documents).map(|_| Parts::default()).collect();
        Carrier {
            shelf,
            carried: flags(documents),
            used: flags(crossing.old.blog.assets.len()),
            crossing,
            pages,
            book,
            found: Mutex::new(Findings { ledger, counts, parts, part_links: Vec::new() }),
        }
    }

    /// Reads a body and carries it over.
    fn carry(&self, at: usize) -> io::Result<(Details, Written)> {
        let opened = self.shelf.open(&self.crossing.placed[at].post)?;
        let mut ledger = Ledger::default();
        let page = OldPage::read(&opened, &self.crossing.old.blog, &mut ledger);
        let links = page.links(&self.crossing.old);
        let ids = page.ids();
        let Translated { written, ids: new, blocks, html_blocks } = translate(page, &self.crossing, &mut ledger);
        if !self.carried[at].swap(true, Ordering::Relaxed) {
            let parts = Parts::new(&ids, new.as_ref().unwrap_or(&ids));
            let (links, part_links) = self.follow(at, &opened, links, &parts, &mut ledger);
            self.note(Finding { at, ledger, blocks, html_blocks, links, parts, part_links });
        }
        Ok((opened.details, written))
    }

    /// Counts the links of a page and enters those that lead nowhere; returns those that lead to parts of others.
    fn follow(
        &self,
        at: usize,
        post: &Opened,
        links: Vec<Link>,
        parts: &Parts,
        ledger: &mut Ledger,
    ) -> (LinkCounts, Vec<PartLink>) {
        let mut counts = LinkCounts { checked: links.len(), ..LinkCounts::default() };
        let mut part_links = Vec::new();
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
                self.used[file].store(true, Ordering::Relaxed);
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
            if link.part.document == at {
                counts.judge(link.judge(parts, &self.crossing, ledger));
            } else {
                part_links.push(link);
            }
        }
        (counts, part_links)
    }

    fn note(&self, finding: Finding) {
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

impl Maker for Carrier {
    fn make(&self, number: usize) -> io::Result<Vec<u8>> {
        let text = if number < self.crossing.placed.len() {
            let (details, written) = self.carry(number)?;
            self.pages.document(number, &details, &written)
        } else {
            // of a document that cannot be read any more its own file tells
            self.pages.page(number, &|at| self.carry(at).unwrap_or_default())
        };
        Ok(text.into_bytes())
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
