// What a Moodle page loads: waits until a `[data-courseferry]` of the page is looked at, fetches the widget's
// WebAssembly, texts and styles, once, and mounts the widget into it. The widget itself is Rust; `cargo xtask build` puts
// the two together, and defines OPEN_SESSION, the path of that endpoint.
import init, { mount as mountWidget } from "courseferry-bindings";
import { address, fetched, integrity } from "./files.js";

const mounted = new WeakSet();

const NOT_STARTED = {
  en: "Courseferry could not start. Reload the page; if this stays, tell your administrator.",
  fr: "Courseferry n’a pas pu démarrer. Rechargez la page ; si cela persiste, prévenez votre administrateur.",
};

// Without its styles the widget is ugly but works, so their failure is no reason to wait or to stop.
const styled = () =>
  new Promise((done) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    if (integrity(FILES.styles)) [style.crossOrigin, style.integrity] = ["anonymous", integrity(FILES.styles)];
    style.href = address(FILES.styles);
    style.onload = style.onerror = done;
    document.head.append(style);
  });

const language = (element) => {
  const wanted = element.dataset.lang?.slice(0, 2);
  return wanted in FILES.texts ? wanted : "en";
};

const texts = async (language) => {
  const answer = await fetched(FILES.texts[language]);
  if (!answer.ok) throw new Error(`${FILES.texts[language]}: ${answer.status}`);
  return answer.text();
};

// The Worker's first answer, asked for while the rest is on its way, and waited for as long as the widget waits for
// others (PATIENCE). The widget reads it.
const session = ({ worker, launch }) => {
  if (!launch) return undefined;
  const answer = fetch(worker + OPEN_SESSION, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ launch }),
    signal: AbortSignal.timeout(45_000),
  });
  // If it fails before the widget is there, which says so, the browser need not report it.
  answer.catch(() => {});
  return answer;
};

const load = (element) => ({
  parts: Promise.all([texts(language(element)), init({ module_or_path: fetched(FILES.wasm) }), styled()]),
  answer: session(element.dataset),
});
let loading;

/** Mounts the widget into `element`, whose data attributes say who and where; a second call does nothing. */
export async function mount(element) {
  if (mounted.has(element)) return;
  mounted.add(element);
  loading ??= load(element);
  let words;
  try {
    [words] = await loading.parts;
  } catch (error) {
    // Mostly a Content-Security-Policy without 'wasm-unsafe-eval'.
    element.textContent = NOT_STARTED[language(element)] ?? NOT_STARTED.en;
    throw error;
  }
  mountWidget(element, words, loading.answer);
}

// A block in a closed drawer loads nothing; who opens the full page wants to see it.
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    mount(target);
  }
});
for (const element of document.querySelectorAll("[data-courseferry]")) {
  if (element.dataset.surface === "page") mount(element);
  else watcher.observe(element);
}
