//! Ends that do not come. A mark without its end is typed as easily a thousand times as once; each end is looked for
//! through the rest of a text only until it is known that it is not there.

use memchr::memmem;

/// The ends that are known to be absent from a text.
#[derive(Debug)]
pub struct Ends<E> {
    /// What is not there, and from which byte on.
    absent: Vec<(E, usize)>,
}

impl<E> Default for Ends<E> {
    fn default() -> Self {
        Ends { absent: Vec::new() }
    }
}

impl<'t> Ends<&'t str> {
    /// Where in the text the end first stands, at `from` or behind it.
    pub fn find(&mut self, text: &str, from: usize, end: &'t str) -> Option<usize> {
        self.find_by(from, end, || memmem::find(&text.as_bytes()[from..], end.as_bytes()).map(|at| from + at))
    }
}

impl<E: PartialEq> Ends<E> {
    /// What `search` finds of an end at `from` or behind it, unless an earlier search has found nothing from there on.
    pub fn find_by<T>(&mut self, from: usize, end: E, search: impl FnOnce() -> Option<T>) -> Option<T> {
        let known = self.absent.iter_mut().find(|(absent, _)| *absent == end);
        if known.as_ref().is_some_and(|(_, since)| *since <= from) {
            return None;
        }
        let found = search();
        match known {
            _ if found.is_some() => {}
            Some((_, since)) => *since = from,
            None => self.absent.push((end, from)),
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_looked_for_once() {
        let mut ends = Ends::default();
        assert_eq!(ends.find("a `b` c", 3, "`"), Some(4));
        assert_eq!(ends.find("a `b` c", 5, "`"), None);
        let mut searches = 0;
        for from in [6, 2, 3] {
            ends.find_by(from, "`", || {
                searches += 1;
                None::<()>
            });
        }
        // behind the place from which nothing was found nobody looks again
        assert_eq!(searches, 1);
    }
}
