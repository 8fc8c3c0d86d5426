//! `courseferry-notices FOLDER`: writes what a release says of other people's work in it. `sbom.cdx.json` is the bill of
//! materials (CycloneDX): the libraries that are compiled into the Worker and the widget, and, marked as excluded, the npm
//! packages that only build and test. `third-party.txt` has the licences of what is shipped. The same lock files give the
//! same bytes: there is no date and no random number in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, Target};
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components, Scope};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as BomMetadata;
use cyclonedx_bom::prelude::Purl;
use serde_json::Value;
use toml::Table;

/// What is shipped as WebAssembly.
const SHIPPED: [&str; 2] = ["courseferry-app", "courseferry-edge"];
const TARGET: &str = "wasm32-unknown-unknown";
/// How files begin that hold licences.
const LICENCES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];

fn main() -> Result<()> {
    let [folder] = &env::args().skip(1).collect::<Vec<_>>()[..] else { bail!("give the folder to write into") };
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let root = root()?;
    let metadata = metadata(&root)?;
    let shipped = shipped(&metadata)?;
    let packages = npm_packages(&fs::read_to_string(root.join("xtask/npm/package-lock.json"))?)?;
    let bill = bill(&shipped, &checksums(&fs::read_to_string(root.join("Cargo.lock"))?)?, packages)?;
    let mut json = Vec::new();
    bill.output_as_json(&mut json, SpecVersion::V1_5).context("the bill of materials cannot be written")?;
    fs::write(folder.join("sbom.cdx.json"), json)?;
    fs::write(folder.join("third-party.txt"), notices(&shipped)?)?;
    println!("{}: {} libraries are shipped; their licences and the bill of materials", folder.display(), shipped.len());
    Ok(())
}

/// The root of the work tree.
fn root() -> Result<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).map(Path::to_owned).context("no work tree")
}

fn metadata(root: &Path) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml"));
    command.other_options(["--locked".to_owned(), "--filter-platform".to_owned(), TARGET.to_owned()]);
    command.exec().context("cargo metadata")
}

/// Other people's libraries that are compiled in, in the order of their names.
fn shipped(metadata: &Metadata) -> Result<Vec<&Package>> {
    let graph = metadata.resolve.as_ref().context("cargo resolved nothing")?;
    let nodes: BTreeMap<_, _> = graph.nodes.iter().map(|node| (&node.id, node)).collect();
    let packages: BTreeMap<_, _> = metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let is_shipped = |package: &&Package| SHIPPED.contains(&package.name.as_str());
    let mut next: Vec<&PackageId> = metadata.packages.iter().filter(is_shipped).map(|package| &package.id).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = next.pop() {
        // A macro runs while the files are built, and what it uses with it.
        let is_macro = packages.get(id).is_some_and(|package| package.targets.iter().any(Target::is_proc_macro));
        if is_macro || !found.insert(id) {
            continue;
        }
        let dependencies = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        // What only builds, or only tests, is not in the files.
        let is_in =
            |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
        next.extend(
            dependencies.iter().filter(|dependency| is_in(&dependency.dep_kinds)).map(|dependency| &dependency.pkg),
        );
    }
    let theirs =
        found.into_iter().filter_map(|id| packages.get(id).copied()).filter(|package| package.source.is_some());
    let mut theirs: Vec<_> = theirs.collect();
    theirs.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(theirs)
}

/// The SHA-256 of each library's archive, by name and version.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: Table = lock.parse().context("Cargo.lock")?;
    let packages = lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock names no package")?;
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    let line = |package| Some(((text(package, "name")?, text(package, "version")?), text(package, "checksum")?));
    Ok(packages.iter().filter_map(line).collect())
}

/// The npm packages of the lock file, by name and version; they build and test, and are not shipped.
fn npm_packages(lock: &str) -> Result<BTreeSet<(String, String, Option<String>)>> {
    let lock: Value = serde_json::from_str(lock).context("package-lock.json")?;
    let packages = lock.get("packages").and_then(Value::as_object).context("package-lock.json names no package")?;
    let package = |(path, package): (&String, &Value)| {
        let text = |key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = text("name").or_else(|| path.rsplit("node_modules/").next().map(str::to_owned));
        // The first one is our own list.
        Some((name.filter(|_| !path.is_empty())?, text("version")?, text("license")))
    };
    Ok(packages.iter().filter_map(package).collect())
}

