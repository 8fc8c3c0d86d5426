//! SHA-1, as Moodle names its files and marks its downloads.

use sha1::{Digest, Sha1};
use std::io::{self, Read};

/// The SHA-1 of some bytes, in hex.
pub fn sha1(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha1::digest(bytes))
}

/// How much there is to read, and its SHA-1.
pub fn read_sha1(mut from: impl Read) -> io::Result<(u64, String)> {
    let mut hasher = Sha1::new();
    let mut buffer = vec![0; 1 << 18];
    let mut length = 0;
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok((length, hex(&hasher.finalize()))),
            read => {
                hasher.update(buffer.get(..read).unwrap_or_default());
                length += read as u64;
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
