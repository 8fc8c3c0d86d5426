//! No module of ours imports one that imports it, directly or by a detour: each can be read, and moved, by itself.
//!
//! A module is a file. An import is a `use`, or a path in the text, that begins with `crate`, `super` or `self`, or
//! that names a child module.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{File, Item, UseTree, visit::Visit};

type Module = Vec<String>;

#[test]
fn the_worker_has_no_circles() {
    assert_eq!(circle(&imports("edge/src")), None);
}

/// Which modules each module of a crate imports.
fn imports(source: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(source);
    let mut modules = BTreeMap::new();
    files(&root, &mut |file| {
        let parsed: File = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
        modules.insert(module(file.strip_prefix(&root).unwrap()), parsed);
    });
    assert!(modules.len() > 3, "{source} is no crate's source");
    let known: BTreeSet<Module> = modules.keys().cloned().collect();
    let found = modules.iter().map(|(module, file)| {
        let mut paths = Paths { module, found: Vec::new() };
        paths.visit_file(file);
        // The longest beginning that is a module of its own; the rest names something inside it.
        let owner = |path: Module| (0..=path.len()).rev().find_map(|end| known.get(&path[..end]).cloned());
        let imports = paths.found.into_iter().filter_map(owner).filter(|other| other != module);
        (module.clone(), imports.collect())
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

/// `api/manage/mod.rs` and `api/manage.rs` are both `api::manage`; the crate's root has no name.
fn module(file: &Path) -> Module {
    let mut segments: Module = file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if ["mod", "lib", "main"].contains(&segments.last().unwrap().as_str()) {
        segments.pop();
    }
    segments
}

/// The paths in one module's text, from the crate's root on.
struct Paths<'a> {
    module: &'a Module,
    found: Vec<Module>,
}

impl Paths<'_> {
    fn add(&mut self, path: &[String]) {
        let Some((first, rest)) = path.split_first() else { return };
        let parent = || self.module[..self.module.len().saturating_sub(1)].to_vec();
        let mut full = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => parent(),
            // A child by its name alone; of anything else nothing is a module of this crate.
            child => [self.module.clone(), vec![child.to_owned()]].concat(),
        };
        for segment in rest {
            if segment == "super" {
                full.pop();
            } else {
                full.push(segment.clone());
            }
        }
        let child = !["crate", "self", "super"].contains(&first.as_str());
        if !child || path.len() > 1 {
            self.found.push(full);
        }
    }

    fn tree(&mut self, path: &mut Vec<String>, tree: &UseTree) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.tree(path, &step.tree);
                path.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(path, tree)),
            UseTree::Name(name) if name.ident == "self" => self.add(path),
            UseTree::Name(name) => self.add(&[path.clone(), vec![name.ident.to_string()]].concat()),
            UseTree::Rename(name) => self.add(&[path.clone(), vec![name.ident.to_string()]].concat()),
            UseTree::Glob(_) => self.add(path),
        }
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Use(import) => self.tree(&mut Vec::new(), &import.tree),
            // Tests beside the code see all of it.
            Item::Mod(inner) if inner.ident == "tests" => {}
            other => syn::visit::visit_item(self, other),
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        syn::visit::visit_path(self, path);
    }
}

/// Modules that import each other, in order, if there are some.
fn circle(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Option<String> {
    fn follow<'a>(
        imports: &'a BTreeMap<Module, BTreeSet<Module>>,
        module: &'a Module,
        way: &mut Vec<&'a Module>,
        done: &mut BTreeSet<&'a Module>,
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

#[test]
fn a_circle_by_a_detour_is_found() {
    let name = |name: &str| vec![name.to_owned()];
    let to = |names: &[&str]| names.iter().map(|n| name(n)).collect::<BTreeSet<_>>();
    let imports = BTreeMap::from([(name("a"), to(&["b"])), (name("b"), to(&["c"])), (name("c"), to(&["a"]))]);
    assert_eq!(circle(&imports).as_deref(), Some("a → b → c → a"));
}
