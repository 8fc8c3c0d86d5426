//! The keys that tokens are signed with.

use crate::secret::Secret;

/// The shortest key, in bytes: HS256 is no stronger than its key (RFC 7518, 3.2).
const MIN_KEY: usize = 32;

/// A key that tokens are signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(Secret);

impl Key {
    /// The characters of the secret are the key, as they are. None if it is too short to protect anything.
    pub fn new(secret: Secret) -> Option<Self> {
        (secret.reveal().len() >= MIN_KEY).then_some(Self(secret))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.reveal().as_bytes()
    }
}

/// The keys of one kind of token: the current one signs, the previous one is still accepted while
/// keys are changed.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Signs and verifies.
    pub current: Key,
    /// Verifies only.
    pub previous: Option<Key>,
}