fn bill(
    shipped: &[&Package],
    checksums: &BTreeMap<(String, String), String>,
    npm: BTreeSet<(String, String, Option<String>)>,
) -> Result<Bom> {
    let mut components = Vec::new();
    for package in shipped {
        let (name, version) = (package.name.to_string(), package.version.to_string());
        let mut component = component("cargo", &name, &version, package.license.as_deref())?;
        component.scope = Some(Scope::Required);
        if let Some(checksum) = checksums.get(&(name, version)) {
            let hash = Hash { alg: HashAlgorithm::SHA_256, content: HashValue(checksum.clone()) };
            component.hashes = Some(Hashes(vec![hash]));
        }
        components.push(component);
    }
    for (name, version, license) in npm {
        let mut component = component("npm", &name, &version, license.as_deref())?;
        component.scope = Some(Scope::Excluded);
        components.push(component);
    }
    let ours = component("generic", "courseferry", env!("CARGO_PKG_VERSION"), Some(env!("CARGO_PKG_LICENSE")))?;
    let ours = Component { component_type: Classification::Application, ..ours };
    Ok(Bom {
        serial_number: None,
        metadata: Some(BomMetadata { component: Some(ours), ..BomMetadata::default() }),
        components: Some(Components(components)),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    })
}

fn component(registry: &str, name: &str, version: &str, license: Option<&str>) -> Result<Component> {
    let purl = Purl::new(registry, name, version).with_context(|| format!("{name} {version} has no package URL"))?;
    let mut component = Component::new(Classification::Library, name, version, Some(purl.to_string()));
    component.purl = Some(purl);
    component.licenses = license.map(|license| {
        // "MIT/Apache-2.0" is how it was written before SPDX.
        Licenses(vec![LicenseChoice::Expression(SpdxExpression::new(&license.replace('/', " OR ")))])
    });
    Ok(component)
}

/// Every licence text once, under the libraries that it is of.
fn notices(shipped: &[&Package]) -> Result<String> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in shipped {
        let label =
            format!("{} {} ({})", package.name, package.version, package.license.as_deref().unwrap_or("see below"));
        let folder = package.manifest_path.parent().context("a library without a folder")?;
        let found = licences(folder.as_std_path())?;
        if found.is_empty() {
            texts.entry("(The library holds no text of its licence.)".to_owned()).or_default().insert(label.clone());
        }
        for text in found {
            texts.entry(text).or_default().insert(label.clone());
        }
    }
    let mut groups: Vec<_> = texts.into_iter().map(|(text, labels)| (labels, text)).collect();
    groups.sort();
    let mut notices = String::from("Courseferry's Worker and widget hold these libraries.\n");
    for (labels, text) in groups {
        let labels = labels.into_iter().collect::<Vec<_>>().join("\n");
        writeln!(notices, "\n{}\n{labels}\n\n{}", "=".repeat(80), text.trim_end())?;
    }
    Ok(notices)
}

/// The texts of licences in a library's folder.
fn licences(folder: &Path) -> Result<BTreeSet<String>> {
    let mut texts = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
        if entry.file_type()?.is_file() && LICENCES.iter().any(|start| name.starts_with(start)) {
            texts.insert(String::from_utf8_lossy(&fs::read(entry.path())?).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::{bill, checksums, metadata, notices, npm_packages, root, shipped};
    use cyclonedx_bom::{models::bom::SpecVersion, validation::Validate};
    use std::fs;

    #[test]
    fn the_bill_names_what_is_shipped_with_licence_and_hash_and_is_valid() {
        let root = root().unwrap();
        let metadata = metadata(&root).unwrap();
        let shipped = shipped(&metadata).unwrap();
        let names: Vec<_> = shipped.iter().map(|package| package.name.as_str()).collect();
        for library in ["leptos", "serde_json", "worker", "wasm-bindgen"] {
            assert!(names.contains(&library), "{library} is compiled in");
        }
        for other in ["proptest", "axum", "rusqlite", "courseferry-edge"] {
            assert!(!names.contains(&other), "{other} is not other people's work in the files");
        }
        let checksums = checksums(&fs::read_to_string(root.join("Cargo.lock")).unwrap()).unwrap();
        let npm = npm_packages(&fs::read_to_string(root.join("xtask/npm/package-lock.json")).unwrap()).unwrap();
        let bill = || bill(&shipped, &checksums, npm.clone()).unwrap();
        let validated = bill().validate_version(SpecVersion::V1_5);
        assert!(validated.passed(), "{:#?}", validated.errors().collect::<Vec<_>>());
        let components = bill().components.unwrap().0;
        let leptos = components.iter().find(|component| component.name.to_string() == "leptos").unwrap();
        assert!(leptos.hashes.is_some() && leptos.licenses.is_some());
        let json = |bill: cyclonedx_bom::models::bom::Bom| {
            let mut json = Vec::new();
            bill.output_as_json(&mut json, SpecVersion::V1_5).unwrap();
            json
        };
        assert_eq!(json(bill()), json(bill()), "the same lock files give the same bytes");
        let notices = notices(&shipped).unwrap();
        assert!(notices.contains("leptos 0.8") && notices.contains("Permission is hereby granted"));
    }
}
