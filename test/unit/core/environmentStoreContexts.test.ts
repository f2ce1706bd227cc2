import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EngineFeed } from '../../../src/core/engine/engineFeed';
import { EnvironmentStore } from '../../../src/core/environmentStore';
import type { Container } from '../../../src/core/model/container';
import { removeFolder, temporaryFolder } from '../../support/temporary';
import { project } from './support/examples';
import { FakeClock, settled } from './support/fakeClock';
import { container, FakeConnection } from './support/fakeEngine';

type Context = string | undefined;

/** With a feed for each context, as in life, and a connection for each time that one of them connects. */
describe('EnvironmentStore, where contexts lead', () => {
  let folder: string;
  let store: EnvironmentStore;
  let feeds: Map<Context, EngineFeed>;
  /** Those of each context, the newest last. */
  let connections: Map<Context, FakeConnection[]>;
  /** The engines that contexts lead to; `near` where nothing is said. */
  let engines: Map<Context, string>;
  let questions: number;

  beforeEach(() => {
    folder = temporaryFolder('store-contexts');
    feeds = new Map();
    connections = new Map();
    engines = new Map();
    questions = 0;
    store = new EnvironmentStore({
      feedFor,
      targetOf: async (context) => ({ engine: engineOf(context) }),
      resolve: async () => {
        questions++;
        return project('web');
      },
    });
    for (const name of ['one.yaml', 'two.yaml']) fs.writeFileSync(path.join(folder, name), 'services: { web: {} }');
  });
  afterEach(() => {
    store.dispose();
    for (const feed of feeds.values()) feed.dispose();
    removeFolder(folder);
  });

  const engineOf = (context: Context) => engines.get(context) ?? 'near';

  function feedFor(context: Context): EngineFeed {
    const known = feeds.get(context);
    if (known) return known;
    const made: FakeConnection[] = [];
    connections.set(context, made);
    const connect = async () => {
      const connection = new FakeConnection(undefined, engineOf(context));
      made.push(connection);
      return connection;
    };
    const feed = new EngineFeed({ clock: new FakeClock(), connect });
    feeds.set(context, feed);
    return feed;
  }

  /** Declares an environment in each context, in the project `app`, and has them read. */
  async function declare(environments: Readonly<Record<string, { file: string; context?: string }>>): Promise<void> {
    const lines = Object.entries(environments).map(
      ([name, { file, context }]) =>
        `  ${name}: { files: [${file}], project: app${context ? `, context: ${context}` : ''} }\n`,
    );
    fs.writeFileSync(path.join(folder, 'berth.yaml'), `environments:\n${lines.join('')}`);
    if (store.isScanned) await store.filesChanged([path.join(folder, 'berth.yaml')]);
    else await store.setScope({ workspaceFolders: [folder], trusted: true });
    await store.whenResolved();
    await settled();
  }

  /** The engine that a context leads to lists its containers. */
  async function list(context: Context, ...containers: Container[]): Promise<void> {
    connections.get(context)?.at(-1)?.lastListing.answer(containers);
    await settled();
  }

  /** The engines that a context's feed has been connected to, one after another. */
  const connected = (context: Context) => connections.get(context)?.map(({ engine }) => engine) ?? [];
  /** The engine that somebody is given who asks now, once it has answered. */
  const given = async (context: Context) => {
    const asked = feedFor(store.leadingContext(context)).whenConnected();
    await settled();
    const listings = connections.get(store.leadingContext(context))?.at(-1)?.listings;
    listings?.[0]?.answer([]);
    return (await asked).engine;
  };
  const described = () =>
    store.environments.map(({ definition, services }) => `${definition.name} ${services.map((one) => one.health)}`);
  const conflicts = () =>
    store.environments.flatMap(({ definition }) => definition.knowledge?.problems.map(({ message }) => message) ?? []);

  describe('of an environment on the current one, and one on the default one', () => {
    beforeEach(async () => {
      await declare({ dev: { file: 'one.yaml' }, prod: { file: 'two.yaml', context: 'default' } });
      const made = { project: 'app', configFiles: [path.join(folder, 'one.yaml')] };
      await list(undefined, container('a', made), container('b', { project: 'other' }));
    });

    it('those that lead to one engine are it: with one feed, and each container once', () => {
      assert.deepEqual([connected(undefined), connected('default')], [['near'], []]);
      assert.equal(store.leadingContext('default'), undefined);
      assert.deepEqual(store.engineState('default'), { kind: 'connected', address: 'fake' });
      assert.deepEqual(described(), ['dev running', 'prod stopped']);
      assert.deepEqual(
        store.elsewhere.map(({ definition }) => definition.name),
        ['other'],
      );
      assert.deepEqual(conflicts(), [
        '"dev" has the same project as "prod": app.',
        '"prod" has the same project as "dev": app.',
      ]);
    });

    it('another one may be the current one by now', async () => {
      const [dev, prod] = store.environments;
      await store.lookAtEngines();
      assert.ok(store.environments[0] === dev && store.environments[1] === prod, 'nothing changed');
      assert.deepEqual(connected(undefined), ['near'], 'nor is anything connected anew');
      engines.set(undefined, 'far');
      await store.lookAtEngines();
      assert.equal(await given(undefined), 'far');
      assert.deepEqual([connected(undefined), connected('default')], [['near', 'far'], ['near']]);
      assert.deepEqual(conflicts(), []);
      engines.delete(undefined);
      connections.get('default')?.at(-1)?.drop();
      await settled();
      assert.equal(store.leadingContext('default'), undefined, 'what a feed goes through is a reason to look');
      assert.equal(await given('default'), 'near');
      assert.equal(questions, 2, 'for Compose it is all the same');
    });

    it('one that moved while it was not listened to is connected anew once it is', async () => {
      engines.set('default', 'far');
      await store.lookAtEngines();
      assert.equal(await given('default'), 'far');
      engines.set(undefined, 'far');
      await store.lookAtEngines();
      assert.equal(store.leadingContext('default'), undefined, 'it is not listened to');
      engines.set('default', 'further');
      engines.set(undefined, 'further');
      await store.lookAtEngines();
      engines.set(undefined, 'near');
      await store.lookAtEngines();
      assert.equal(store.leadingContext('default'), 'default');
      assert.equal(await given('default'), 'further');
    });
  });

  for (const context of [undefined, 'far']) {
    describe(`of an environment on ${context ? 'one by its name' : 'the current one'}, are followed`, () => {
      beforeEach(async () => {
        await declare({ dev: { file: 'one.yaml', context } });
        await list(context, container('a'));
        assert.deepEqual(described(), ['dev running']);
        engines.set(context, 'other');
      });

      const areFollowed = async () => {
        assert.equal(store.environments[0]?.definition.engine, 'other');
        assert.equal(await given(context), 'other');
        assert.deepEqual(described(), ['dev stopped']);
        await store.lookAtEngines();
        await settled();
        assert.deepEqual(connected(context), ['near', 'other'], 'and not once more');
      };

      it('when somebody looks', async () => {
        await store.lookAtEngines();
        await areFollowed();
      });

      it('when files are read, be it that somebody looks later', async () => {
        await store.filesChanged([path.join(folder, 'berth.yaml')]);
        await store.lookAtEngines();
        await areFollowed();
      });
    });
  }
});
