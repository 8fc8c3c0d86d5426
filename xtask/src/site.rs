//! A site's own values, in `edge/site.toml`: they are laid over `edge/wrangler.toml`, which stays as it is shipped, so
//! that an update of Courseferry changes nothing of the site's. What comes of both is `edge/wrangler.site.toml`, which
//! wrangler reads and nobody edits.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use crate::files::write;
use crate::workspace::{Workspace, read};

/// The file of the site's, and what it says before anybody has written into it.
const FILE: &str = "edge/site.toml";
const TEMPLATE: &str = "\
# What this site has otherwise than edge/wrangler.toml: each setting is explained there. This file is not part of
# Courseferry and is never changed by an update. `cargo xtask deploy` adds the database's id.

[vars]
# Exactly your Moodle's $CFG->wwwroot.
client_wwwroot = \"\"
# The Worker's address; `cargo xtask deploy` tells it.
worker_origin = \"\"
";

pub struct Site {
    own: Table,
    path: PathBuf,
}

impl Site {
    /// Reads the site's file; without one, everything is as shipped.
    pub fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.path(FILE);
        let own = if path.exists() { parse(&read(&path)?, FILE)? } else { Table::new() };
        Ok(Self { own, path })
    }

    /// Makes the file if there is none; returns its path.
    pub fn begin(&self) -> Result<&PathBuf> {
        if !self.path.exists() {
            write(&self.path, TEMPLATE)?;
        }
        Ok(&self.path)
    }

    /// An address among the settings, once the site has written one.
    pub fn address(&self, name: &str) -> Option<&str> {
        let address = self.own.get("vars")?.get(name)?.as_str()?;
        Some(address).filter(|address| !address.is_empty())
    }

    /// Whether the database's id is known.
    pub fn has_database(&self) -> bool {
        self.own.contains_key("database_id")
    }

    /// Writes the database's id into the site's file, above the rest of it.
    pub fn set_database(&mut self, id: &str) -> Result<()> {
        self.begin()?;
        write(&self.path, format!("database_id = \"{id}\"\n\n{}", read(&self.path)?))?;
        self.own.insert("database_id".to_owned(), id.into());
        Ok(())
    }

    /// The configuration for wrangler: what is shipped, with the site's values over it.
    pub fn config(&self, workspace: &Workspace) -> Result<PathBuf> {
        let shipped = workspace.path("edge/wrangler.toml");
        if self.own.is_empty() {
            return Ok(shipped);
        }
        let merged = merge(parse(&read(&shipped)?, "edge/wrangler.toml")?, self.own.clone())?;
        // Beside the shipped one, since paths in it are relative to its folder.
        let path = workspace.path("edge/wrangler.site.toml");
        write(
            &path,
            format!("# Made from wrangler.toml and site.toml: do not edit.\n\n{}", toml::to_string(&merged)?),
        )?;
        Ok(path)
    }
}

fn parse(text: &str, name: &str) -> Result<Table> {
    text.parse().with_context(|| format!("{name} is no TOML"))
}

/// Tables are laid over tables; anything else takes the place of what was there.
fn merge(mut shipped: Table, mut own: Table) -> Result<Table> {
    if let Some(id) = own.remove("database_id") {
        let database = shipped.get_mut("d1_databases").and_then(|list| list.get_mut(0)).and_then(Value::as_table_mut);
        database.context("edge/wrangler.toml names no database")?.insert("database_id".to_owned(), id);
    }
    if let (Some(Value::Table(known)), Some(Value::Table(vars))) = (shipped.get("vars"), own.get("vars"))
        && let Some(unknown) = vars.keys().find(|name| !known.contains_key(*name))
    {
        bail!("{FILE}: there is no setting `{unknown}`; edge/wrangler.toml has them all");
    }
    for (name, value) in own {
        let value = match (shipped.remove(&name), value) {
            (Some(Value::Table(shipped)), Value::Table(own)) => Value::Table(merge(shipped, own)?),
            (_, value) => value,
        };
        shipped.insert(name, value);
    }
    Ok(shipped)
}

#[cfg(test)]
mod tests {
    use super::{merge, parse};

    fn merged(own: &str) -> anyhow::Result<String> {
        let shipped = "name = \"courseferry\"\n[vars]\na = \"1\"\nb = \"2\"\n[[d1_databases]]\nbinding = \"DB\"\ndatabase_id = \"0\"\n";
        Ok(toml::to_string(&merge(parse(shipped, "shipped")?, parse(own, "own")?)?)?)
    }

    #[test]
    fn a_sites_values_take_the_place_of_those_that_are_shipped_and_the_others_stay() {
        let text = merged("database_id = \"abc\"\nname = \"ferry\"\n[vars]\nb = \"3\"\n").expect("a configuration");
        for line in ["name = \"ferry\"", "a = \"1\"", "b = \"3\"", "database_id = \"abc\"", "binding = \"DB\""] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }

    #[test]
    fn a_setting_that_is_not_there_is_named_instead_of_passed_on() {
        let error = merged("[vars]\nc = \"3\"\n").expect_err("a slip of the pen");
        assert!(error.to_string().contains("no setting `c`"), "{error}");
    }
}
