//! Brings the Worker to Cloudflare: database, migrations, Worker. Each part may have been done before; secrets are
//! never read here, only asked for by name.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use serde_json::{Map, Value};

use crate::arguments::nothing_more;
use crate::build::{self, Profile};
use crate::builds;
use crate::files::write;
use crate::http::Http;
use crate::prepare::Tools;
use crate::process::{self, announce, answer};
use crate::site::Site;
use crate::workspace::{Workspace, read};

const DATABASE: &str = "courseferry";
/// The list of remotes, for those that have no secret of their own.
const LIST: &str = "EXTERNAL_MOODLES";
const SECRETS: [&str; 5] = [LIST, "CLIENT_TOKEN", "LAUNCH_KEY", "SESSION_KEY", "SERVICE_KEY"];

/// The options of `cargo xtask deploy`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Where Cloudflare keeps the database and runs its queries; only for a new database.
    jurisdiction: Option<String>,
}

impl Options {
    pub fn parse(mut arguments: Arguments) -> Result<Self> {
        let jurisdiction: Option<String> = arguments.opt_value_from_str("--jurisdiction")?;
        nothing_more(arguments, "cargo xtask deploy [--jurisdiction eu]")?;
        if let Some(other) = jurisdiction.as_deref().filter(|name| !["eu", "fedramp"].contains(name)) {
            bail!("Cloudflare knows no jurisdiction `{other}`: eu or fedramp");
        }
        Ok(Self { jurisdiction })
    }
}

/// Deploys, or says what is to be done first.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let tools = Tools::prepare(workspace)?;
    let mut site = Site::read(workspace)?;
    let config = site.config(workspace)?;
    let known = |arguments: &[&str]| wrangler(workspace, &tools, &config, arguments);

    if !is_known(&known) {
        bail!(
            "Cloudflare does not know you. Log in with `cargo xtask wrangler login`, or set CLOUDFLARE_API_TOKEN, \
             and run this again"
        );
    }
    if site.address("client_wwwroot").is_none() {
        bail!("write your Moodle's address as `client_wwwroot` into {} and run this again", site.begin()?.display());
    }
    if !site.has_database() {
        let id = database(&known, options.jurisdiction.as_deref())?;
        announce(format!("edge/site.toml: the database's id is {id}"));
        site.set_database(&id)?;
    } else if let Some(jurisdiction) = &options.jurisdiction {
        announce(format!(
            "the database is there already: --jurisdiction {jurisdiction} cannot move it (docs/data-protection.md)"
        ));
    }
    let config = site.config(workspace)?;
    let wrangler = |arguments: &[&str]| wrangler(workspace, &tools, &config, arguments);
    announce("wrangler d1 migrations apply: the database's tables");
    process::run(wrangler(&["d1", "migrations", "apply", DATABASE, "--remote"]).stdin(Stdio::null()))?;

    build::both(workspace, &tools, Profile::Shipped)?;
    if let Some(origin) = site.address("worker_origin") {
        announce("The widget's files of earlier deployments, for pages that are open now");
        let http = Http::new(false);
        let fetch = |name: &str| Ok(http.file(&format!("{origin}/widget/{name}"))?);
        if let Err(error) = builds::keep_deployed(&workspace.target("site/widget"), fetch) {
            // Before the first deployment nothing answers there.
            announce(format!("They cannot be had ({error:#}); such pages may ask to be reloaded"));
        }
    }
    announce("wrangler deploy: the Worker, the widget's files and the cron trigger");
    let missing = missing_secrets(&wrangler);
    // Companion and Worker each need to know of the other; so the Worker's address comes first, and until its
    // secrets are real ones it refuses everything and names them at /health.
    let unset: Map<_, _> = missing.iter().map(|name| (String::from(*name), placeholder(name).into())).collect();
    let [secrets, record] = ["deploy/secrets.json", "deploy/record.ndjson"].map(|name| workspace.target(name));
    write(&secrets, Value::Object(unset).to_string())?;
    write(&record, "")?;
    let mut deploy = wrangler(&["deploy"]);
    if !missing.is_empty() {
        deploy.arg("--secrets-file").arg(&secrets);
    }
    process::run(deploy.env("WRANGLER_OUTPUT_FILE_PATH", &record))?;
    let deployed = deployed_address(&read(&record)?).context("wrangler did not say where the Worker is")?;
    println!("\nThe Worker is at {deployed}");
    println!("To have browsers run this build of the widget and no other, enter in the block's settings:");
    println!("  {}", build::pin(workspace)?);
    if site.address("worker_origin").is_some() {
        println!("Next: the block's Test connection in Moodle, then `cargo xtask doctor`.");
    } else {
        println!("Write `worker_origin = \"{deployed}\"` into edge/site.toml (or your own domain's address)");
        println!("and run this again: Moodle's launch tokens are made for that address only.");
    }
    let unusable: Vec<_> = missing.iter().filter(|name| **name != LIST).collect();
    if !unusable.is_empty() {
        println!(
            "\nIt refuses everything until these are set (the companion's cli/install.php prints the lines to paste):"
        );
        for name in unusable {
            println!("  cargo xtask wrangler secret put {name}");
        }
    }
    if missing.contains(&LIST) {
        println!("\nThen for each other Moodle, whose cli/install_remote.php prints what is asked for:");
        println!("  cargo xtask secret remote ADDRESS");
    }
    Ok(())
}

/// What stands in a secret's place until it is set. A list without remotes is right where each has a secret of its own.
fn placeholder(name: &str) -> &'static str {
    if name == LIST { ";" } else { "to be set" }
}

