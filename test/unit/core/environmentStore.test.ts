import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../src/core/common/errors';
import { EngineFeed } from '../../../src/core/engine/engineFeed';
import { type EnvironmentScope, EnvironmentStore } from '../../../src/core/environmentStore';
import type { ResolvedProject } from '../../../src/core/model/project';
import { warningsOf } from '../../../src/core/model/snapshot';
import { removeFolder, temporaryFolder } from '../../support/temporary';
import { project } from './support/examples';
import { FakeClock, settled } from './support/fakeClock';
import { container, event, FakeConnection } from './support/fakeEngine';

/** Compose being asked, until the test answers. */
interface Question {
  readonly name: string;
  readonly signal: AbortSignal;
  answer(project: ResolvedProject): void;
  refuse(error: Error): void;
}

describe('EnvironmentStore', () => {
  let folder: string;
  let engine: FakeConnection;
  let feed: EngineFeed;
  let store: EnvironmentStore;
  let questions: Question[];
  let contexts: (string | undefined)[];

  beforeEach(() => {
    folder = temporaryFolder('store');
    engine = new FakeConnection();
    feed = new EngineFeed({ clock: new FakeClock(), connect: async () => engine });
    questions = [];
    contexts = [];
    store = new EnvironmentStore({
      feedFor: (context) => {
        contexts.push(context);
        return feed;
      },
      targetOf: async () => ({ engine: 'fake' }),
      resolve: ({ definition }, signal) =>
        new Promise((answer, refuse) => {
          signal.addEventListener('abort', () => refuse(signal.reason));
          questions.push({ name: definition.name, signal, answer, refuse });
        }),
    });
  });
  afterEach(() => {
    store.dispose();
    feed.dispose();
    removeFolder(folder);
  });

  const write = (...names: string[]) => {
    for (const name of names) fs.writeFileSync(path.join(folder, name), 'services: { web: {} }');
  };
  const look = (scope: Partial<EnvironmentScope> = {}) =>
    store.setScope({ workspaceFolders: [folder], trusted: true, ...scope });
  const described = () =>
    store.environments.map(
      ({ definition, resolution, services }) =>
        `${definition.name} ${resolution.kind}: ${services.map((one) => `${one.name} ${one.health}`).join(', ')}`,
    );
  const question = (name: string): Question => {
    const found = questions.findLast((one) => one.name === name);
    assert.ok(found, `Compose was asked about ${name}`);
    return found;
  };

  it('shows what it finds at once, and what Compose says of it when it does', async () => {
    write('compose.yaml', 'compose.test.yaml');
    assert.equal(store.isScanned, false);
    await look();
    assert.equal(store.isScanned, true);
    assert.deepEqual(described(), ['dev pending: web unknown', 'test pending: web unknown']);
    question('test').answer(project('web'));
    await settled();
    assert.deepEqual(described(), ['dev pending: web unknown', 'test resolved: web unknown']);
  });

  it('asks Compose about two at a time, and is resolved when all have an answer', async () => {
    write(...['', '.a', '.b', '.c'].map((variant) => `compose${variant}.yaml`));
    await look();
    let resolved = false;
    void store.whenResolved().then(() => {
      resolved = true;
    });
    for (let answered = 0; answered < 4; answered++) {
      await settled();
      assert.equal(questions.length, Math.min(4, answered + 2), 'never more than two');
      assert.equal(resolved, false);
      // Two at the same moment, once, which must not let a third one in beside the next two.
      questions[answered]?.answer(project('web'));
      if (answered === 0) questions[++answered]?.answer(project('web'));
    }
    await settled();
    assert.equal(resolved, true);
    await store.filesChanged();
    assert.equal(questions.length, 6, 'the next round begins with two as well');
    for (let answered = 4; answered < 8; answered++) {
      questions[answered]?.answer(project('web'));
      await settled();
    }
    await store.whenResolved();
  });

  it('on demand: asks only about what somebody wants to know', async () => {
    write('compose.yaml', 'compose.test.yaml');
    await look({ onDemand: true });
    assert.equal(questions.length, 0);
    const [dev] = store.environments;
    const known = store.whenResolved(dev?.definition.id);
    await settled();
    question('dev').answer(project('web'));
    await known;
    assert.equal(questions.length, 1);
  });

  it('asks again about what a changed file is part of, and keeps what is known until then', async () => {
    write('compose.yaml', 'compose.test.yaml');
    await look();
    for (const one of questions) one.answer(project('web'));
    await settled();
    const [dev, test] = store.environments;
    await store.filesChanged([path.join(folder, 'compose.test.yaml')]);
    assert.deepEqual(
      questions.slice(2).map((one) => one.name),
      ['test'],
    );
    assert.deepEqual(store.environments, [dev, test]);
    question('test').answer(project('web'));
    await settled();
    assert.equal(store.environments[1], test, 'the same answer changes nothing');
    await store.filesChanged([path.join(folder, 'unrelated')]);
    assert.equal(questions.length, 3);
    await store.filesChanged([path.join(folder, '.env')]);
    assert.equal(questions.length, 5);
  });

  it('drops an answer that is overtaken by a change', async () => {
    write('compose.yaml');
    await look();
    const first = question('dev');
    await store.filesChanged();
    assert.ok(first.signal.aborted);
    await settled();
    assert.equal(questions.length, 2);
    first.answer(project('old'));
    question('dev').answer(project('new'));
    await settled();
    assert.deepEqual(described(), ['dev resolved: new unknown']);
  });

  it('keeps the last good answer beside the error', async () => {
    write('compose.yaml');
    await look();
    question('dev').answer(project('web'));
    await settled();
    await store.filesChanged();
    question('dev').refuse(new UserError('configuration', 'no'));
    await settled();
    assert.deepEqual(described(), ['dev broken: web unknown']);
    await store.filesChanged();
    question('dev').refuse(new Error('a bug'));
    await settled();
    const [dev] = store.environments;
    assert.ok(dev?.resolution.kind === 'broken');
    assert.equal(dev.resolution.error.kind, 'failed', 'what is no UserError becomes one');
    await store.filesChanged();
    question('dev').answer(project('web'));
    await settled();
    assert.deepEqual(described(), ['dev resolved: web unknown']);
  });

  it('forgets environments whose files are gone, and asks no more about them', async () => {
    write('compose.yaml', 'compose.test.yaml');
    await look();
    fs.rmSync(path.join(folder, 'compose.test.yaml'));
    await store.filesChanged();
    assert.ok(question('test').signal.aborted);
    assert.deepEqual(described(), ['dev pending: web unknown']);
  });

  it('without trust: asks nobody and connects nowhere, until there is trust', async () => {
    write('compose.yaml');
    await look({ trusted: false });
    await store.filesChanged();
    assert.deepEqual(described(), ['dev text-only: web unknown']);
    assert.deepEqual([questions, contexts, engine.calls], [[], [], []]);
    assert.deepEqual(store.engineState(), { kind: 'connecting' });
    await look();
    await settled();
    assert.equal(questions.length, 1);
    assert.deepEqual([contexts, engine.calls], [[undefined], ['subscribe', 'list']]);
  });

  it('connects to no engine when there is no environment', async () => {
    await look();
    assert.deepEqual(contexts, []);
    assert.equal(store.isScanned, true);
  });

  it('tells which environments of several workspace folders have the same project', async () => {
    const files = (at: string) => ['a', 'b'].map((one) => path.join(folder, one, at));
    for (const file of files('app/compose.yaml')) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, 'services: { web: { image: a } }');
    }
    const [a = '', b = ''] = files('app');
    // The whole is a workspace folder, too: what is found twice is no conflict.
    await look({ workspaceFolders: [a, b, path.join(folder, 'a')] });
    assert.deepEqual(
      store.environments.map(({ definition }) => definition.knowledge?.problems.map(({ message }) => message)),
      [
        [`"dev" has the same project as "dev" of ${b}: app.`],
        [`"dev" has the same project as "dev" of ${a}, "dev" of ${path.dirname(a)}: app.`],
        [`"dev" has the same project as "dev" of ${b}: app.`],
      ],
    );
  });

  it('tells which environments have the same project, also where only Compose knows that', async () => {
    const [a = '', b = ''] = ['a', 'b'].map((one) => path.join(folder, one));
    for (const one of [a, b]) {
      fs.mkdirSync(one);
      fs.writeFileSync(path.join(one, 'compose.yaml'), `name: \${APP:-shop}\nservices: { web: { image: a } }`);
    }
    await look({ workspaceFolders: [a, b] });
    const told = () =>
      store.environments.map(({ definition }) => definition.knowledge?.problems.map(({ message }) => message));
    const answer = async (name: string) => {
      for (const one of questions.splice(0)) one.answer({ ...project('web'), name });
      await settled();
    };
    assert.deepEqual(told(), [[], []]);
    await answer('shop');
    assert.deepEqual(told(), [
      [`"dev" has the same project as "dev" of ${b}: shop.`],
      [`"dev" has the same project as "dev" of ${a}: shop.`],
    ]);
    const [first] = store.environments;
    engine.lastListing.answer([container('x', { project: 'other' })]);
    await settled();
    assert.equal(store.environments[0]?.definition, first?.definition, 'the same object as long as nothing changed');
    await store.filesChanged([path.join(b, 'compose.yaml')]);
    await answer('other');
    assert.deepEqual(told(), [[], []]);
  });

  describe('containers', () => {
    const files = (...names: string[]) => ({ configFiles: names.map((name) => path.join(folder, name)) });

    it('go to the environment of their project', async () => {
      write('compose.yaml', 'compose.test.yaml');
      await look();
      question('dev').answer(project('web'));
      question('test').answer({ ...project('web'), name: 'app-test' });
      await settled();
      const changed: number[] = [];
      store.onDidChange((before) => {
        changed.push(store.environments.filter((one) => !before.includes(one)).length);
      });
      engine.lastListing.answer([container('a', { project: `${path.basename(folder)}-test` }), container('b')]);
      await settled();
      const name = store.environments[1]?.projectName;
      engine.emit(event('destroy', 'a'));
      engine.emit({ ...event('start', 'c'), identity: { ...event('start', 'c').identity, project: name ?? '' } });
      assert.deepEqual(described(), ['dev resolved: web running', 'test resolved: web starting']);
      changed.length = 0;
      engine.emit(event('pause', 'b'));
      assert.deepEqual(changed, [1], 'one change, of one environment');
      engine.emit(event('start', 'x', { identity: { ...event('start', 'x').identity, project: 'foreign' } }));
      assert.deepEqual(changed, [1, 0], 'others are nobody’s');
      assert.deepEqual(
        store.elsewhere.map(({ definition, services }) => [definition.name, services.map(({ name }) => name)]),
        [['foreign', ['web']]],
      );
    });

    it('of a project that only they tell of are an environment of the workspace when its files are there', async () => {
      write('compose.yaml');
      await look();
      question('dev').answer(project('web'));
      await settled();
      engine.lastListing.answer([
        container('a', { ...files('old/compose.yaml'), project: 'old' }),
        container('b', { project: 'other', configFiles: ['/elsewhere/compose.yaml'] }),
      ]);
      await settled();
      assert.deepEqual(described(), ['dev resolved: web stopped', 'old containers-only: web running']);
      assert.equal(store.environments[1]?.definition.origin, 'running');
      const [other] = store.elsewhere;
      assert.equal(other?.definition.name, 'other');
      assert.equal(store.find(other?.definition.id ?? ''), other);
      engine.emit(event('pause', 'a'));
      assert.equal(store.elsewhere[0], other, 'what did not change stays the same');
      engine.emit(event('destroy', 'a'), event('destroy', 'b'));
      assert.deepEqual([store.environments.length, store.elsewhere.length], [1, 0]);
    });

    it('of a project that several share go to the one whose files they were made from', async () => {
      for (const name of ['compose.dev.yaml', 'compose.test.yaml']) {
        fs.writeFileSync(path.join(folder, name), 'name: app\nservices: { web: { image: a } }');
      }
      await look();
      for (const one of questions) one.answer(project('web'));
      engine.lastListing.answer([container('a', files('compose.test.yaml'))]);
      await settled();
      assert.deepEqual(described(), ['dev resolved: web stopped', 'test resolved: web running']);
    });

    it('that the repository’s own commands started in the project of another are found, and stay in it', async () => {
      for (const name of ['compose.dev.yaml', 'compose.test.yaml']) {
        fs.writeFileSync(path.join(folder, name), 'services: { web: { image: a } }');
      }
      await look();
      const usual = path.basename(folder).toLowerCase();
      question('dev').answer({ ...project('web'), name: usual });
      question('test').answer({ ...project('web'), name: `${usual}-test` });
      engine.lastListing.answer([container('a', { ...files('compose.test.yaml'), project: usual })]);
      await settled();
      assert.deepEqual(described(), ['dev resolved: web stopped', 'test resolved: web running']);
      const projects = () =>
        store.environments.map(({ definition, projectName }) => [definition.projectName, projectName]);
      assert.deepEqual(projects(), [
        [undefined, usual],
        [usual, usual],
      ]);
      const { definition } = store.environments[1] ?? {};
      engine.emit(event('pause', 'a'));
      assert.equal(store.environments[1]?.definition, definition, 'the same object as long as nothing of it changed');
      engine.emit(event('destroy', 'a'));
      assert.deepEqual(projects()[1], [`${usual}-test`, `${usual}-test`]);
    });

    it('that were made from files in another folder are told, unless that is gone or the same by a link', async () => {
      write('compose.yaml');
      const theirs = temporaryFolder('theirs');
      const link = path.join(theirs, 'link');
      fs.symlinkSync(folder, link);
      const warnings = () => store.environments.flatMap((one) => warningsOf(one).map(({ message }) => message));
      try {
        await look();
        question('dev').answer(project('web'));
        const made = (id: string, ...at: string[]) =>
          container(id, { configFiles: at.map((one) => path.join(one, 'x.yaml')) });
        engine.lastListing.answer([made('a', folder), made('b', link), made('c', theirs, folder), container('d')]);
        await settled();
        await store.lookAtFolders();
        assert.deepEqual(warnings(), []);
        const { identity } = event('start', 'e');
        engine.emit(
          event('start', 'e', { identity: { ...identity, configFiles: [path.join(theirs, 'compose.yaml')] } }),
        );
        await store.lookAtFolders();
        assert.deepEqual(warnings(), [
          `The containers of "dev" are not its own: they were made from files in ${theirs}.`,
        ]);
      } finally {
        removeFolder(theirs);
      }
      await store.lookAgain();
      assert.deepEqual(warnings(), [], 'it was moved here');
    });

    it('of other projects are shown once each environment has an answer, be it that its files are refused', async () => {
      write('compose.yaml');
      await look();
      engine.lastListing.answer([container('a', files('compose.yaml')), container('b', { project: 'other' })]);
      await settled();
      assert.equal(store.elsewhere.length, 0, 'its project may be that');
      question('dev').refuse(new UserError('configuration', 'no'));
      await settled();
      assert.deepEqual(
        store.elsewhere.map(({ definition }) => definition.name),
        ['other'],
      );
      assert.deepEqual(described(), ['dev broken: web running']);
    });

    it('are found by their files while the project’s name is not known', async () => {
      write('compose.yaml');
      await look();
      engine.lastListing.answer([container('a', files('compose.yaml'))]);
      await settled();
      assert.deepEqual(described(), ['dev pending: web running']);
    });
  });

  it('is silent once disposed of', async () => {
    write('compose.yaml');
    await look();
    let fired = 0;
    store.onDidChange(() => fired++);
    const { signal } = question('dev');
    store.dispose();
    assert.ok(signal.aborted);
    engine.lastListing.answer([container('a')]);
    await settled();
    await look();
    assert.equal(fired, 0);
  });
});
