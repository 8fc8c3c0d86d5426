//! What a remote says about itself, and which kind of remote that makes it.

use courseferry_api::{RemoteKind, lenient};
use serde::{Deserialize, Deserializer, Serialize};

/// How the functions of our remote side begin.
pub const OURS: &str = "block_courseferry_remote_";
/// How the original's functions begin.
pub const ORIGINAL: &str = "block_my_external_backup_restore_courses_";
/// The first version of the original's release 3.
const RELEASE_3: u64 = 2_023_022_000;

/// What the site says about itself and the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteInfo {
    /// The site's name, which may hold several languages: show it with [`crate::plain_text`].
    #[serde(deserialize_with = "lenient::name")]
    pub sitename: String,
    /// The address that the site calls its own.
    #[serde(default, deserialize_with = "lenient::name")]
    pub siteurl: String,
    /// Moodle's version for people.
    #[serde(default, deserialize_with = "lenient::name")]
    pub release: String,
    /// The functions of blocks that the token may call.
    #[serde(default, deserialize_with = "of_blocks")]
    pub functions: Vec<SiteFunction>,
    /// Whether the token's service lets files be downloaded.
    #[serde(default, deserialize_with = "lenient::flag")]
    pub downloadfiles: bool,
}

impl SiteInfo {
    /// What lends courses there, and its version; none if nothing that we know does. Where our block stands beside
    /// the original, ours is used.
    pub fn lender(&self) -> Option<(RemoteKind, &str)> {
        let version = |name: &str| {
            let function = self.functions.iter().find(|function| function.name == name)?;
            Some(function.version.as_str())
        };
        if let Some(version) = version(&format!("{OURS}get_courses")) {
            return Some((RemoteKind::Courseferry, version));
        }
        let version = version(&format!("{ORIGINAL}get_courses"))?;
        let kind =
            if version.parse::<u64>().ok()? >= RELEASE_3 { RemoteKind::Original3 } else { RemoteKind::Original2 };
        Some((kind, version))
    }
}

/// A token may call hundreds of core's functions, which tell nothing.
fn of_blocks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SiteFunction>, D::Error> {
    let mut functions = Vec::<SiteFunction>::deserialize(deserializer)?;
    functions.retain(|function| function.name.starts_with("block_"));
    functions.truncate(200);
    Ok(functions)
}

/// A function that a token may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteFunction {
    #[serde(deserialize_with = "lenient::name")]
    pub name: String,
    /// The version of the plugin that has it.
    #[serde(default, deserialize_with = "lenient::name")]
    pub version: String,
}
