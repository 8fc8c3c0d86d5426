// The Manage page's WebAssembly, fetched when an administrator opens the page. It mounts itself where the widget has
// made room for it.
import init from "courseferry-manage-bindings";

await init({ module_or_path: new URL(`courseferry-manage_bg.wasm?v=${MANAGE_WASM_HASH}`, import.meta.url) });
