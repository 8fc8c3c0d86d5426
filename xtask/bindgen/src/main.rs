//! wasm-bindgen's command line, as far as worker-build and `cargo xtask build` use it. The package
//! `wasm-bindgen-cli` also holds a test server with its own TLS and a lock file of its own, which take longer to
//! install than all the rest; the library that does the work is built and locked with this workspace.

use std::path::PathBuf;

use anyhow::{Result, bail};
use pico_args::Arguments;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let mut bindgen = Bindgen::new();
    match arguments.value_from_str::<_, String>("--target")?.as_str() {
        "web" => bindgen.web(true)?,
        "module" => bindgen.module(true)?,
        other => bail!("this build makes no files for the target `{other}`"),
    };
    bindgen
        .out_name(&arguments.value_from_str::<_, String>("--out-name")?)
        .typescript(!arguments.contains("--no-typescript"))
        .demangle(!arguments.contains("--no-demangle"))
        .omit_default_module_path(arguments.contains("--omit-default-module-path"))
        .reset_state_function(arguments.contains("--experimental-reset-state-function"))
        .force_enable_abort_handler(arguments.contains("--force-enable-abort-handler"));
    let folder: PathBuf = arguments.value_from_str("--out-dir")?;
    bindgen.input_path(arguments.free_from_str::<PathBuf>()?);
    match arguments.finish().first() {
        // Whoever asks for more must get it, not something else without a word.
        Some(unknown) => bail!("`{}` means nothing here: see xtask/bindgen", unknown.display()),
        None => bindgen.generate(folder),
    }
}
