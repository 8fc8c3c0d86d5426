//! The options of `dev` and `e2e` about real Moodles, and the Worker's secrets and settings between them: made up once,
//! and then as the developer gives them.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use pico_args::Arguments;

use crate::workspace::{Workspace, read, write_private};

/// Secrets and settings of the Worker by name.
pub type Values = BTreeMap<String, String>;

/// The options that both commands take.
pub const HELP: &str = "  --client ADDRESS        the client Moodle, which has the companion block
                          its remotes are in the environment as EXTERNAL_MOODLES, \"ADDRESS,TOKEN;ADDRESS,TOKEN\", or in
                          the file of --values: a list of processes shows neither
  --values FILE           secrets and settings over those of edge/wrangler.toml, as JSON: {\"CLIENT_TOKEN\": \"…\", …}
  --port PORT             where the Worker serves; 8787 by default
";

/// Secrets that are made up where none are given.
const MADE_UP: [&str; 4] = ["LAUNCH_KEY", "SESSION_KEY", "SERVICE_KEY", "CLIENT_TOKEN"];

#[derive(Default)]
/// Moodles, given or not, and the Worker that is to stand between them.
pub struct Pair {
    /// The client's address; none where stand-ins are to be used.
    pub client: Option<String>,
    pub port: u16,
    values: Option<PathBuf>,
}

impl Pair {
    /// Takes these options from the command line.
    pub fn parse(arguments: &mut Arguments) -> Result<Self> {
        let client = arguments.opt_value_from_str::<_, String>("--client")?;
        Ok(Self {
            client: client.map(|address| address.trim_end_matches('/').to_owned()),
            port: arguments.opt_value_from_str("--port")?.unwrap_or(8787),
            values: arguments.opt_value_from_str("--values")?,
        })
    }

    /// Where the Worker serves.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The Worker's secrets and settings over those of `wrangler.toml`.
    pub fn values(&self, workspace: &Workspace) -> Result<Values> {
        let parse = |path: &Path| -> Result<Values> {
            serde_json::from_str(&read(path)?).with_context(|| format!("{} is no map of texts", path.display()))
        };
        let made_up = workspace.target("dev/secrets.json");
        if !made_up.exists() {
            let secrets = MADE_UP.map(|name| random_key().map(|key| (name.to_owned(), key)));
            let secrets = secrets.into_iter().collect::<Result<Values>>()?;
            write_private(&made_up, &serde_json::to_string_pretty(&secrets)?)?;
        }
        let mut values = parse(&made_up)?;
        values.insert("worker_origin".into(), self.origin());
        if let Some(file) = &self.values {
            values.append(&mut parse(file)?);
        }
        if let Some(client) = &self.client {
            values.insert("client_wwwroot".into(), client.clone());
            if let Ok(remotes) = env::var("EXTERNAL_MOODLES") {
                values.insert("EXTERNAL_MOODLES".into(), remotes);
            }
        }
        Ok(values)
    }
}

/// 32 random bytes in hex.
fn random_key() -> Result<String> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).context("no random bytes")?;
    Ok(hex::encode(bytes))
}
