import assert from 'node:assert/strict';
import { unknownKey } from '../../../../src/core/checks/unknownKey';
import { configurationError } from '../../../../src/core/compose/configurationError';
import { checkedEnvironment, checkFacts } from '../support/checks';

describe('unknown keys', () => {
  const file = 'services:\n  my.web:\n    imge: web:1\n    prts: []\n    zzz: 1\n';

  /** What is found where Compose complains of something. */
  async function found(complaint: string) {
    const plain = await checkedEnvironment(file);
    const [source] = plain.sources;
    assert.ok(source);
    const texts = [{ path: source.file, text: file }];
    const error = await configurationError(`validating ${source.file}: ${complaint}`, texts);
    return [...unknownKey.find(checkFacts([{ ...plain, error }]), () => false)].map(
      ({ message, places: [place], fixes }) => {
        return [message, place?.line, ...fixes.map(({ title }) => title)];
      },
    );
  }

  const ALL = [
    ['Compose knows no key "imge" in services.my.web.', 3, 'Write "image"'],
    ['Compose knows no key "prts" in services.my.web.', 4, 'Write "ports"'],
    ['Compose knows no key "zzz" in services.my.web.', 5],
  ];

  it('are all told of once Compose names some, as it words that from 2.33 on', async () => {
    assert.deepEqual(await found("services.my.web additional properties 'imge', 'zzz' not allowed"), ALL);
    assert.deepEqual(await found(" additional properties 'servces' not allowed"), [
      ...ALL,
      ['Compose knows no key "servces" at the top of a file.', undefined],
    ]);
  });

  it('are all told of as older ones word it', async () => {
    assert.deepEqual(await found('services.my.web Additional property prts is not allowed'), ALL);
  });
});
