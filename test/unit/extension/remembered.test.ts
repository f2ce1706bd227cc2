import assert from 'node:assert/strict';
import { lastChoiceWords, lastUp, rememberUp } from '../../../src/extension/lastChoices';
import { Remembered } from '../../../src/extension/remembered';
import { environment, service } from '../cli/examples';

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
    await remembered.set('shell', undefined, 'dev', 'web');
    assert.equal(remembered.get('shell', 'dev', 'web'), undefined);
  });

  it('of an up are told, of what there still is, and not when they are nothing special', async () => {
    const remembered = new Remembered(memento());
    const dev = environment('dev', { services: [service('db'), service('tool', { profiles: ['tools'] })] });
    const told = () => lastChoiceWords('upWithChoices', { environment: dev }, remembered);
    const remember = (profiles: readonly string[], build: boolean) => rememberUp({ profiles, build }, dev, remembered);
    assert.equal(told(), undefined);
    await remember(['tools'], true);
    assert.equal(told(), 'last time: tools, build');
    assert.equal(lastChoiceWords('up', { environment: dev }, remembered), undefined);
    await remember([], false);
    assert.equal(told(), undefined);
    assert.equal(remembered.get('up', dev.definition.id), undefined);

    await remember(['gone'], false);
    assert.equal(lastUp(dev, remembered), undefined);
    await remember(['gone', 'tools'], false);
    assert.deepEqual(lastUp(dev, remembered), { profiles: ['tools'], build: false });
  });

  it('of a shell are told of the service that they are about', async () => {
    const remembered = new Remembered(memento());
    const dev = environment('dev', { services: [service('db'), service('web')] });
    const [db, web] = dev.services;
    await remembered.set('shell', { shell: 'bash', user: 'postgres' }, dev.definition.id, 'db');
    await remembered.set('shell', { shell: 'sh', user: '' }, dev.definition.id, 'web');
    const told = (one = db) => lastChoiceWords('shell', { environment: dev, service: one }, remembered);
    assert.equal(told(), 'last time: bash as postgres');
    assert.equal(told(web), 'last time: sh');
    assert.equal(lastChoiceWords('shellAs', { environment: dev, service: db }, remembered), undefined);
  });
});
