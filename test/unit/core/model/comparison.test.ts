import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../../src/core/common/errors';
import { type Comparison, cellLines, compare, differences, type FactName } from '../../../../src/core/model/comparison';
import { facts, serviceFact } from '../support/facts';

const cellsOf = ({ sections }: Comparison, fact: FactName, service?: string) => {
  const row = sections.find((section) => section.service === service)?.rows.find((one) => one.fact === fact);
  return row && [row.differs, ...row.cells.map((cell) => cellLines(cell).join(', '))];
};
const home = path.resolve('/home/me');

describe('a comparison of environments', () => {
  it('has a cell for each, and says in what they differ', () => {
    const port = (published: number) => [{ target: 5432, published, protocol: 'tcp' }];
    const table = compare([
      facts('dev', [serviceFact('db', { image: 'postgres:16', ports: port(5432) })]),
      facts('test', [serviceFact('db', { image: 'postgres:16', ports: port(5433) })]),
    ]);
    assert.deepEqual(cellsOf(table, 'files'), [true, 'compose.yaml', 'compose.test.yaml']);
    assert.deepEqual(cellsOf(table, 'purpose'), [true, 'development', 'test']);
    assert.deepEqual(cellsOf(table, 'image', 'db'), [false, 'postgres:16', 'postgres:16']);
    assert.deepEqual(cellsOf(table, 'ports', 'db'), [true, '5432 → 5432', '5433 → 5432']);
    assert.equal(cellsOf(table, 'limits', 'db'), undefined, 'what none has');
    assert.equal(cellsOf(table, 'present', 'db'), undefined, 'what all have');
    const rows = differences(table).sections.map((section) => [section.service, section.rows.map(({ fact }) => fact)]);
    assert.deepEqual(rows, [
      [undefined, ['purpose', 'files', 'project']],
      ['db', ['ports']],
    ]);
  });

  it('says once of a service that an environment lacks it', () => {
    const table = compare([facts('dev', [serviceFact('mail', { image: 'mail:1' })]), facts('test', [])]);
    assert.deepEqual(cellsOf(table, 'present', 'mail'), [true, 'yes', 'no']);
    assert.deepEqual(cellsOf(table, 'image', 'mail'), [false, 'mail:1', '']);
  });

  it('does not guess what an environment contains whose files are broken', () => {
    const error = new UserError('configuration', 'Invalid YAML.');
    const table = compare([facts('dev', [serviceFact('web', { restart: 'always' })]), facts('test', error)]);
    assert.deepEqual(cellsOf(table, 'restart', 'web'), [false, 'always', '?']);
    assert.equal(cellsOf(table, 'present', 'web'), undefined);
  });

  it('tells what is shared from what is an environment’s own', () => {
    const web = (network: string, volume: string) =>
      serviceFact('web', {
        networks: [{ key: 'net', name: network, external: false, internal: false }],
        data: [{ kind: 'volume', key: 'data', name: volume, external: false, target: '/data' }],
      });
    const own = compare([facts('dev', [web('a', 'a')]), facts('test', [web('b', 'b')])]);
    assert.deepEqual(cellsOf(own, 'networks', 'web'), [false, 'net (own)', 'net (own)']);
    assert.deepEqual(cellsOf(own, 'data', 'web'), [false, 'named volume data', 'named volume data']);
    const shared = compare([facts('dev', [web('a', 'a')]), facts('test', [web('a', 'a')])]);
    assert.deepEqual(cellsOf(shared, 'networks', 'web'), [false, 'a (shared)', 'a (shared)']);
    assert.deepEqual(cellsOf(shared, 'data', 'web'), [false, 'shared volume a', 'shared volume a']);
    const named = facts('test', [web('a', 'a')], { context: 'default', engine: 'here' });
    const sameEngine = compare([facts('dev', [web('a', 'a')], { engine: 'here' }), named]);
    assert.deepEqual(cellsOf(sameEngine, 'networks', 'web'), [false, 'a (shared)', 'a (shared)']);
    const elsewhere = compare([facts('dev', [web('a', 'a')]), facts('test', [web('a', 'a')], { context: 'far' })]);
    assert.deepEqual(cellsOf(elsewhere, 'networks', 'web'), [false, 'net (own)', 'net (own)']);
  });

  it('shows paths from the workspace folder, or the home folder', () => {
    const mount = (source: string) => ({ kind: 'mount' as const, source, target: '/x', readOnly: true });
    const { definition } = facts('dev', []);
    const mounts = [path.join(definition.workspaceFolder, 'certs'), path.join(home, '.aws'), path.resolve('/etc/ssl')];
    const table = compare([facts('dev', [serviceFact('web', { mounts: mounts.map(mount) })])], home);
    assert.deepEqual(cellsOf(table, 'mounts', 'web'), [
      false,
      ['certs', path.join('~', '.aws'), path.resolve('/etc/ssl')].map((one) => `${one} → /x (read-only)`).join(', '),
    ]);
  });
});
