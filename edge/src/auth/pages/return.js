// Takes the launch token out of the address at once, exchanges it, and goes on to the wanted path.
const { foreign, failed, session, signIn: signInPage } = document.currentScript.dataset;
const launch = new URLSearchParams(location.hash.slice(1)).get("launch");
history.replaceState(null, "", location.pathname);
const { state, path } = JSON.parse(sessionStorage.getItem("courseferry-sign-in") ?? "{}");
sessionStorage.removeItem("courseferry-sign-in");

const say = (text, small = "", again = true) => {
  document.querySelector("h1").textContent = text;
  document.querySelector("small").textContent = small;
  document.querySelector("a").href = `${signInPage}?path=${encodeURIComponent(path ?? "/")}`;
  document.querySelector("#again").hidden = !again;
};

/** Answers of the API need the session, which lives in this script only: they are shown or saved from here. */
const open = async (token) => {
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}` } });
  const file = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  if (file) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = file;
    link.click();
    say(file, "", false);
  } else {
    const answer = await response.json();
    say(answer.error?.message ?? path, JSON.stringify(answer), !response.ok);
  }
};

const signIn = async () => {
  if (!launch || !state) return say(foreign);
  const response = await fetch(session, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ launch, state }),
  });
  const answer = await response.json();
  if (!response.ok) return say(answer.error.message, `${answer.error.code} ${answer.request_id}`);
  return path.startsWith("/api/") ? open(answer.token) : location.replace(path);
};
signIn().catch(() => say(failed));
