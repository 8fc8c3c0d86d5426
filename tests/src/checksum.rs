//! SHA-1, by which Moodle names its files and marks its downloads; and SHA-256, which our own remote side sends.

use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::io::{self, Read};

/// The SHA-1 of some bytes, in hex.
pub fn sha1(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha1::digest(bytes))
}

/// How much there is to read, its SHA-1 and its SHA-256.
pub fn read_sums(mut from: impl Read) -> io::Result<(u64, String, String)> {
    let (mut sha1, mut sha256) = (Sha1::new(), Sha256::new());
    let mut buffer = vec![0; 1 << 18];
    let mut length = 0;
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok((length, hex::encode(sha1.finalize()), hex::encode(sha256.finalize()))),
            read => {
                let chunk = buffer.get(..read).unwrap_or_default();
                sha1.update(chunk);
                sha256.update(chunk);
                length += read as u64;
            }
        }
    }
}
