import fs from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackages } from './debian';
import { BenchError } from './errors';
import { cachePath, findOnPath } from './paths';
import { lastLines, npmCall, type RunOptions, run, runOrFail } from './processes';
import { type Report, step } from './steps';
import { removeFolder } from './temporary';

/** The versions of VS Code that are tested against: the lowest that package.json allows, and the newest. */
export const vscodeVersions = ['1.100.3', '1.139.1'] as const;
export type VSCodeVersion = (typeof vscodeVersions)[number];

/** The one that people have. */
export const newestVSCode: VSCodeVersion = '1.139.1';

/** VS Code's server: the real workbench for a browser, and the real extension host. */
export interface VSCodeServer {
  readonly version: VSCodeVersion;
  /** The Node.js it runs on. */
  readonly node: string;
  /** The script that is the server and its command line in one. */
  readonly main: string;
}

/**
 * How a version is put together. The npm package code-server carries VS Code's own server; code-server's wrapper around
 * it is not used, and what it installs besides takes minutes and is not needed either.
 */
interface Recipe {
  readonly codeServer: string;
  /** The release of Node.js that the version is made for; comes as an npm package, too. */
  readonly node: string;
  /** Extensions that come with VS Code, are large, and are not looked at by any test. */
  readonly leaveOutExtensions: readonly string[];
  /** Dependencies of other platforms, or of parts that stay unused: sign-in, chat, remote connections. */
  readonly leaveOut: readonly string[];
  /** Modules to compile. All use Node's stable binary interface: the headers of any release will do. */
  readonly compile: readonly string[];
  /** Version of the ripgrep package to add, where the server's own would download it from elsewhere. */
  readonly ripgrep?: string;
  /** Exact replacements in files of the server. */
  readonly patches: readonly Patch[];
}

interface Patch {
  readonly file: string;
  readonly search: string;
  readonly replacement: string;
}

const recipes: Readonly<Record<VSCodeVersion, Recipe>> = {
  '1.139.1': {
    codeServer: '4.139.1',
    node: '24.21.0',
    leaveOutExtensions: ['copilot', 'mermaid-markdown-features'],
    leaveOut: [
      '@devcontainers/cli',
      '@github/copilot-sdk',
      '@microsoft/mxc-sdk',
      '@vscode/copilot-api',
      '@vscode/sandbox-runtime',
      '@vscode/sqlite3',
      '@vscode/windows-process-tree',
      '@vscode/windows-registry',
      'detect-libc',
      'kerberos',
      'node-addon-api',
      'ssh2',
      'tar',
      'zod',
    ],
    // node-pty and @parcel/watcher bring theirs ready-made.
    compile: ['@vscode/spdlog', '@vscode/native-watchdog'],
    patches: [
      {
        // Under its test flag this version hides notifications, which are what tests want to see.
        file: 'out/vs/code/browser/workbench/workbench.js',
        search: '&&!this.environmentService.enableSmokeTestDriver&&e.priority!==2',
        replacement: '&&e.priority!==2',
      },
      leadNoPortElsewhere('r', 'a'),
    ],
  },
  '1.100.3': {
    codeServer: '4.100.3',
    node: '20.20.2',
    leaveOutExtensions: [],
    leaveOut: ['@vscode/windows-process-tree', '@vscode/windows-registry', 'kerberos'],
    compile: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
    ripgrep: '1.18.0',
    patches: [leadNoPortElsewhere('o', 'a')],
  },
};

/**
 * code-server sends a browser that is to open a port of the server's machine to a proxy in its wrapper, which is not
 * there. VS Code's own server leaves the address as it is, and the browser is on the same machine.
 * @param uri and `mapping`: what the packed code calls them.
 */
function leadNoPortElsewhere(uri: string, mapping: string): Patch {
  return {
    file: 'out/vs/code/browser/workbench/workbench.js',
    search: `if(${mapping}&&${uri}.authority!==location.host)if(`,
    replacement: 'if(false)if(',
  };
}

/** To be counted up when a recipe changes: what was made after the old one is then made anew. */
const recipeRevision = 2;

/** Whether the server can be put together here. */
export function canRunVSCodeServer(): boolean {
  return process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');
}

