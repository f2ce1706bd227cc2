import assert from 'node:assert/strict';
import { comparisonJson, comparisonMarkdown, renderComparison } from '../../../src/cli/rendering/comparison';
import { plainStyle } from '../../../src/cli/rendering/style';
import { UserError } from '../../../src/core/common/errors';
import { compare, differences } from '../../../src/core/model/comparison';
import { facts, serviceFact } from '../core/support/facts';

const db = (published: number, limits = {}) =>
  serviceFact('db', {
    image: 'postgres:16',
    ports: [{ target: 5432, published, protocol: 'tcp' }],
    data: [{ kind: 'tmpfs', target: '/a_b|c' }],
    limits,
  });
const two = compare([facts('dev', [db(5432, { memory: 1024 ** 2, cpus: 0.5 })]), facts('test', [db(5433)])]);
const shown = (width: number, comparison = two) => renderComparison(comparison, { width, style: plainStyle });

describe('a comparison on a terminal', () => {
  it('is a table where it fits', () => {
    assert.deepEqual(shown(60), [
      '                  dev              test',
      '≠  Purpose        development      test',
      '≠  Compose files  compose.yaml     compose.test.yaml',
      '≠  Project        shop-dev         shop-test',
      '',
      '   db',
      '   Image          postgres:16      postgres:16',
      '≠  Ports          5432 → 5432      5433 → 5432',
      '   Data           tmpfs at /a_b|c  tmpfs at /a_b|c',
      '   Restart        no               no',
      '≠  Limits         memory 1M        -',
      '                  processors 0.5',
    ]);
  });

  it('is a block for each service where it does not', () => {
    const lines = shown(30);
    assert.deepEqual(lines.slice(0, 3), ['≠ Purpose', '    dev   development', '    test  test']);
    assert.deepEqual(lines.slice(lines.indexOf('db') - 1, lines.indexOf('≠ Ports') + 3), [
      '',
      'db',
      '  Image',
      '    dev   postgres:16',
      '    test  postgres:16',
      '≠ Ports',
      '    dev   5432 → 5432',
      '    test  5433 → 5432',
    ]);
    assert.deepEqual(lines.slice(-4), ['≠ Limits', '    dev   memory 1M', '          processors 0.5', '    test  -']);
  });

  it('says when nothing differs', () => {
    const same = differences(compare([facts('dev', [db(1)])]));
    assert.deepEqual(shown(80, same), ['They do not differ.']);
    assert.equal(comparisonMarkdown(same), '# Comparison of environments\n\nThey do not differ.\n');
  });
});

describe('a comparison for others', () => {
  it('is Markdown, in which what is special there stays as it is', () => {
    const lines = comparisonMarkdown(two).split('\n');
    assert.deepEqual(lines.slice(0, 5), [
      '# Comparison of environments',
      '',
      '## Environments',
      '',
      '| ≠ |  | dev | test |',
    ]);
    assert.ok(lines.includes('|  | Data | tmpfs at /a\\_b\\|c | tmpfs at /a\\_b\\|c |'), lines.join('\n'));
    assert.ok(lines.includes('| ≠ | Limits | memory 1M<br>processors 0.5 | - |'), lines.join('\n'));
  });

  it('is JSON with all facts, and what differs', () => {
    const error = new UserError('configuration', 'Invalid YAML.');
    const net = { key: 'net', name: 'shop_net', external: false, internal: true };
    const volume = { kind: 'volume' as const, key: 'v', name: 'shop_v', external: false, target: '/v' };
    const web = serviceFact('web', { networks: [net], data: [volume] });
    const json = comparisonJson(compare([facts('dev', [web]), facts('ci', [web]), facts('test', error)]));
    const [dev, , test] = json.environments as Record<string, unknown>[];
    assert.deepEqual([dev?.name, dev?.project, test?.services], ['dev', 'shop-dev', undefined]);
    assert.ok(JSON.stringify(test?.error).includes('Invalid YAML.'));
    const [{ networks, data } = {}] = (dev?.services ?? []) as Record<string, unknown>[];
    assert.deepEqual(networks, [{ name: 'shop_net', kind: 'shared', internal: true }]);
    assert.deepEqual(data, [{ kind: 'volume', name: 'shop_v', target: '/v', external: false, shared: true }]);
    assert.deepEqual(json.differences, [
      { service: undefined, fact: 'purpose' },
      { service: undefined, fact: 'files' },
      { service: undefined, fact: 'project' },
    ]);
  });
});
