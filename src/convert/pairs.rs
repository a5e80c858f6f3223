//! Documents as they were and as they are, side by side, for a person who has to compare.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::carry::Carrier;
use super::{Conversion, Outcome};
use crate::ledger::Severity;

/// A document before and after.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Pair {
    /// Its file below the source's root.
    pub source: Arc<str>,
    /// Its file below the output folder.
    pub file: Arc<str>,
    /// Its body as typed.
    pub typed: String,
    /// The line of the source file on which the body begins.
    pub line: u32,
    /// Its body as it is written; where pages are written, that is the page.
    pub written: String,
    /// What the old page showed of the body, as HTML.
    pub before: String,
    /// What the new page shows of it, as HTML.
    pub after: String,
    /// The lines of the source file of which something is to be looked at.
    pub marked: Vec<u32>,
}

impl Pair {
    fn bytes(&self) -> usize {
        self.typed.len() + self.written.len() + self.before.len() + self.after.len()
    }
}

/// All pairs together, in bytes: a report is to open at once.
const MOST: usize = 2 << 20;

/// A pair that is larger is not shown: others would have to go for it.
const LARGEST: usize = MOST / 8;

/// So many documents are tried: nobody looks at more, and each is carried over once again.
const MANY: usize = 500;

/// The documents of a conversion, which outlives it.
pub struct Comparison(Arc<Carrier>);

impl Conversion {
    /// The documents, for those who compare them when the conversion has ended.
    pub fn to_compare(&self) -> Comparison {
        Comparison(self.carrier.clone())
    }
}

impl Comparison {
    /// The documents in whose bodies something is to be looked at, those that lost something first; as many as a page can
    /// hold.
    pub fn pairs(&self, outcome: &Outcome) -> Vec<Pair> {
        let numbers: HashMap<&str, usize> =
            self.0.placed().iter().enumerate().map(|(at, placed)| (&*placed.post.source, at)).collect();
        let mut marked: HashMap<usize, (Severity, BTreeSet<u32>)> = HashMap::new();
        for entry in outcome.ledger.entries().iter().filter(|entry| entry.code.severity() >= Severity::Warning) {
            let Some(&at) = numbers.get(&*entry.place.file) else { continue };
            // a field is to be looked at where it stands: the bodies say nothing of it
            if entry.place.line < self.0.placed()[at].post.body_line {
                continue;
            }
            let (severity, lines) = marked.entry(at).or_insert((Severity::Warning, BTreeSet::new()));
            *severity = entry.code.severity().max(*severity);
            lines.insert(entry.place.line);
        }
        let mut wanted: Vec<(usize, (Severity, BTreeSet<u32>))> = marked.into_iter().collect();
        wanted.sort_by_key(|(at, (severity, lines))| (Reverse(*severity), Reverse(lines.len()), *at));
        let mut pairs = Vec::new();
        let mut left = MOST;
        for (at, (_, lines)) in wanted.into_iter().take(MANY) {
            // what cannot be read any more is told elsewhere
            let Ok(pair) = self.0.pair(at, lines.into_iter().collect()) else { continue };
            let bytes = pair.bytes();
            if bytes > LARGEST {
                continue;
            }
            match left.checked_sub(bytes) {
                Some(rest) => left = rest,
                None => break,
            }
            pairs.push(pair);
        }
        pairs
    }
}
