// Builds everything that runs: the two bundles of the product, and (with --tests) the sources and tests file by file.
import fs from 'node:fs';
import path from 'node:path';
import { build, context } from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');
/** Where the bundles go: elsewhere for `npm run bench`, which measures what people get and leaves `dist` alone. */
const outdir = option('outdir') ?? 'dist';
/** A further file to bundle like the product. */
const also = option('also');

function option(name) {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/**
 * dockerode brings gRPC, protobuf and an ssh client for BuildKit sessions and for `ssh://` hosts. Berth builds through
 * `docker compose` and reaches ssh hosts through `docker system dial-stdio`, so none of it ever runs: an empty module in
 * its place makes the bundle a sixth of the size and loads five times faster.
 */
const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup(build) {
    build.onResolve({ filter: /^(@grpc\/|protobufjs|ssh2|cpu-features)/ }, (args) => ({
      path: args.path,
      namespace: 'unused',
    }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

/**
 * Packages that the extension loads when they are first needed. VS Code waits until the whole of `extension.js` is read, so each of
 * them is a file of its own. `cli.js` is one file all the same: it can be copied to where there is nothing else.
 */
const libraries = ['ajv', 'dockerode', 'jsonc-parser', 'sax', 'unbash', 'yaml'];

const withLibrariesApart = {
  name: 'with-libraries-apart',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${libraries.join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./libraries/${path}.js`, external: true } : undefined,
    );
  },
};

/**
 * What stands in for names in the sources: the command line is to know its version, and the pages that explain what checks find, also where
 * its file was copied to by itself.
 */
const define = {
  BERTH_VERSION: JSON.stringify(JSON.parse(fs.readFileSync('package.json', 'utf8')).version),
  BERTH_PAGES: JSON.stringify(
    Object.fromEntries(
      fs
        .readdirSync('docs/checks')
        .map((file) => [path.parse(file).name, fs.readFileSync(path.join('docs/checks', file), 'utf8')]),
    ),
  ),
};

/** What all product bundles share. */
const bundle = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  define,
  logLevel: 'warning',
  plugins: [withoutUnusedParts],
  // Its form for Node finds its own parts in a way that can't be bundled.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

const products = [
  {
    ...bundle,
    entryPoints: ['src/extension/extension.ts'],
    outfile: `${outdir}/extension.js`,
    external: ['vscode'],
    plugins: [withoutUnusedParts, withLibrariesApart],
    // `require`, which gives a package that is no module as esbuild's own bundles do.
    supported: { 'dynamic-import': false },
  },
  ...libraries.map((name) => ({ ...bundle, entryPoints: [name], outfile: `${outdir}/libraries/${name}.js` })),
  // `vscode` is not external here: a `vscode` import that leaks into core or the command line fails this build.
  { ...bundle, entryPoints: ['src/cli/main.ts'], outfile: `${outdir}/cli.js`, banner: { js: '#!/usr/bin/env node' } },
  ...(also ? [{ ...bundle, entryPoints: [also], outfile: `${outdir}/${path.parse(also).name}.js` }] : []),
];

/** Tests import the sources as they are, so they are translated one to one, not bundled. */
const translated = {
  entryPoints: ['src/**/*.ts', 'test/**/*.ts'],
  outdir: 'out',
  outbase: '.',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
  define,
};

if (watch) {
  for (const options of [...products, translated]) await (await context(options)).watch();
} else {
  fs.rmSync(`${outdir}/meta`, { recursive: true, force: true });
  for (const options of products) {
    const result = await build(options);
    fs.mkdirSync(`${outdir}/meta`, { recursive: true });
    fs.writeFileSync(`${outdir}/meta/${path.parse(options.outfile).name}.json`, JSON.stringify(result.metafile));
  }
  fs.chmodSync(`${outdir}/cli.js`, 0o755);
  if (tests) {
    fs.rmSync('out', { recursive: true, force: true });
    await build(translated);
  }
}
