//! Where things are in the work tree, and the versions that its lock file names. It changes nothing.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::files::write;
use crate::process::announce;

/// The root of the work tree.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The work tree that this command was built from.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run me as `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask has no parent folder")?;
        Ok(Self { root: root.to_owned() })
    }

    /// A path in the work tree, written from its root.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path under `target/`, where everything made or installed goes.
    pub fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join("target").join(relative)
    }

    /// Keeps other `cargo xtask` commands from preparing or building here until the file is dropped.
    pub fn lock(&self) -> Result<File> {
        fs::create_dir_all(self.target(""))?;
        let file = File::create(self.target("xtask.lock"))?;
        if file.try_lock().is_err() {
            announce("Waiting for another cargo xtask in this folder");
            file.lock()?;
        }
        Ok(file)
    }

    /// The version of `package` in Cargo.lock.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let lock = read(&self.path("Cargo.lock"))?;
        let after_name = lock.split(&format!("name = \"{package}\"\nversion = \"")).nth(1);
        let version = after_name.and_then(|rest| rest.split('"').next());
        version.map(str::to_owned).with_context(|| format!("Cargo.lock names no {package}"))
    }
}

/// Reads a text file; the error names it.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Writes a file of secrets: nobody else on the machine may read it.
pub fn write_private(path: &Path, content: &str) -> Result<()> {
    write(path, "")?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    write(path, content)
}

/// Tells whether a step's inputs are those of its last success, so that it can be left out.
pub struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp of the step `name` for its inputs: files by content, other things by name.
    pub fn new(workspace: &Workspace, name: &str, files: &[PathBuf], settings: &[&str]) -> Result<Self> {
        let mut hash = Sha256::new();
        for setting in settings {
            hash.update(setting);
            hash.update([0]);
        }
        for file in files {
            hash.update(file.as_os_str().as_encoded_bytes());
            hash.update(fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
        }
        Ok(Self { path: workspace.target("stamps").join(name), hash: hex::encode(hash.finalize()) })
    }

    /// Whether the step has succeeded with these inputs and `made` is still there.
    pub fn is_fresh(&self, made: &Path) -> bool {
        made.exists() && fs::read_to_string(&self.path).is_ok_and(|hash| hash == self.hash)
    }

    /// Notes that the step has succeeded.
    pub fn set(&self) -> Result<()> {
        write(&self.path, &self.hash)
    }
}
