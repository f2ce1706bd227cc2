// What comes before the programs behind `npm start`, `npm test` and so on: they are TypeScript and use packages, and a
// fresh clone has neither a translation nor packages. So this uses nothing but Node itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs packages and builds where needed, then runs a program with the arguments of this process.
 * @param {string} name of the file in this folder, without `.ts`; exports `main`.
 */
export async function start(name) {
  requireNode();
  if (packagesAreStale()) timed('Installing npm packages', npm(['ci', '--no-audit', '--no-fund']));
  timed('Building', { command: process.execPath, args: ['esbuild.mjs', '--tests'] });
  const program = createRequire(import.meta.url)(path.join(root, 'out', 'test', 'support', `${name}.js`));
  await program.main(process.argv.slice(2));
}

/** Ends this process with a clear word when Node is older than package.json says. */
function requireNode() {
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [major, minor] = engines.node.match(/\d+/g).map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  fail(
    `Node.js ${major}.${minor} or later is needed; this is ${process.versions.node}. Get it from https://nodejs.org`,
  );
}

/** Whether packages were never installed, not to the end, or before package-lock.json changed. */
function packagesAreStale() {
  const time = (file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return time('node_modules/.package-lock.json') < time('package-lock.json');
}

/** How to start npm without a shell: it tells the programs it starts where its script is. */
function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { command: process.execPath, args: [script, ...args] };
  if (process.platform === 'win32') fail('Start this through npm: npm start, npm test.');
  return { command: 'npm', args };
}

/** Runs a command in view, tells how long it took, and ends this process when it fails. */
function timed(title, { command, args }) {
  const started = performance.now();
  console.log(`… ${title}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    fail(
      `${title} failed${error ? `: ${error.message}` : ', see above'}. By hand: ${path.basename(command)} ${args.join(' ')}`,
    );
  }
  console.log(`✔ ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
