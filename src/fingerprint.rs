//! Fingerprints: of what something depends on, so that a later run knows whether it is still the same.

use std::hash::{Hash, Hasher};

/// The first half of a BLAKE3 hash.
pub type Fingerprint = [u8; 16];

/// The fingerprint of values, one after the other.
#[derive(Default)]
pub struct Fingerprinter(blake3::Hasher);

impl Fingerprinter {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, value: &(impl Hash + ?Sized)) -> Self {
        value.hash(&mut self);
        self
    }

    /// Adds what a value shows for debugging: all that it holds, for values that are too many-sided to be hashed.
    #[must_use]
    pub fn with_shown(mut self, value: &impl std::fmt::Debug) -> Self {
        struct Writing<'a>(&'a mut blake3::Hasher);
        impl std::fmt::Write for Writing<'_> {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.0.update(text.as_bytes());
                Ok(())
            }
        }
        // nothing in it fails
        let _ = std::fmt::write(&mut Writing(&mut self.0), format_args!("{value:?}"));
        self.write_u8(0);
        self
    }

    /// The fingerprint of all that was added.
    pub fn print(&self) -> Fingerprint {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        half
    }
}

impl Hasher for Fingerprinter {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.print()[..8]);
        u64::from_le_bytes(first)
    }
}
