//! The ticket that lets the companion fetch one backup: handed over once, remembered only as its hash.

use sha2::{Digest, Sha256};
use std::fmt;

/// 256 random bits as 64 lower-case hex digits; its `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket(String);

impl Ticket {
    /// A ticket of these random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(hex::encode(random))
    }

    /// The ticket itself, for the one call that hands it over.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the ledger keeps of it.
    pub fn hash(&self) -> String {
        Self::hash_of(&self.0)
    }

    /// The hash of a ticket that somebody presents.
    pub fn hash_of(presented: &str) -> String {
        hex::encode(Sha256::digest(presented))
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}
