//! Entries by what caused them: of a thousand rows that say one thing there is one fact.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Code, Entry};

/// What happened in one way, and everywhere that it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause<'l> {
    /// What kind of thing happened.
    pub code: Code,
    /// What happened: the message of each of its entries.
    pub message: &'l str,
    /// Where, in the order of the ledger.
    pub entries: Vec<&'l Entry>,
}

/// The causes of entries: what matters most comes first, and of one code what happened most often.
pub fn causes(entries: &[Entry]) -> Vec<Cause<'_>> {
    let mut places: HashMap<(Code, &str), usize> = HashMap::new();
    let mut causes: Vec<Cause<'_>> = Vec::new();
    for entry in entries {
        let at = *places.entry((entry.code, &entry.message)).or_insert_with(|| {
            causes.push(Cause { code: entry.code, message: &entry.message, entries: Vec::new() });
            causes.len() - 1
        });
        causes[at].entries.push(entry);
    }
    causes.sort_by_key(|cause| (Reverse(cause.code.severity()), cause.code, Reverse(cause.entries.len())));
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;
    use crate::model::Place;

    #[test]
    fn what_matters_comes_before_what_happens_often() {
        let mut ledger = Ledger::default();
        for (code, message) in [
            (Code::FieldExtra, "a"),
            (Code::FieldExtra, "b"),
            (Code::FieldExtra, "b"),
            (Code::TagUnknown, "c"),
            (Code::DateMissing, "d"),
            (Code::DateMissing, "d"),
        ] {
            ledger.add(code, Place::file("x.md"), message);
        }
        let causes: Vec<(&str, usize)> =
            causes(ledger.entries()).iter().map(|cause| (cause.message, cause.entries.len())).collect();
        assert_eq!(causes, [("c", 1), ("d", 2), ("b", 2), ("a", 1)]);
    }
}
