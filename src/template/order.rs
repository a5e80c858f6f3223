//! Documents found by a text of theirs.

/// The places of documents in a list, in the order of a text that each of them has: a document is found by it and the text
/// is kept once, where it stands. Of several with one text the order stays.
#[derive(Debug)]
pub struct Order(Box<[u32]>);

impl Order {
    /// Puts places in order.
    pub fn new<'t>(places: impl Iterator<Item = usize>, text_of: impl Fn(usize) -> &'t str) -> Self {
        // a list of more documents than that fits into no memory
        let mut order: Vec<u32> = places.filter_map(|at| u32::try_from(at).ok()).collect();
        order.sort_by(|a, b| text_of(*a as usize).cmp(text_of(*b as usize)));
        Order(order.into())
    }

    /// The places of the documents that have this text; `text_of` is what they were put in order by.
    pub fn with<'t>(&self, wanted: &str, text_of: impl Fn(usize) -> &'t str) -> impl Iterator<Item = usize> + Clone {
        let first = self.0.partition_point(|at| text_of(*at as usize) < wanted);
        let count = self.0[first..].partition_point(|at| text_of(*at as usize) == wanted);
        self.0[first..first + count].iter().map(|at| *at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_text_stays_in_order() {
        let texts = ["b", "a", "b", "c", "a"];
        let order = Order::new([4, 3, 2, 1, 0].into_iter(), |at| texts[at]);
        let with = |wanted| order.with(wanted, |at| texts[at]).collect::<Vec<_>>();
        assert_eq!([with("a"), with("b"), with("c"), with("d")], [vec![4, 1], vec![2, 0], vec![3], vec![]]);
    }
}
