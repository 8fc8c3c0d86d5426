//! The original's setting `external_moodles`: which remotes there are, and the token of each.

use crate::{address::AddressError, remote::Remote};
use courseferry_access::Secret;
use thiserror::Error;

/// What is wrong with a list of remotes, and in which of its entries, counted from 1. It never shows a token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("entry {entry}: {mistake}")]
pub struct RemotesError {
    pub entry: usize,
    /// What is wrong with it, in words.
    pub mistake: String,
}

/// Reads `url1,token1;url2,token2`.
pub fn parse_external_moodles(text: &str) -> Result<Vec<Remote>, RemotesError> {
    let mut remotes: Vec<Remote> = Vec::new();
    for (i, entry) in text.split(';').map(str::trim).enumerate().filter(|(_, entry)| !entry.is_empty()) {
        let wrong = |mistake| RemotesError { entry: i + 1, mistake };
        let remote = parse_entry(entry).map_err(wrong)?;
        if remotes.iter().any(|earlier| earlier.url == remote.url) {
            return Err(wrong("the same address stands in an earlier entry".to_owned()));
        }
        remotes.push(remote);
    }
    Ok(remotes)
}

fn parse_entry(entry: &str) -> Result<Remote, String> {
    let (url, token) = entry.split_once(',').unwrap_or((entry, ""));
    let token = token.trim();
    if token.is_empty() {
        return Err("there is no token after the address; an entry is address,token".to_owned());
    }
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err("the token holds other characters than letters and digits".to_owned());
    }
    let url = url.parse().map_err(|error: AddressError| error.to_string())?;
    Ok(Remote { url, token: Secret::new(token) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_originals_setting_is_read_as_it_is_written() {
        let remotes =
            parse_external_moodles(" https://A.example/ , abc123;\nhttps://b.example/moodle,def456 ;").unwrap();
        let read: Vec<_> = remotes.iter().map(|remote| (remote.url.as_str(), remote.token.reveal())).collect();
        assert_eq!(read, [("https://a.example", "abc123"), ("https://b.example/moodle", "def456")]);
        assert_eq!(parse_external_moodles("").unwrap(), []);
    }

    #[test]
    fn a_wrong_entry_is_named_and_its_token_is_not_shown() {
        for (text, entry, mistake) in [
            ("https://a.example,t1;https://b.example", 2, "there is no token"),
            ("https://a.example,", 1, "there is no token"),
            ("https://a.example,s3cret,x", 1, "other characters"),
            ("http://a.example,s3cret", 1, "must begin with https://"),
            ("https://a.example,s3cret;https://A.example/,s3cret", 2, "the same address"),
        ] {
            let error = parse_external_moodles(text).unwrap_err();
            assert!(error.entry == entry && error.mistake.contains(mistake), "{text}: {error}");
            assert!(!error.to_string().contains("s3cret"));
        }
        assert!(!format!("{:?}", parse_external_moodles("https://a.example,s3cret")).contains("s3cret"));
    }
}
