// Runs the built Worker in workerd through Miniflare, without `wrangler dev`'s proxy in front: D1 in a folder
// of the caller's, migrations applied, cron on demand. It is for development and tests; it builds nothing.
//
//   node worker.mjs --config WRANGLER.toml --port P --state DIR [--vars FILE.json] [--assets DIR]
//     [--tick SECONDS]
//
// Prints one line on stdout, `ready ADDRESS pid WORKERD_PID`, once it serves; everything else goes to stderr.
// `GET /cdn-cgi/handler/scheduled` fires the cron handler and answers when it has ended.
// Ends, and workerd with it, when its standard input closes: whoever starts it cannot leave it behind.
import childProcess from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const { values: args } = parseArgs({
  options: {
    config: { type: "string" },
    port: { type: "string" },
    state: { type: "string" },
    vars: { type: "string" },
    assets: { type: "string" },
    tick: { type: "string" },
  },
});
for (const name of ["config", "port", "state"]) {
  if (!args[name]) fail(`--${name} is missing`);
}
const port = Number(args.port);
const config = path.resolve(args.config);

// The packages are installed under target/npm, away from this file.
const packages = process.env.COURSEFERRY_NPM ?? path.join(import.meta.dirname, "../../target/npm");
const require = createRequire(path.join(path.resolve(packages), "package.json"));

let ending = false;
const workerd = watchForWorkerd();
const { Log, LogLevel, Miniflare } = require("miniflare");
const { unstable_getMiniflareWorkerOptions, unstable_readConfig, unstable_splitSqlQuery } = require("wrangler");
// wrangler chats on stdout; that is for the one line.
console.log = console.info = console.debug = console.error;

class StderrLog extends Log {
  log(message) {
    process.stderr.write(`${message}\n`);
  }
}

// Secrets come from --vars here, not from where wrangler would look for the required ones.
const settings = { ...unstable_readConfig({ config }), secrets: undefined };
const { workerOptions, main } = unstable_getMiniflareWorkerOptions(settings);
const overrides = args.vars ? JSON.parse(fs.readFileSync(args.vars, "utf8")) : {};
if (args.assets) workerOptions.assets.directory = path.resolve(args.assets);
const miniflare = new Miniflare({
  ...workerOptions,
  // Given one by one: Miniflare's own search for modules would parse the bundle again.
  modules: modules(main),
  modulesRoot: path.dirname(main),
  bindings: { ...workerOptions.bindings, ...overrides },
  host: "127.0.0.1",
  port,
  cf: false,
  defaultPersistRoot: path.resolve(args.state),
  unsafeTriggerHandlers: true,
  logRequests: false,
  log: new StderrLog(LogLevel.WARN),
  handleRuntimeStdio: (stdout, stderr) => {
    stdout.pipe(process.stderr);
    stderr.pipe(process.stderr);
  },
});

process.stdin.on("end", () => end(0)).on("error", () => end(0)).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(0));

try {
  await miniflare.ready;
  for (const binding of Object.keys(workerOptions.d1Databases ?? {})) {
    await migrate(await miniflare.getD1Database(binding), path.join(path.dirname(config), "migrations"));
  }
} catch (error) {
  process.stderr.write(`worker.mjs: ${error.code ? error.message : error.stack}\n`);
  await end(1);
}
const address = `http://127.0.0.1:${port}`;
if (args.tick) setInterval(tick, Number(args.tick) * 1000);
process.stdout.write(`ready ${address} pid ${workerd()}\n`);

async function end(status) {
  if (ending) return;
  ending = true;
  await miniflare.dispose().catch(() => {});
  process.exit(status);
}

/**
 * Like the platform, a tick does not wait for the one before it. No time limit: a backup takes minutes. A connection
 * each: workerd closes idle ones just when the next tick would use them.
 */
function tick() {
  http
    .get(`${address}/cdn-cgi/handler/scheduled`, { agent: false }, (response) => {
      if (response.statusCode !== 200) process.stderr.write(`cron handler: HTTP ${response.statusCode}\n`);
      response.resume();
    })
    .on("error", (error) => ending || process.stderr.write(`cron handler: ${error.message}\n`));
}

/** Applies what is new in `folder`, each file in one transaction, noted where `wrangler d1 migrations` notes it. */
async function migrate(database, folder) {
  if (!fs.existsSync(folder)) return;
  await database
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
       applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    )
    .run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row.name));
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".sql") && !applied.has(name));
  for (const name of files.sort()) {
    const statements = unstable_splitSqlQuery(fs.readFileSync(path.join(folder, name), "utf8"));
    await database.batch([
      ...statements.map((sql) => database.prepare(sql)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}

/** The bundle and the WebAssembly beside it, as workerd takes them. */
function modules(entry) {
  if (!fs.existsSync(entry)) fail(`${entry} is not there: run \`cargo xtask build\` first`);
  const folder = path.dirname(entry);
  const wasm = fs.readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  return [
    { type: "ESModule", path: entry },
    ...wasm.map((name) => ({ type: "CompiledWasm", path: path.join(folder, name) })),
  ];
}

/**
 * Miniflare keeps workerd's process to itself. Whoever tests what a killed Worker does needs its id; when it dies,
 * so does this process; and when this process is killed, a shell that waits for that takes workerd with it.
 */
function watchForWorkerd() {
  const { spawn } = childProcess;
  let pid;
  childProcess.spawn = (command, ...rest) => {
    const child = spawn(command, ...rest);
    if (path.basename(command).startsWith("workerd")) {
      pid = child.pid;
      const guard = spawn("/bin/sh", ["-c", 'read -r _; kill -9 "$1"', "guard", String(pid)], {
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });
      guard.unref();
      child.once("exit", () => {
        guard.kill("SIGKILL");
        end(1);
      });
    }
    return child;
  };
  return () => pid;
}

function fail(message) {
  process.stderr.write(`worker.mjs: ${message}\n`);
  process.exit(2);
}
