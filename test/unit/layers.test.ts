import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../support/paths';

/** What each part of the sources may import, besides itself. The invariant is explained in CONTRIBUTING.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core/common': [],
  'core/model': ['core/common'],
  'core/discovery': ['core/common', 'core/model'],
  'core/compose': ['core/common', 'core/model'],
  'core/engine': ['core/common', 'core/model'],
  'core/templates': ['core/common', 'core/model'],
  'core/environmentStore': ['core/common', 'core/model', 'core/discovery', 'core/compose', 'core/engine'],
  'core/checks': ['core/common', 'core/model', 'core/compose'],
  'core/findings': ['core/common', 'core/model', 'core/compose', 'core/checks', 'core/engine', 'core/environmentStore'],
  'core/operations': ['core/common', 'core/model', 'core/compose', 'core/engine', 'core/environmentStore'],
  'core/runs': ['core/common', 'core/model', 'core/compose', 'core/engine', 'core/environmentStore', 'core/operations'],
  'core/acceptance': [
    'core/common',
    'core/model',
    'core/compose',
    'core/engine',
    'core/environmentStore',
    'core/findings',
    'core/operations',
  ],
  'core/berth': ['core/*'],
  cli: ['core/*'],
  extension: ['core/*'],
};

/** Packages that only one part may import. */
const OWNED_PACKAGES: Readonly<Record<string, string>> = { dockerode: 'core/engine', vscode: 'extension' };

function partOf(file: string): string {
  const [top = '', second = ''] = path.relative(sources, file).split(path.sep);
  return top === 'core' ? `core/${second.replace(/\.ts$/, '')}` : top;
}

const sources = path.join(repositoryRoot, 'src');

function violations(file: string): string[] {
  const part = partOf(file);
  const allowed = MAY_IMPORT[part];
  if (!allowed) return [`${part} is in no layer: give it one in ${path.basename(__filename)}`];
  const imports = fs.readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g);
  return [...imports].flatMap(([, name = '']) => {
    if (!name.startsWith('.')) {
      const owner = OWNED_PACKAGES[name];
      return owner && owner !== part ? [`${part} imports ${name}, which only ${owner} may`] : [];
    }
    const target = partOf(path.resolve(path.dirname(file), `${name}.ts`));
    const fine =
      target === part || allowed.includes(target) || (allowed.includes('core/*') && target.startsWith('core/'));
    return fine ? [] : [`${path.relative(sources, file)} imports ${target}`];
  });
}

describe('layers of the sources', () => {
  it('import only downwards', () => {
    const files = fs
      .readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(sources, name));
    assert.ok(files.length > 20);
    assert.deepEqual(files.flatMap(violations), []);
  });
});
