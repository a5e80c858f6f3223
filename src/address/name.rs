//! Names as keys. Of a large blog there are many, all that is ever asked of them is whether two are one, and each stands
//! written out somewhere already.

/// A path or address by the first half of its BLAKE3 hash: nobody can write two that are taken for one, as with the
/// hashes of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name([u8; 16]);

impl Name {
    /// A name as it is spelled.
    pub fn of(name: &str) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..16]);
        Name(half)
    }

    /// A name in whatever letter case.
    pub fn in_any_case(name: &str) -> Self {
        // most names are in lower case already
        match name.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
            true => Name::of(&name.to_lowercase()),
            false => Name::of(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_counts_where_it_is_asked_for() {
        assert_eq!(Name::in_any_case("/Ä/Bc.html"), Name::in_any_case("/ä/bC.html"));
        assert_ne!(Name::of("/a"), Name::of("/A"));
        assert_ne!(Name::in_any_case("/a"), Name::in_any_case("/b"));
    }
}
