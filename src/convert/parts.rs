//! Links to parts of pages: they can be judged once both pages have been carried over.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::ledger::{Code, Ledger};
use crate::markup::{Crossing, Part};
use crate::model::Place;

/// The parts of a page: of each the hash of its id, whose two lowest bits say whether it is on the old page and
/// whether it is on the new one. Sorted, so that a blog of many headings stays small and is quickly asked.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Parts(Box<[u64]>);

const OLD: u64 = 1;
const NEW: u64 = 2;

impl Parts {
    /// The parts of a page by its ids, before and now.
    pub fn new(old: &[String], new: &[String]) -> Self {
        let of = |ids: &[String], bit: u64| ids.iter().map(|id| hash(id) | bit).collect::<Vec<_>>();
        let mut marked = of(old, OLD);
        marked.extend(of(new, NEW));
        marked.sort_unstable();
        let mut parts: Vec<u64> = Vec::with_capacity(marked.len());
        for part in marked {
            match parts.last_mut() {
                Some(last) if *last & !3 == part & !3 => *last |= part,
                _ => parts.push(part),
            }
        }
        Parts(parts.into())
    }

    /// Whether a part is on the old page, and whether it is on the new one.
    pub fn has(&self, id: &str) -> (bool, bool) {
        let hash = hash(id);
        match self.0.binary_search_by_key(&hash, |part| part & !3) {
            Ok(at) => (self.0[at] & OLD != 0, self.0[at] & NEW != 0),
            Err(_) => (false, false),
        }
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish() & !3
}

/// A link to a part of a page.
#[derive(Debug)]
pub struct PartLink {
    /// Where it leads.
    pub part: Part,
    /// As typed.
    pub typed: String,
    /// Where it stands.
    pub place: Place,
}

/// How a link to a part leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// To its part, as before.
    Alive,
    /// To no part, as before.
    DeadBefore,
    /// To no part of the text, but perhaps to one of what stood around it on the old page.
    Unknown,
    /// To no part, though it did on the old site.
    DeadNow,
}

impl PartLink {
    /// Judges a link by the parts of the page that it leads to, and enters it where it is dead.
    pub fn judge(&self, parts: &Parts, crossing: &Crossing, ledger: &mut Ledger) -> Verdict {
        match parts.has(&self.part.id) {
            (false, _) => {
                let (code, message, verdict) = match &crossing.old.beyond.unseen {
                    None => (
                        Code::LinkDeadBefore,
                        "leads to a part that the page does not have, and did not on the old site".to_owned(),
                        Verdict::DeadBefore,
                    ),
                    Some(unseen) => (
                        Code::LinkUnknown,
                        format!("leads to a part that the text does not have, but {unseen} may have made it"),
                        Verdict::Unknown,
                    ),
                };
                ledger.add_quoting(code, self.place.clone(), message, &self.typed);
                verdict
            }
            (true, false) => {
                let address = &crossing.placed[self.part.document].post.address;
                let message = format!("the part `#{}` is no longer on {address}", self.part.id);
                ledger.add_quoting(Code::LinkDead, self.place.clone(), message, &self.typed);
                Verdict::DeadNow
            }
            (true, true) => Verdict::Alive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_the_pages_that_have_it() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let parts = Parts::new(&ids(&["a", "b", "b"]), &ids(&["b", "c"]));
        assert_eq!(
            ["a", "b", "c", "d"].map(|id| parts.has(id)),
            [(true, false), (true, true), (false, true), (false, false)]
        );
    }
}
