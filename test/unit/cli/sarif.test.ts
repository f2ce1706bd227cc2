import assert from 'node:assert/strict';
import path from 'node:path';
import type { Location } from 'sarif';
import { sarifLog } from '../../../src/cli/rendering/sarif';
import type { Finding, FindingPlace } from '../../../src/core/model/finding';
import { ALL_CODES, type FindingCode } from '../../../src/core/model/findingCodes';
import { environment } from './examples';

const root = path.resolve('/projects');
const dev = environment('dev');
const store = { find: () => dev };

function finding(code: FindingCode, places: readonly FindingPlace[]): Finding {
  const rest = {
    severity: 'warning',
    message: 'It is so.',
    remedy: 'Do this.',
    environments: ['dev'],
    fixes: [],
  } as const;
  return { code, places, ...rest };
}

const at = (file: string, rest: Partial<FindingPlace> = {}) => ({ file: path.join(root, file), ...rest });
const log = (...findings: readonly Finding[]) => sarifLog(findings, { root, version: '1.2.3', store });

describe('findings in SARIF', () => {
  it('have what the form and GitHub require, whatever is known of their places', () => {
    const places = [
      [],
      [at('compose.yaml')],
      [at('a folder/compose #1.yaml', { line: 3 })],
      [at('compose.yaml', { line: 3, column: 5, endLine: 3, endColumn: 9 }), at('other.yaml', { note: 'here, too' })],
    ];
    const { version, $schema, runs } = log(...ALL_CODES.flatMap((code) => places.map((own) => finding(code, own))));
    assert.equal(version, '2.1.0');
    assert.ok($schema);
    const [run] = runs;
    const { name, rules = [] } = run?.tool.driver ?? {};
    assert.equal(name, 'Berth');
    assert.equal(rules.length, ALL_CODES.length);
    for (const { id, shortDescription, fullDescription, help, helpUri } of rules) {
      for (const one of [id, shortDescription?.text, fullDescription?.text]) assert.ok(one, id);
      // GitHub shows no more of a description.
      assert.match(fullDescription?.text ?? '', /^(?!#)[^`\n]{20,1023}\.$/);
      const { text = '', markdown = '' } = help ?? {};
      assert.ok([text, markdown].every((one) => one.startsWith(`# ${id}: ${shortDescription?.text}\n\n`)));
      assert.match(markdown, /^## /m);
      assert.doesNotMatch(markdown, /\]\(/, 'nothing to lead to');
      assert.equal(helpUri, undefined);
    }
    assert.equal(run?.results?.length, ALL_CODES.length * places.length);
    for (const { ruleId, ruleIndex = -1, level, message, locations = [], relatedLocations = [] } of run?.results ??
      []) {
      assert.equal(rules[ruleIndex]?.id, ruleId);
      assert.equal(level, 'warning');
      assert.equal(message.text, 'It is so. Do this.');
      assert.equal(locations.length, 1);
      for (const one of [...locations, ...relatedLocations]) assertPlace(one);
    }
  });

  it('have paths from the top of the repository, as addresses', () => {
    const uri = (place: FindingPlace) =>
      log(finding('same-port', [place])).runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    assert.equal(uri(at('a folder/compose #1.yaml')), 'a%20folder/compose%20%231.yaml');
    assert.match(
      uri({ file: path.resolve('/elsewhere/compose.yaml') }) ?? '',
      /^file:\/\/\/.*elsewhere\/compose\.yaml$/,
    );
  });
});

function assertPlace({ physicalLocation }: Location): void {
  const { uri = '' } = physicalLocation?.artifactLocation ?? {};
  assert.match(uri, /^[^/\s:\\#?]+(?:\/[^/\s:\\#?]+)*$/);
  assert.ok(!uri.split('/').includes('..'));
  const { startLine, startColumn = 1, endLine = startLine, endColumn = 1 } = physicalLocation?.region ?? {};
  for (const one of [startLine, startColumn, endLine, endColumn]) assert.ok(one !== undefined && one >= 1);
}
