//! Documents as they were and as they are, side by side, for a person who has to compare.

use std::cmp::Reverse;
use std::collections::HashMap;
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

/// The documents of a conversion, which outlives it.
pub struct Comparison(Arc<Carrier>);

impl Conversion {
    /// The documents, for those who compare them when the conversion has ended.
    pub fn to_compare(&self) -> Comparison {
        Comparison(self.carrier.clone())
    }
}

impl Comparison {
    /// The documents of which something is to be looked at, those that lost something first; as many as a page can hold.
    pub fn pairs(&self, outcome: &Outcome) -> Vec<Pair> {
        let mut marked: HashMap<&str, (Severity, Vec<u32>)> = HashMap::new();
        for entry in outcome.ledger.entries().iter().filter(|entry| entry.code.severity() >= Severity::Warning) {
            let (severity, lines) = marked.entry(&entry.place.file).or_insert((Severity::Warning, Vec::new()));
            *severity = entry.code.severity().max(*severity);
            lines.push(entry.place.line);
        }
        let placed = self.0.placed();
        let mut wanted: Vec<(usize, &(Severity, Vec<u32>))> = placed
            .iter()
            .enumerate()
            .filter_map(|(at, placed)| Some((at, marked.get(&*placed.post.source)?)))
            .collect();
        wanted.sort_by_key(|(at, (severity, lines))| (Reverse(*severity), Reverse(lines.len()), *at));
        let mut pairs = Vec::new();
        let mut left = MOST;
        for (at, (_, lines)) in wanted {
            // what cannot be read any more is told elsewhere
            let Ok(pair) = self.0.pair(at, lines) else { continue };
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
