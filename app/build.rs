//! Turns the keys of `locales/en.json` into constants, so that a text that is not there does not compile, and one that
//! nothing uses is a warning. Stops the build where another language has other keys, plural forms, places or marks.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

type Texts = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let english = texts(Path::new("locales/en.json"))?;
    for file in fs::read_dir("locales")? {
        let path = file?.path();
        compare(&english, &texts(&path)?).map_err(|fault| format!("{}: {fault}", path.display()))?;
    }
    let target = Path::new(&env::var("OUT_DIR")?).join("text.rs");
    Ok(fs::write(target, constants(&english)?)?)
}

fn texts(path: &Path) -> Result<Texts, Box<dyn Error>> {
    let Value::Object(texts) = serde_json::from_str(&fs::read_to_string(path)?)? else {
        return Err(format!("{} is no object", path.display()).into());
    };
    let text = |(key, text): (String, Value)| text.as_str().map(|text| (key, text.to_owned()));
    texts
        .into_iter()
        .map(text)
        .collect::<Option<_>>()
        .ok_or_else(|| format!("{}: not only texts", path.display()).into())
}

/// The names between braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

fn compare(english: &Texts, other: &Texts) -> Result<(), String> {
    if let Some(key) = english.keys().find(|key| !other.contains_key(*key)) {
        return Err(format!("{key} is missing"));
    }
    for (key, text) in other {
        // A language may have plural forms that English has not.
        let like = match key.rsplit_once('_') {
            Some((start, "zero" | "two" | "few" | "many")) => format!("{start}_other"),
            _ => key.clone(),
        };
        let original = english.get(&like).ok_or_else(|| format!("English has no {key}"))?;
        let one = key.ends_with("_one");
        if text.is_empty() || places(text) != places(original) && !one {
            return Err(format!("{key} has other places than in English"));
        }
        if text.matches("**").count() != original.matches("**").count() {
            return Err(format!("{key} has other marks than in English"));
        }
    }
    Ok(())
}

fn constants(english: &Texts) -> Result<String, Box<dyn Error>> {
    let mut source = String::new();
    for (key, text) in english {
        if key.strip_suffix("_one").is_some_and(|name| english.contains_key(&format!("{name}_other"))) {
            continue;
        }
        let (name, kind) = match key.strip_suffix("_other") {
            Some(name) => (name, "Plural"),
            None => (key.as_str(), "Text"),
        };
        writeln!(source, "/// {text}\npub const {}: {kind} = {kind}({name:?});", name.to_uppercase())?;
    }
    Ok(source)
}