/**
 * Makes sure that a version of VS Code's server is in the user's cache; made from npm packages, it needs no other
 * download. Takes about 40 seconds and 130 to 300 MB the first time.
 * @throws {@link BenchError} saying what is missing.
 */
export async function ensureVSCodeServer(version: VSCodeVersion, signal?: AbortSignal): Promise<VSCodeServer> {
  const folder = cachePath('vscode-server', `${version}-${recipeRevision}`);
  const server = {
    version,
    node: path.join(folder, 'node'),
    main: path.join(folder, 'vscode', 'out', 'server-main.js'),
  };
  if (fs.existsSync(folder)) return server;
  if (!canRunVSCodeServer()) {
    throw new BenchError(`VS Code's server is not to be had for ${process.platform} on ${process.arch}.`);
  }
  await ensureCompiler(signal);
  await step(`Putting together VS Code ${version}`, async (report) => {
    // Made beside its place and moved there when it is whole: what is there is always usable.
    const draft = `${folder}.${process.pid}`;
    removeFolder(draft);
    fs.mkdirSync(draft, { recursive: true });
    try {
      await assemble(recipes[version], draft, report, signal);
      fs.renameSync(draft, folder);
    } catch (error) {
      // Another process may have been as far at the same moment.
      if (!fs.existsSync(folder)) throw error;
    } finally {
      removeFolder(draft);
    }
  });
  return server;
}

async function assemble(recipe: Recipe, folder: string, report: Report, signal?: AbortSignal): Promise<void> {
  const platform = `linux-${process.arch}`;
  const vscode = path.join(folder, 'vscode');
  fs.mkdirSync(vscode);

  report('downloading');
  const archives = await download(
    [
      `code-server@${recipe.codeServer}`,
      `node-${platform}@${recipe.node}`,
      ...(recipe.ripgrep ? [`@vscode/ripgrep-${platform}@${recipe.ripgrep}`] : []),
    ],
    folder,
    { signal },
  );
  report('unpacking');
  const left = recipe.leaveOutExtensions.map((name) => `--exclude=package/lib/vscode/extensions/${name}`);
  const members = ['--strip-components=3', '--exclude=*.map', ...left, 'package/lib/vscode'];
  await unpack(archives[0], vscode, members, signal);
  await unpack(archives[1], folder, ['--strip-components=2', 'package/bin/node'], signal);

  report('installing its dependencies');
  leaveOutDependencies(vscode, recipe.leaveOut);
  stayOffTheNet(vscode);
  for (const patch of recipe.patches) replaceInFile(path.join(vscode, patch.file), patch.search, patch.replacement);
  await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: vscode, signal });
  if (recipe.ripgrep) {
    const ripgrep = path.join(vscode, 'node_modules', '@vscode', 'ripgrep');
    await unpack(archives[2], ripgrep, ['--strip-components=1', 'package/bin'], signal);
  }
  for (const archive of archives) fs.rmSync(archive);

  report('compiling native modules');
  await Promise.all(recipe.compile.map((name) => compile(path.join(vscode, 'node_modules', name), signal)));
  removeOtherPlatforms(vscode, platform);
  // Without this one VS Code starts all the same, and its output channels stay empty: better to hear of it now.
  await runOrFail(path.join(folder, 'node'), ['--eval', 'require("@vscode/spdlog")'], { cwd: vscode, signal });
}

/** Fetches packages from the registry that npm is set up for. Gives the archives' paths, in the same order. */
async function download(packages: string[], folder: string, { signal }: RunOptions): Promise<string[]> {
  const output = await npm(['pack', '--json', '--pack-destination', folder, ...packages], { cwd: folder, signal });
  const described: unknown = JSON.parse(output);
  const names = (Array.isArray(described) ? described : []).map((entry: { filename: string }) => entry.filename);
  if (names.length !== packages.length)
    throw new BenchError(`npm pack gave ${names.length} of ${packages.join(', ')}.`);
  // npm 8 tells scoped packages' names as they are, while the files are named without the slash.
  return names.map((name) => path.join(folder, name.replace(/^@/, '').replaceAll('/', '-')));
}

async function unpack(
  archive: string | undefined,
  folder: string,
  options: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (!archive) throw new Error('There is nothing to unpack.');
  fs.mkdirSync(folder, { recursive: true });
  await runOrFail('tar', ['--extract', '--file', archive, '--directory', folder, ...options], { signal });
}

