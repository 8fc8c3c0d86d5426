// Makes the state of this sign-in, keeps it with the wanted path in this tab, and goes on to Moodle's login.
const { launch, path, back } = document.currentScript.dataset;
const bytes = crypto.getRandomValues(new Uint8Array(16));
const state = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
sessionStorage.setItem("courseferry-sign-in", JSON.stringify({ state, path }));
location.replace(`${launch}?path=${encodeURIComponent(back)}&state=${state}`);
