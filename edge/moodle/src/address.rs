//! The address of a Moodle site, normalised, so that one site has one id however its address is written.

use courseferry_api::RemoteId;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use thiserror::Error;
use url::{Host, Url};

/// A site's `wwwroot`: lower-case scheme and host, no trailing slash, nothing after the path.
///
/// `https` only; plain `http` is for loopback addresses, where development and tests run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SiteUrl {
    text: String,
    id: RemoteId,
}

/// Why a text is not the address of a site that we may send a token to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// No URL, or one without a host.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Another scheme than https, or http to another machine.
    #[error("the address must begin with https://")]
    NotHttps,
    /// `user:password@` before the host.
    #[error("the address must not hold a user name or a password")]
    UserInfo,
    /// A `?` or `#` part.
    #[error("the address must end with the path of the site, without ? or #")]
    QueryOrFragment,
}

impl SiteUrl {
    /// The id of this address: the first 12 hex digits of its SHA-256.
    pub fn id(&self) -> &RemoteId {
        &self.id
    }

    /// The normalised address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address of a script of this site, `path` beginning with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl FromStr for SiteUrl {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let url = Url::parse(text.trim()).map_err(|_| AddressError::NotAnAddress)?;
        let loopback = match url.host().ok_or(AddressError::NotAnAddress)? {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
            return Err(AddressError::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::QueryOrFragment);
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        let id: String = hex::encode(Sha256::digest(&text)).chars().take(12).collect();
        let id = id.parse().map_err(|_| AddressError::NotAnAddress)?;
        Ok(Self { text, id })
    }
}

impl fmt::Display for SiteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> Result<SiteUrl, AddressError> {
        text.parse()
    }

    #[test]
    fn one_site_has_one_id_however_its_address_is_written() {
        let plain = site("https://moodle.example.org/sub").unwrap();
        for same in [
            "HTTPS://Moodle.Example.ORG/sub/",
            " https://moodle.example.org:443/sub// ",
            "https://moodle.example.org/./sub",
        ] {
            assert_eq!(site(same).unwrap(), plain, "{same}");
        }
        assert_ne!(site("https://moodle.example.org/Sub").unwrap().id(), plain.id());
        assert_eq!(site("https://a.example").unwrap().as_str(), "https://a.example");
        // printf https://a.example | sha256sum
        assert_eq!(site("https://a.example/").unwrap().id().as_str(), "38612c965a9c");
    }

    #[test]
    fn a_token_is_sent_only_over_https_or_to_this_machine() {
        for good in ["https://m.example", "http://127.0.0.1:8701", "http://localhost:8701/moodle", "http://[::1]:8701"]
        {
            assert!(site(good).is_ok(), "{good}");
        }
        for bad in [
            "http://m.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "ftp://m.example",
            "javascript:alert(1)",
        ] {
            assert!(site(bad).is_err(), "{bad}");
        }
        assert_eq!(site("https://u:p@m.example"), Err(AddressError::UserInfo));
        assert_eq!(site("https://m.example/?a=b"), Err(AddressError::QueryOrFragment));
        assert_eq!(site("https://m.example/#x"), Err(AddressError::QueryOrFragment));
        assert_eq!(site("moodle"), Err(AddressError::NotAnAddress));
    }
}
