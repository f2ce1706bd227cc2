import assert from 'node:assert/strict';
import { Remembered } from '../../../src/extension/remembered';

/** A memento as VS Code has it: what it is given comes back as if from JSON. */
function memento() {
  const values = new Map<string, string>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string): T | undefined => {
      const text = values.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    update: async (key: string, value: unknown) => void values.set(key, JSON.stringify(value)),
  };
}

describe('last choices', () => {
  it('are kept for what they are about, and for nothing else', async () => {
    const remembered = new Remembered(memento());
    assert.equal(remembered.get('up', 'dev'), undefined);
    await remembered.set('up', { profiles: ['tools'], build: true }, 'dev');
    await remembered.set('shell', { shell: 'bash', user: 'root' }, 'dev', 'web');
    assert.deepEqual(remembered.get('up', 'dev'), { profiles: ['tools'], build: true });
    assert.equal(remembered.get('up', 'test'), undefined);
    assert.deepEqual(remembered.get('shell', 'dev', 'web'), { shell: 'bash', user: 'root' });
    assert.equal(remembered.get('shell', 'dev', 'db'), undefined);
  });
});