/// Runs wrangler with these arguments, as the `wrangler` that the lock file names.
pub fn pass_through(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    process::run(&mut wrangler_command(workspace, &arguments)?)
}

/// Wrangler with these arguments and the site's configuration.
pub fn wrangler_command(workspace: &Workspace, arguments: &[&str]) -> Result<Command> {
    let tools = Tools::prepare(workspace)?;
    let config = Site::read(workspace)?.config(workspace)?;
    Ok(wrangler(workspace, &tools, &config, arguments))
}

/// What Cloudflare says of a deployment.
pub struct Deployment {
    /// Secrets that are not set.
    pub missing_secrets: Vec<&'static str>,
    /// Whether the database has every migration; none if that cannot be told.
    pub migrated: Option<bool>,
}

/// Looks at what is deployed; none if Cloudflare does not know who asks.
pub fn look(workspace: &Workspace) -> Result<Option<Deployment>> {
    let tools = Tools::prepare(workspace)?;
    let config = Site::read(workspace)?.config(workspace)?;
    let wrangler = |arguments: &[&str]| wrangler(workspace, &tools, &config, arguments);
    if !is_known(&wrangler) {
        return Ok(None);
    }
    let listed = answer(&mut wrangler(&["d1", "migrations", "list", DATABASE, "--remote"]));
    let migrated = listed.map(|list| list.contains("No migrations to apply"));
    Ok(Some(Deployment { missing_secrets: missing_secrets(&wrangler), migrated }))
}

fn is_known(wrangler: &impl Fn(&[&str]) -> Command) -> bool {
    answer(&mut wrangler(&["whoami", "--json"])).is_some()
}

fn wrangler(workspace: &Workspace, tools: &Tools, config: &Path, arguments: &[&str]) -> Command {
    let mut command = tools.command(tools.npm_program("wrangler"));
    command.arg("--config").arg(config).args(arguments).current_dir(workspace.path("edge"));
    if env::var_os("WRANGLER_SEND_METRICS").is_none() {
        command.env("WRANGLER_SEND_METRICS", "false");
    }
    command
}

/// The id of our database, which is made if there is none.
fn database(wrangler: &impl Fn(&[&str]) -> Command, jurisdiction: Option<&str>) -> Result<String> {
    if let Some(id) = listed_database(wrangler)? {
        return Ok(id);
    }
    announce(format!("wrangler d1 create {DATABASE}: there is no database yet"));
    process::run(wrangler(&creation(jurisdiction)).stdin(Stdio::null()))?;
    listed_database(wrangler)?.context("the new database is not in the list of databases")
}

/// How a database is made. Without a jurisdiction Cloudflare puts it near whoever makes it.
fn creation(jurisdiction: Option<&str>) -> Vec<&str> {
    let place = jurisdiction.into_iter().flat_map(|jurisdiction| ["--jurisdiction", jurisdiction]);
    ["d1", "create", DATABASE].into_iter().chain(place).collect()
}

fn listed_database(wrangler: &impl Fn(&[&str]) -> Command) -> Result<Option<String>> {
    let list = answer(&mut wrangler(&["d1", "list", "--json"])).context("cannot list the databases")?;
    let list: Vec<Value> = serde_json::from_str(&list).context("cannot read the list of databases")?;
    let ours = list.iter().find(|entry| entry.get("name").and_then(Value::as_str) == Some(DATABASE));
    Ok(ours.and_then(|entry| entry.get("uuid")?.as_str()).map(str::to_owned))
}

/// Before the first deployment there is no Worker to list them of: then all are missing.
fn missing_secrets(wrangler: &impl Fn(&[&str]) -> Command) -> Vec<&'static str> {
    let list = answer(&mut wrangler(&["secret", "list", "--format", "json"]));
    let list: Vec<Value> = list.and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default();
    let set = |name| list.iter().any(|entry| entry.get("name").and_then(Value::as_str) == Some(name));
    SECRETS.into_iter().filter(|name| !set(name)).collect()
}

/// The first address in wrangler's record of what it did: one JSON object a line.
fn deployed_address(record: &str) -> Option<String> {
    let events = record.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut deployments = events.filter(|event| event.get("type").and_then(Value::as_str) == Some("deploy"));
    let address = deployments.next()?.get("targets")?.as_array()?.first()?.as_str()?.to_owned();
    Some(if address.contains("://") { address } else { format!("https://{address}") })
}

#[cfg(test)]
mod tests {
    use super::{Options, creation, deployed_address};
    use pico_args::Arguments;

    #[test]
    fn a_database_is_made_in_the_jurisdiction_that_is_asked_for() {
        let options = |words: &[&str]| Options::parse(Arguments::from_vec(words.iter().map(Into::into).collect()));
        let eu = options(&["--jurisdiction", "eu"]).expect("options");
        assert_eq!(creation(eu.jurisdiction.as_deref()), ["d1", "create", "courseferry", "--jurisdiction", "eu"]);
        assert_eq!(creation(None), ["d1", "create", "courseferry"]);
        assert!(options(&["--jurisdiction", "moon"]).is_err() && options(&["eu"]).is_err());
    }

    #[test]
    fn the_address_comes_from_the_deployment_record() {
        let record = "{\"type\":\"wrangler-session\"}\n{\"type\":\"deploy\",\"targets\":[\"https://x.workers.dev\"]}\n";
        assert_eq!(deployed_address(record).as_deref(), Some("https://x.workers.dev"));
        assert_eq!(deployed_address("{\"type\":\"deploy\",\"targets\":[]}"), None);
    }
}
