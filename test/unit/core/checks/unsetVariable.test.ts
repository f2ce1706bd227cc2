import assert from 'node:assert/strict';
import type { CheckedEnvironment } from '../../../../src/core/checks/check';
import { unsetVariable } from '../../../../src/core/checks/unsetVariable';
import { EnvFileSource } from '../../../../src/core/compose/envFileSource';
import { unsetVariables } from '../../../../src/core/compose/unsetVariables';
import { environment } from '../../cli/examples';
import { checkedEnvironment, checkFacts } from '../support/checks';

/** An environment of which Compose has said that `zebra77` is not set. @param isOwn whether an env file of its own has it, or one of an `include`. */
async function losing(name: string, path: string, isOwn: boolean, mark = ''): Promise<CheckedEnvironment> {
  const text = `${mark}DB_PASSWORD=pa$zebra77\n`;
  const stderr = 'time="" level=warning msg="The \\"zebra77\\" variable is not set. Defaulting to a blank string."';
  const warnings = await unsetVariables(stderr, async () => [{ path, text }]);
  const envFiles = isOwn ? [new EnvFileSource(path, text)] : [];
  return checkedEnvironment('services: {}\n', { definition: environment(name).definition, warnings, envFiles });
}

describe('a value that loses a part', () => {
  it('is told of each environment that has it, also in a file that is not known to be its', async () => {
    const all = [await losing('a', '/a/.env', true), await losing('b', '/b/inc/mine.env', false)];
    const found = [...unsetVariable.find(checkFacts(all), () => false)];
    assert.deepEqual(
      found.map(({ environments, places }) => [...environments, ...places.map(({ file }) => file)]),
      all.map(({ definition, warnings: [warning] }) => [definition.id, warning?.place?.file]),
    );
    assert.doesNotMatch(JSON.stringify(found), /zebra77/);
  });

  it('is told at the dollar sign, also behind a byte order mark', async () => {
    for (const mark of ['', '\uFEFF']) {
      const all = [await losing('a', '/a/.env', true, mark)];
      const [found] = [...unsetVariable.find(checkFacts(all), () => false)];
      assert.deepEqual(found?.places, [{ file: '/a/.env', line: 1, column: 15, endLine: 1, endColumn: 16 }]);
    }
  });
});

/** What is told of `TAG` and `KEY`, which nobody has given Compose. @param more what else is known of their environment. */
async function told(more: Partial<CheckedEnvironment>): Promise<readonly string[]> {
  const warnings = ['TAG', 'KEY'].map((variable) => ({
    code: 'unset-variable' as const,
    message: `${variable} is not set.`,
    remedy: '',
    variable,
  }));
  const one = await checkedEnvironment('services: { web: { image: "web:${TAG}${KEY}" } }\n', { warnings, ...more });
  return [...unsetVariable.find(checkFacts([one]), () => false)].map(({ message }) => message);
}

describe('a variable without a value', () => {
  const { definition } = environment('dev');
  const knowledge = { evidence: [], commands: [], problems: [], givenVariables: ['TAG'] };
  const known = { definition: { ...definition, knowledge } };

  it('is one that no command of CI gives, where only CI runs it', async () => {
    assert.deepEqual(await told({ ...known, isOnCiOnly: true }), ['KEY is not set.']);
  });

  it('is one all the same where people run it, who may do so without that command', async () => {
    assert.deepEqual(await told(known), ['KEY is not set.', 'TAG is not set.']);
  });
});
