//! No module of ours imports one that imports it, directly or by a detour: each can be read, and moved, by itself.
//!
//! A module is a file. What a parent re-exports of its children belongs to the child: importing it is importing the
//! child, and re-exporting it is no import.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{File, Item, UseTree, Visibility, visit::Visit};

/// The names from the crate's root to a module or an item; the root has none.
type Names = Vec<String>;
type Imports = BTreeMap<Names, BTreeSet<Names>>;

/// The sources that are held to it.
const SOURCES: [&str; 9] = [
    "edge/src",
    "edge/access/src",
    "edge/api/src",
    "edge/ferry/src",
    "edge/moodle/src",
    "edge/store/src",
    "xtask/src",
    "app/src",
    "tests/src",
];

#[test]
fn modules_import_each_other_in_no_circle() {
    let circles: Vec<_> = SOURCES.map(|source| (source, circle(&imports(source)))).into();
    let found: Vec<_> = circles.iter().filter(|(_, circle)| circle.is_some()).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_circle_by_a_detour_is_found() {
    let name = |name: &str| vec![name.to_owned()];
    let imports = [("a", "b"), ("b", "c"), ("c", "a")].map(|(from, to)| (name(from), BTreeSet::from([name(to)])));
    assert_eq!(circle(&Imports::from(imports)).as_deref(), Some("a → b → c → a"));
}

/// Which modules each module of a crate imports.
fn imports(source: &str) -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(source);
    let mut modules = BTreeMap::new();
    files(&root, &mut |file| {
        let text = fs::read_to_string(file).unwrap();
        modules.insert(module(file.strip_prefix(&root).unwrap()), Paths::of(&syn::parse_file(&text).unwrap()));
    });
    assert!(modules.len() > 3, "{source} is no crate's source");
    let found = modules.iter().map(|(module, paths)| {
        let imports = paths.used.iter().filter_map(|path| owner(&modules, &absolute(&modules, module, path)?));
        (module.clone(), imports.filter(|other| other != module).collect())
    });
    found.collect()
}

fn files(folder: &Path, found: &mut impl FnMut(&PathBuf)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found(&path);
        }
    }
}

/// `api/manage/mod.rs` and `api/manage.rs` are both `api::manage`.
fn module(file: &Path) -> Names {
    let mut names: Names = file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if ["mod", "lib", "main"].contains(&names.last().unwrap().as_str()) {
        names.pop();
    }
    names
}

/// A path as a module writes it, from the crate's root on; none if it leaves the crate.
fn absolute(modules: &BTreeMap<Names, Paths>, module: &Names, path: &[String]) -> Option<Names> {
    let (first, rest) = path.split_first()?;
    let mut full = match first.as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        "super" => module[..module.len().saturating_sub(1)].to_vec(),
        child => Some([module.clone(), vec![child.to_owned()]].concat()).filter(|child| modules.contains_key(child))?,
    };
    for name in rest {
        if name == "super" {
            full.pop();
        } else {
            full.push(name.clone());
        }
    }
    Some(full)
}

/// The module in which what a path names is written.
fn owner(modules: &BTreeMap<Names, Paths>, path: &[String]) -> Option<Names> {
    let end = (0..=path.len()).rev().find(|end| modules.contains_key(&path[..*end]))?;
    let module = path[..end].to_vec();
    let exported = path.get(end).and_then(|name| modules[&module].exported.get(name));
    let elsewhere = exported.and_then(|from| absolute(modules, &module, from));
    elsewhere.map_or(Some(module), |from| owner(modules, &from))
}

/// The paths in one file.
#[derive(Default)]
struct Paths {
    used: Vec<Names>,
    /// What it re-exports, by name.
    exported: BTreeMap<String, Names>,
}

impl Paths {
    fn of(file: &File) -> Self {
        let mut paths = Self::default();
        paths.visit_file(file);
        paths
    }

    fn import(&mut self, path: &[String], tree: &UseTree, public: bool) {
        let named = |name: &syn::Ident| [path, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(step) => return self.import(&named(&step.ident), &step.tree, public),
            UseTree::Group(group) => return group.items.iter().for_each(|tree| self.import(path, tree, public)),
            UseTree::Name(name) if name.ident == "self" => (path.last().cloned().unwrap_or_default(), path.to_vec()),
            UseTree::Name(name) => (name.ident.to_string(), named(&name.ident)),
            UseTree::Rename(name) => (name.rename.to_string(), named(&name.ident)),
            UseTree::Glob(_) => (String::new(), path.to_vec()),
        };
        if public {
            self.exported.insert(name, path);
        } else {
            self.used.push(path);
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Use(import) => self.import(&[], &import.tree, !matches!(import.vis, Visibility::Inherited)),
            // Tests beside the code see all of it.
            Item::Mod(inner) if inner.ident == "tests" => {}
            other => syn::visit::visit_item(self, other),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.used.push(names);
        }
        syn::visit::visit_path(self, path);
    }
}

/// Modules that import each other, in order, if there are some.
fn circle(imports: &Imports) -> Option<String> {
    fn follow<'a>(
        imports: &'a Imports,
        module: &'a Names,
        way: &mut Vec<&'a Names>,
        done: &mut BTreeSet<&'a Names>,
    ) -> Option<String> {
        if let Some(start) = way.iter().position(|before| *before == module) {
            let names: Vec<String> = way[start..].iter().chain([&module]).map(|module| module.join("::")).collect();
            return Some(names.join(" → "));
        }
        if !done.insert(module) {
            return None;
        }
        way.push(module);
        let found = imports[module].iter().find_map(|next| follow(imports, next, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| follow(imports, module, &mut Vec::new(), &mut done))
}
