import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { describeBelongings, lossesOf } from '../../src/core/operations/consequences';
import type { OperationProgress } from '../../src/core/operations/operation';
import { run as runProgram } from '../support/processes';
import { berth } from './support/berthCommand';
import { ComposeFolder } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { environmentNamed } from './support/waiting';

const POSTGRES = `image: postgres:16-alpine
    environment: { POSTGRES_HOST_AUTH_METHOD: trust }
    stop_grace_period: 5s
    healthcheck: { test: ["CMD", "pg_isready", "-h", "127.0.0.1"], interval: 1s, timeout: 5s, retries: 30 }`;
const REDIS = 'image: redis:7-alpine\n    stop_grace_period: 3s';
const DATA = `volumes: ["./data/postgres:/var/lib/postgresql/data"]`;
const RESET = { dataFolders: true } as const;
const DOWN = { volumes: true, dataFolders: true } as const;

describe('data folders', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder | undefined;

  async function open(files: Readonly<Record<string, string>>): Promise<OperatedFolder> {
    folder = new ComposeFolder('data', files);
    folder.owns(`${folder.project}-test`);
    core = await OperatedFolder.open(folder);
    return core;
  }
  afterEach(async () => {
    core?.dispose();
    core = undefined;
    await folder?.dispose();
  });

  const notes = (progress: readonly OperationProgress[]) =>
    progress.flatMap((one) => (one.kind === 'note' ? [one.text.replaceAll(folder.folder, '.')] : []));
  const losses = async (from: OperatedFolder) => {
    const environment = environmentNamed(from.store, 'dev');
    const connection = await from.berth.feedFor(undefined).whenConnected();
    const request = {
      operation: 'reset' as const,
      environmentId: environment.definition.id,
      services: [],
      options: RESET,
    };
    const { signal } = new AbortController();
    return { request, losses: await lossesOf(request, environment, connection, { sizes: true, signal }) };
  };
  /** The containers that have a folder mounted. */
  const containersOn = async (path: string) =>
    (await folder.docker('ps', '--all', '--quiet', '--filter', `volume=${path}`)).split('\n').filter(Boolean);
  const sql = (statement: string) =>
    folder.compose('exec', '-T', 'db', 'psql', '-U', 'postgres', '-Atc', statement).then((text) => text.trim());

  it('are made where they are missing, before they are needed', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:
  cache:\n    image: redis:7-alpine\n    volumes: ["./data/redis:/data", "./conf/redis.conf:/etc/redis.conf"]
  later:\n    image: redis:7-alpine\n    profiles: [later]\n    volumes: ["./data/later:/data"]
  other:\n    image: redis:7-alpine\n    volumes: ["./data/other:/data"]
  told:\n    image: redis:7-alpine\n    depends_on: [cache]
    volumes: [{ type: bind, source: ./data/told, target: /data, bind: { create_host_path: false } }]\n`,
    });
    fs.mkdirSync(folder.path('conf'));
    fs.writeFileSync(folder.path('conf/redis.conf'), '');
    const progress: OperationProgress[] = [];
    await dev.fail('up', 'dev', { services: ['told'], progress });
    assert.deepEqual(notes(progress), ['Made the data folder ./data/redis.']);
    for (const name of ['later', 'other'])
      assert.ok(!fs.existsSync(folder.path(`data/${name}`)), 'of what is not started');
    assert.ok(!fs.existsSync(folder.path('data/told')), 'where Compose was told not to');
    const again: OperationProgress[] = [];
    await dev.do('recreate', 'dev', { services: ['cache'], progress: again });
    assert.deepEqual(notes(again), []);
  });

  it('of a real PostgreSQL stay with a reset, and are emptied where that is asked for', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  db:\n    ${POSTGRES}\n    ${DATA}\n`,
    });
    await dev.do('up');
    await sql('CREATE TABLE seen (at text)');
    const data = folder.path('data/postgres');
    const { uid, mode } = fs.statSync(data);
    assert.notEqual(uid, process.getuid?.(), 'it belongs to the user of the database');
    assert.equal(mode & 0o777, 0o700);
    await dev.do('reset');
    assert.equal(await sql("SELECT to_regclass('seen')"), 'seen');

    const { request, losses: lost } = await losses(dev);
    const [first = ''] = describeBelongings(lost);
    assert.match(first, /^All that is in data folders: .*\/data\/postgres \(\d+(\.\d)? MB\)$/);
    assert.equal((await containersOn(data)).length, 1, 'what looked into it is gone');
    const progress: OperationProgress[] = [];
    const confirmed = { ...request, confirmed: lost };
    const result = await dev.berth.operations.run(
      confirmed,
      (told) => progress.push(told),
      new AbortController().signal,
    );
    assert.equal(result.kind, 'done');
    assert.deepEqual(notes(progress), [
      'Emptying the data folder ./data/postgres …',
      'Emptied the data folder ./data/postgres.',
    ]);
    assert.equal(await sql("SELECT to_regclass('seen')"), '');
  });

  it('are emptied but for what keeps them in git, only after the user has seen them', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ['./data, ""odd:/data']\n`,
      'data, ""odd/.gitkeep': '',
      'data, ""odd/.gitignore': '*\n',
    });
    const data = folder.path('data, ""odd');
    const { request, losses: nothing } = await losses(dev);
    assert.deepEqual(nothing.dataFolders, []);
    folder.write('data, ""odd/deep/.gitkeep', '');
    folder.write('data, ""odd/-rf', '');
    const { signal } = new AbortController();
    const refused = await dev.berth.operations.run({ ...request, confirmed: nothing }, () => {}, signal);
    assert.match(
      refused.kind === 'failed' ? refused.error.message : refused.kind,
      /more would go than was confirmed: /,
    );
    assert.ok(fs.existsSync(`${data}/-rf`));
    await dev.do('down', 'dev', { options: DOWN });
    assert.deepEqual(fs.readdirSync(data).sort(), ['.gitignore', '.gitkeep']);
  });

  it('are refused where they are shared, elsewhere, or the workspace itself', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["./data:/data"]\n`,
      'compose.test.yaml': 'services:\n  cache:\n    environment: { MODE: test }\n',
      'data/kept': '',
    });
    const why = async (files: Readonly<Record<string, string>>) => {
      for (const [file, text] of Object.entries(files)) folder.write(file, text);
      await dev.store.filesChanged();
      await dev.store.whenResolved();
      const { error } = await dev.fail('reset', 'dev', { options: RESET });
      return error.message.replaceAll(folder.folder, '.');
    };
    const mounting = (source: string) =>
      `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["${source}:/data"]\n`;
    assert.match(await why({}), /"\.\/data" can't be emptied: "test" has it mounted, too/);
    fs.symlinkSync(folder.path('data'), folder.path('link'));
    const other = `services:\n  cache:\n    volumes: !override ["./link:/srv"]\n`;
    assert.match(await why({ 'compose.test.yaml': other }), /"test" has it mounted, too/);
    folder.write('compose.test.yaml', 'services:\n  cache:\n    volumes: !override []\n');
    assert.match(await why({ 'compose.yaml': mounting('./link') }), /a symbolic link leads to another place/);
    for (const source of ['.', '/', '..', folder.path('..'), '/root']) {
      assert.match(
        await why({ 'compose.yaml': mounting(source) }),
        /it is no folder of its own inside of the workspace/,
      );
    }
    assert.deepEqual(await containersOn(folder.path('data')), []);
    assert.ok(fs.existsSync(folder.path('data/kept')));
  });

  it('are refused while a container of somebody else has them mounted, and so are the commands for it', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["./data/redis:/data"]\n`,
      'data/redis/kept': '',
    });
    const stranger = `${folder.project}-stranger`;
    const data = folder.path('data/redis');
    fs.symlinkSync(data, folder.path('link'));
    for (const source of [data, `${data}/kept`, folder.folder, folder.path('link')]) {
      await folder.docker('create', '--name', stranger, '--volume', `${source}:/mounted`, 'berth/idle:1');
      try {
        const { error } = await dev.fail('reset', 'dev', { options: RESET });
        assert.match(error.message, new RegExp(`mounted by container "${stranger}", which belongs to no project`));
        assert.match(error.details.remedy ?? '', /Remove that container first/);
        await assert.rejects(losses(dev), /mounted by container/);
        if (source !== data) continue;
        const args = ['down', 'dev', '--volumes', '--data-folders', '--show-command'];
        const shown = await berth(args, { cwd: folder.folder });
        assert.deepEqual([shown.exitCode, shown.stdout], [1, '']);
        assert.match(shown.stderr, /mounted by container/);
      } finally {
        await runProgram('docker', ['rm', '--force', stranger]);
      }
    }
    assert.ok(fs.existsSync(`${data}/kept`));
  });

  it('are left alone where something has begun to use them since it was asked', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["./data:/data"]\n`,
      'data/kept': '',
    });
    await dev.do('up');
    const stranger = `${folder.project}-stranger`;
    const args = ['create', '--name', stranger, '--volume', `${folder.path('data')}:/mounted`, 'berth/idle:1'];
    let created: string | undefined;
    const { definition } = environmentNamed(dev.store, 'dev');
    const request = { operation: 'reset' as const, environmentId: definition.id, services: [], options: RESET };
    try {
      const result = await dev.berth.operations.run(
        request,
        (told) => {
          // What Compose says first while it takes everything down.
          if (told.kind === 'output') created ??= execFileSync('docker', args, { encoding: 'utf8' });
        },
        new AbortController().signal,
      );
      assert.ok(created);
      assert.ok(result.kind === 'failed');
      assert.match(result.error.message, /it is mounted by container/);
      assert.equal(
        result.error.details.output?.replaceAll(folder.folder, '.'),
        'The volumes are gone.\nAs it was: ./data.',
      );
      assert.ok(fs.existsSync(folder.path('data/kept')));
    } finally {
      await runProgram('docker', ['rm', '--force', stranger]);
    }
  });

  it('that are emptied only in part are told', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:
  a:\n    ${REDIS}\n    volumes: ["./data/a:/data"]
  b:\n    image: localhost:1/redis:7\n    volumes: ["./data/b:/data"]
  c:\n    ${REDIS}\n    volumes: ["./data/c:/data"]\n`,
      'data/a/x': '',
      'data/b/x': '',
      'data/c/x': '',
    });
    const { error } = await dev.fail('down', 'dev', { options: DOWN });
    assert.match(error.message, /data\/b could not be emptied, or only in part/);
    const told = error.details.output?.replaceAll(folder.folder, '.').split('\n').slice(-4);
    assert.deepEqual(told, [
      'The volumes are gone.',
      'Emptied: ./data/a.',
      'Perhaps emptied in part: ./data/b.',
      'As it was: ./data/c.',
    ]);
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => fs.readdirSync(folder.path(`data/${name}`)).length),
      [0, 1, 1],
    );
  });

  it('can be left alone while they are emptied', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  a:\n    ${REDIS}\n    volumes: ["./data/a:/data"]
  b:\n    ${REDIS}\n    volumes: ["./data/b:/data"]\n`,
      'data/a/x': '',
      'data/b/x': '',
    });
    const cancelling = new AbortController();
    const { definition } = environmentNamed(dev.store, 'dev');
    const request = { operation: 'reset' as const, environmentId: definition.id, services: [], options: RESET };
    const result = await dev.berth.operations.run(
      request,
      (told) => told.kind === 'note' && told.text.startsWith('Emptied') && cancelling.abort(),
      cancelling.signal,
    );
    assert.ok(result.kind === 'cancelled');
    assert.deepEqual(result.removal, {
      volumesGone: 'yes',
      emptied: [folder.path('data/a')],
      untouched: [folder.path('data/b')],
    });
    assert.deepEqual(
      ['a', 'b'].map((name) => fs.readdirSync(folder.path(`data/${name}`)).length),
      [0, 1],
    );
    for (const name of ['a', 'b']) assert.deepEqual(await containersOn(folder.path(`data/${name}`)), []);
  });

  it('have nothing left that works on them when that is cancelled at once', async () => {
    const dev = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["./data:/data"]\n`,
      'data/x': '',
    });
    const data = folder.path('data');
    const label = `dev.berth.empties-data-folder=${data}`;
    // As one that was being made when its program was ended: nobody is there any more to start it or to remove it.
    const orphan = await folder.docker('create', '--label', label, '--volume', `${data}:/data`, 'berth/idle:1');
    const filters = ['--filter', `label=${label}`, '--filter', 'event=start'];
    const events = spawn('docker', ['events', ...filters], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const cancelling = new AbortController();
      events.stdout.once('data', () => cancelling.abort());
      const { definition } = environmentNamed(dev.store, 'dev');
      const request = { operation: 'down' as const, environmentId: definition.id, services: [], options: DOWN };
      const result = await dev.berth.operations.run(request, () => {}, cancelling.signal);
      assert.equal(result.kind, 'cancelled');
      assert.deepEqual(await containersOn(data), []);
    } finally {
      events.kill();
      await runProgram('docker', ['rm', '--force', orphan.trim()]);
    }
  });

  it('are asked about on the command line', async () => {
    await open({
      'compose.yaml': `name: PROJECT\nservices:\n  cache:\n    ${REDIS}\n    volumes: ["./data:/data"]\n`,
      'data/x': 'y'.repeat(100_000),
    });
    const run = (...args: string[]) => berth(args, { cwd: folder.folder });
    const asked = await run('reset', 'dev', '--data-folders');
    assert.equal(asked.exitCode, 2);
    assert.match(asked.stderr, /All that is in data folders: \S+\/data \(1\d\d(\.\d)? kB\)/);
    assert.match((await run('down', 'dev', '--data-folders')).stderr, /takes --data-folders only with --volumes/);
    const { stdout } = await run('down', 'dev', '--volumes', '--data-folders', '--show-command');
    assert.match(stdout, /down --remove-orphans --volumes && .*docker run --rm .* --network none --user 0:0/s);
    const done = await run('down', 'dev', '--volumes', '--data-folders', '--yes');
    assert.equal(done.exitCode, 0, done.stderr);
    assert.match(done.stderr, /dev: Emptied the data folder/);
    assert.deepEqual(fs.readdirSync(folder.path('data')), []);
  });
});
