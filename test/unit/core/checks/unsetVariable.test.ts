import assert from 'node:assert/strict';
import type { CheckedEnvironment } from '../../../../src/core/checks/check';
import { unsetVariable } from '../../../../src/core/checks/unsetVariable';
import { EnvFileSource } from '../../../../src/core/compose/envFileSource';
import { unsetVariables } from '../../../../src/core/compose/unsetVariables';
import { environment } from '../../cli/examples';
import { checkedEnvironment, checkFacts } from '../support/checks';

/** An environment of which Compose has said that `zebra77` is not set. @param isOwn whether an env file of its own has it, or one of an `include`. */
async function losing(name: string, path: string, isOwn: boolean): Promise<CheckedEnvironment> {
  const text = 'DB_PASSWORD=pa$zebra77\n';
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
});
