// What a Moodle page loads: fetches the widget's WebAssembly and styles, once, and mounts the widget into every
// `[data-courseferry]` of the page. The widget itself is Rust; `cargo xtask build` puts the two together.
import init, { mount as mountWidget } from "courseferry-bindings";

const mounted = new WeakSet();
const address = (name, hash) => new URL(`${name}?v=${hash}`, import.meta.url);

const style = document.createElement("link");
style.rel = "stylesheet";
style.href = address("courseferry.css", STYLE_HASH);
document.head.append(style);

const ready = init({ module_or_path: address("courseferry_bg.wasm", WASM_HASH) });

const NOT_STARTED = {
  en: "Courseferry could not start. Reload the page; if this stays, tell your administrator.",
  fr: "Courseferry n’a pas pu démarrer. Rechargez la page ; si cela persiste, prévenez votre administrateur.",
};

/** Mounts the widget into `element`, whose data attributes say who and where; a second call does nothing. */
export async function mount(element) {
  if (mounted.has(element)) return;
  mounted.add(element);
  try {
    await ready;
  } catch (error) {
    // Mostly a Content-Security-Policy without 'wasm-unsafe-eval'.
    element.textContent = NOT_STARTED[element.dataset.lang?.slice(0, 2)] ?? NOT_STARTED.en;
    throw error;
  }
  mountWidget(element);
}

for (const element of document.querySelectorAll("[data-courseferry]")) mount(element);
