// Where the widget's other files are, and how they are fetched. `cargo xtask build` defines FILES, the names of the files
// of this build, so that a page that was opened before a deployment goes on with its own, and HASHES, their hashes.
//
// The script has two addresses. `courseferry.js` is always the newest build. A site that pins a build loads the same bytes
// as `files/courseferry-HASH.js` with their hash; loaded so, the script takes no file whose hash is not in HASHES.
const pinned = /^(.*\/)files\/[^/]+$/.exec(import.meta.url)?.[1];

/** The address of a file. */
export const address = (name) => new URL(name, pinned ?? import.meta.url);

/** The hash without which the browser refuses the file; none where no build is pinned. */
export const integrity = (name) => (pinned ? HASHES[name] : "");

/** Fetches a file. */
export const fetched = (name) => fetch(address(name), { integrity: integrity(name) });
