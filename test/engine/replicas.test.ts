import assert from 'node:assert/strict';
import type { OperationOptions } from '../../src/core/compose/operationCalls';
import type { CopyPath } from '../../src/core/compose/serviceCalls';
import { describeBelongings, isNothing, lossesOf } from '../../src/core/operations/consequences';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { environmentNamed } from './support/waiting';

const never = () => new AbortController().signal;

// One story: each test goes on where the one before left off.
describe('a service with several containers', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder;

  before(async () => {
    folder = new ComposeFolder('replicas', {
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n  solo:\n    ${IDLE_WITH_HEALTH}\n`,
    });
    core = await OperatedFolder.open(folder);
    await core.do('up');
  });
  after(async () => {
    core?.dispose();
    await folder?.dispose();
  });

  /** The containers by the engine, past all code under test: `web-1 running`. */
  const containers = async (service = 'web') => {
    const labels = [
      `label=com.docker.compose.project=${folder.project}`,
      `label=com.docker.compose.service=${service}`,
    ];
    const filters = labels.flatMap((label) => ['--filter', label]);
    const listed = await folder.docker('ps', '--all', ...filters, '--format', '{{.Names}} {{.State}}');
    return listed.trim().replaceAll(`${folder.project}-`, '').split('\n').sort().join(', ');
  };
  const scale = (web: number) => ({ services: ['web'], options: { replicas: { web } } });
  const number = (index: number) => `${folder.project}-web-${index}`;
  const losses = async (options: OperationOptions) => {
    const environment = environmentNamed(core.store, 'dev');
    const connection = await core.berth.feedFor(undefined).whenConnected();
    const request = {
      operation: 'scale' as const,
      environmentId: environment.definition.id,
      services: ['web'],
      options,
    };
    return { request, lost: await lossesOf(request, environment, connection, { sizes: true, signal: never() }) };
  };

  describe('is scaled', () => {
    it('up, which takes nothing away', async () => {
      const { lost } = await losses({ replicas: { web: 4 } });
      assert.ok(isNothing(lost));
      await core.do('scale', 'dev', scale(4));
      const [, web] = core.on('web');
      assert.deepEqual(
        web.containers.map((container) => container.number),
        [1, 2, 3, 4],
      );
    });

    it('down, which takes those that it said, with their sizes: whether they run, and what the files now say', async () => {
      await folder.docker('exec', number(4), 'sh', '-c', 'head -c 100000 /dev/zero > /zeros');
      await folder.docker('stop', '--time', '1', number(1));
      const good = folder.read('compose.yaml');
      folder.write('compose.yaml', good.replace('  web:\n', '  web:\n    labels: { new: one }\n'));
      await core.store.filesChanged([folder.path('compose.yaml')]);
      await core.store.whenResolved();
      await core.do('scale', 'dev', scale(5));
      await folder.docker('stop', '--time', '1', number(2));
      const { request, lost } = await losses({ replicas: { web: 3 } });
      assert.match(describeBelongings(lost).join('\n'), /^Containers: \S+-web-4 \(100 kB\), \S+-web-5( \(.*\))?$/);
      assert.equal((await core.berth.operations.run({ ...request, confirmed: lost }, () => {}, never())).kind, 'done');
      assert.equal(await containers(), 'web-1 running, web-2 running, web-3 running');
    });

    it('not, when by then more would go than was confirmed', async () => {
      const { request, lost } = await losses({ replicas: { web: 2 } });
      await core.do('scale', 'dev', scale(4));
      const refused = await core.berth.operations.run({ ...request, confirmed: lost }, () => {}, never());
      assert.match(refused.kind === 'failed' ? refused.error.message : refused.kind, /than was confirmed: \S+-web-4\./);
      assert.equal(await containers(), 'web-1 running, web-2 running, web-3 running, web-4 running');
    });
  });

  describe('and is partly paused', () => {
    const PARTLY = 'web-1 running, web-2 paused, web-3 running, web-4 paused';
    const PAUSED = 'web-1 paused, web-2 paused, web-3 paused, web-4 paused';
    const RUNNING = PAUSED.replaceAll('paused', 'running');
    const pausePartly = async () => {
      await folder.docker('pause', number(2), number(4));
      assert.equal(await containers(), PARTLY);
    };

    it('is paused as a whole, and nothing goes on meanwhile', async () => {
      await pausePartly();
      const since = Math.floor(Date.now() / 1000);
      await core.do('pause');
      assert.deepEqual([await containers(), await containers('solo')], [PAUSED, 'solo-1 paused']);
      const filters = [`label=com.docker.compose.project=${folder.project}`, 'event=unpause'];
      const events = await folder.docker(
        ...['events', '--since', String(since), '--until', String(Math.ceil(Date.now() / 1000))],
        ...filters.flatMap((filter) => ['--filter', filter]),
      );
      assert.equal(events, '');
    });

    it('is unpaused as a whole', async () => {
      await folder.docker('unpause', number(1), number(3));
      await core.do('unpause');
      assert.deepEqual([await containers(), await containers('solo')], [RUNNING, 'solo-1 running']);
    });

    for (const [operation, expected] of [
      ['up', RUNNING],
      ['start', RUNNING],
      ['restart', RUNNING],
      ['stop', RUNNING.replaceAll('running', 'exited')],
      ['kill', RUNNING.replaceAll('running', 'exited')],
      ['scale', RUNNING],
    ] as const) {
      it(`has ${operation} done with all of it`, async () => {
        await pausePartly();
        await core.do(operation, 'dev', operation === 'up' ? {} : scale(4));
        // What is up takes what the files say: one.
        assert.equal(await containers(), operation === 'up' ? 'web-1 running' : expected);
        await core.do('scale', 'dev', scale(4));
      });
    }
  });

  describe('is reached', () => {
    const copy = (from: CopyPath, to: CopyPath) =>
      core.berth.tools.copyFiles(core.on('web')[0], from, to, { onLine: () => {}, signal: never() });
    const replaced = (to: CopyPath, from = folder.path('note')) =>
      core.berth.tools.replacedByCopy(core.on('web')[0], { path: from }, to, never());
    const read = (index: number, file: string) => folder.docker('exec', number(index), 'cat', file);

    it('by a copy: into all, into one, out of the first, out of one', async () => {
      folder.write('note', 'to all');
      await copy({ path: folder.path('note') }, { service: 'web', path: '/tmp/' });
      assert.deepEqual(
        await Promise.all([1, 2, 3, 4].map((index) => read(index, '/tmp/note'))),
        Array(4).fill('to all'),
      );
      for (const index of [2, 3, 4]) {
        folder.write('note', `to ${index}`);
        await copy({ path: folder.path('note') }, { service: 'web', index, path: '/tmp/note' });
      }
      const notes = await Promise.all([1, 2, 3, 4].map((index) => read(index, '/tmp/note')));
      assert.deepEqual(notes, ['to all', 'to 2', 'to 3', 'to 4']);
      await copy({ service: 'web', path: '/tmp/note' }, { path: folder.path('first') });
      await copy({ service: 'web', index: 3, path: '/tmp/note' }, { path: folder.path('third') });
      assert.deepEqual([folder.read('first'), folder.read('third')], ['to all', 'to 3']);
      await assert.rejects(copy({ service: 'web', index: 9, path: '/tmp/note' }, { path: folder.path('none') }), {
        kind: 'usage',
        message: 'Service "web" has no container 9.',
        details: { remedy: 'It has: 1, 2, 3, 4.' },
      });
    });

    it('by a look at what a copy would replace, also where it does not run, and at the end of a link', async () => {
      await folder.docker('exec', number(2), 'rm', '/tmp/note');
      const in1 = { container: number(1), path: '/tmp/note' };
      const all = [in1, { ...in1, container: number(3) }, { ...in1, container: number(4) }];
      assert.deepEqual(await replaced({ service: 'web', path: '/tmp' }), all);
      assert.deepEqual(await replaced({ service: 'web', path: '/tmp/' }), all);
      assert.deepEqual(await replaced({ service: 'web', path: '/tmp/note' }), all);
      assert.deepEqual(await replaced({ service: 'web', path: '/tmp', index: 2 }), []);
      assert.deepEqual(await replaced({ service: 'web', path: '/tmp' }, folder.path('other')), []);
      // What lies in a file, some engines don't tell from their own trouble: that is no "nothing".
      const inFile = await replaced({ service: 'web', path: '/tmp/note/x' }).catch((error: Error) => error.message);
      assert.match(JSON.stringify(inFile), /^(?:\[\]|"The engine could not look at \/tmp\/note.*)$/);
      const [folderLink, deadLink] = ['/link', '/dead'];
      await folder.docker('exec', number(1), 'sh', '-c', `ln -s /tmp ${folderLink}; ln -s nowhere ${deadLink}`);
      const one = (path: string) => replaced({ service: 'web', index: 1, path });
      assert.deepEqual(await one(folderLink), [{ container: number(1), path: '/link/note' }]);
      assert.deepEqual(await one(deadLink), [{ container: number(1), path: '/dead' }]);
      await folder.docker('stop', '--time', '1', number(1));
      assert.deepEqual(await one('/tmp'), [in1]);
      await folder.docker('start', number(1));
    });
  });
});