function leaveOutDependencies(vscode: string, names: readonly string[]): void {
  editJson(path.join(vscode, 'package.json'), (manifest) => {
    const dependencies = manifest.dependencies as Record<string, string>;
    for (const name of names) delete dependencies[name];
  });
}

/** No extension gallery and no chat to look for: tests must not wait for hosts that they may not reach. */
function stayOffTheNet(vscode: string): void {
  editJson(path.join(vscode, 'product.json'), (product) => {
    product.extensionsGallery = {};
    delete product.defaultChatAgent;
    delete product.trustedExtensionAuthAccess;
  });
}

function editJson(file: string, edit: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(fs.readFileSync(file, 'utf8'));
  edit(content);
  fs.writeFileSync(file, JSON.stringify(content, null, 2));
}

function replaceInFile(file: string, search: string, replacement: string): void {
  const text = fs.readFileSync(file, 'utf8');
  if (!text.includes(search)) throw new BenchError(`${file} is not as expected: it has no ${search}`);
  fs.writeFileSync(file, text.replace(search, replacement));
}

/** Compiles a native module in place. */
async function compile(folder: string, signal?: AbortSignal): Promise<void> {
  const gyp = path.join(npmFolder(), 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const headers = headerFolder();
  const where = headers ? [`--nodedir=${headers}`] : [];
  await runOrFail(process.execPath, [gyp, 'rebuild', '--jobs=2', ...where], { cwd: folder, signal });
  // What the compiler leaves behind is many times larger than what it made.
  const build = path.join(folder, 'build');
  for (const name of fs.readdirSync(build, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(build, name);
    const wanted = name.endsWith('.node') || path.basename(name) === 'spawn-helper';
    if (!wanted && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) fs.rmSync(file);
  }
}

function removeOtherPlatforms(vscode: string, platform: string): void {
  const modules = path.join(vscode, 'node_modules');
  for (const folder of ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds'].map((name) =>
    path.join(modules, name),
  )) {
    if (!fs.existsSync(folder)) continue;
    for (const name of fs.readdirSync(folder)) if (name !== platform) removeFolder(path.join(folder, name));
  }
  for (const name of ['node-pty/third_party', 'node-pty/deps']) removeFolder(path.join(modules, name));
}

/** A compiler, and Node's headers where neither Node's own installation nor the network has them. */
async function ensureCompiler(signal?: AbortSignal): Promise<void> {
  const missing = Object.entries({ 'g++': 'g++', make: 'make', python3: 'python3' })
    .filter(([program]) => !findOnPath(program))
    .map(([, name]) => name);
  if (!headerFolder() && canInstallPackages()) missing.push('libnode-dev');
  if (missing.length === 0) return;
  if (!canInstallPackages()) {
    throw new BenchError(
      `VS Code's native modules need a compiler: ${missing.join(', ')} are missing.`,
      'Install them.',
    );
  }
  await installPackages(missing, { signal });
}

/** The folder whose `include/node` holds Node's headers. */
function headerFolder(): string | undefined {
  return [path.resolve(fs.realpathSync(process.execPath), '../..'), '/usr/local', '/usr'].find((folder) =>
    fs.existsSync(path.join(folder, 'include', 'node', 'node_api.h')),
  );
}

/** Where npm is installed; it brings node-gyp. */
function npmFolder(): string {
  const [command, args] = npmCall([]);
  const script = args[0] ?? findOnPath(command) ?? command;
  return path.resolve(fs.realpathSync(script), '../..');
}

async function npm(args: readonly string[], options: RunOptions): Promise<string> {
  const [command, all] = npmCall(args);
  // When npm itself started us, it left variables behind that would tell this npm it is at work in our own package.
  const env = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^npm_(package|lifecycle)_|^npm_config_local_prefix$/.test(name))
      .map((name) => [name, undefined]),
  );
  const { exitCode, stdout, stderr } = await run(command, all, { ...options, env });
  if (exitCode === 0) return stdout;
  throw new BenchError(
    `npm ${args[0]} failed:\n${lastLines(stderr, 15)}`,
    'VS Code is put together from npm packages: the registry that npm is set up for must be in reach.',
  );
}
