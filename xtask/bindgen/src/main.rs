//! wasm-bindgen's command line, as far as worker-build and `cargo xtask build` use it. The package
//! `wasm-bindgen-cli` also holds a test server with its own TLS and a lock file of its own, which take longer to
//! install than all the rest; the library that does the work is built and locked with this workspace. With `--split`,
//! functions marked `wasm_split` go into files of their own first, as `cargo leptos --split` does it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use pico_args::Arguments;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let mut bindgen = Bindgen::new();
    match arguments.value_from_str::<_, String>("--target")?.as_str() {
        "web" => bindgen.web(true)?,
        "module" => bindgen.module(true)?,
        other => bail!("this build makes no files for the target `{other}`"),
    };
    let name: String = arguments.value_from_str("--out-name")?;
    let is_split = arguments.contains("--split");
    bindgen
        .out_name(&name)
        // What is loaded later shares the table of functions.
        .keep_lld_exports(is_split)
        .typescript(!arguments.contains("--no-typescript"))
        .demangle(!arguments.contains("--no-demangle"))
        .omit_default_module_path(arguments.contains("--omit-default-module-path"))
        .reset_state_function(arguments.contains("--experimental-reset-state-function"))
        // Tests are called one by one; their program's `main` is not for browsers.
        .emit_start(!arguments.contains("--test"))
        .force_enable_abort_handler(arguments.contains("--force-enable-abort-handler"));
    let folder: PathBuf = arguments.value_from_str("--out-dir")?;
    let input: PathBuf = arguments.free_from_str()?;
    bindgen.input_path(if is_split { split(&input, &folder, &name)? } else { input });
    match arguments.finish().first() {
        // An option that is not known here must not be ignored in silence.
        Some(unknown) => bail!("`{}` means nothing here: see xtask/bindgen", unknown.display()),
        None => bindgen.generate(folder),
    }
}

/// Writes what is loaded later, and the script that loads it, into `folder`; gives what is loaded at once.
fn split(input: &Path, folder: &Path, name: &str) -> Result<PathBuf> {
    let whole = std::fs::read(input).with_context(|| input.display().to_string())?;
    let main = folder.join("main.wasm");
    let script = format!("./{name}.js");
    let mut options = Options::new(&whole);
    (options.output_dir, options.main_out_path, options.main_module) = (folder, &main, &script);
    transform(options).map_err(|error| anyhow!("{error:?}"))?;
    Ok(main)
}
