import assert from 'node:assert/strict';
import { connectToEngine } from '../../src/core/engine/connection';
import { readJUnit } from '../../src/core/runs/junit';
import { freePort } from '../support/ports';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

describe('berth accept of ports that a browser may have no use for', () => {
  let folder: ComposeFolder;
  after(async () => folder?.dispose());

  it('is content with a connection that holds, also at an address of IPv6 alone', async () => {
    const [echo, six] = [await freePort(), await freePort()];
    folder = new ComposeFolder('acceptports', {
      'compose.yaml': `
name: PROJECT
services:
  echo:
    image: busybox:1-musl
    command: [nc, -ll, -p, "5000", -e, cat]
    stop_grace_period: 0s
    ports: ["${echo}:5000"]
  six:
    image: busybox:1-musl
    command: [httpd, -f, -p, "80"]
    stop_grace_period: 0s
    ports: ["[::1]:${six}:80"]
`,
    });
    const { stdout, stderr } = await berth(['accept', '--json'], { cwd: folder.folder });
    const steps: readonly Readonly<Record<string, string>>[] = JSON.parse(stdout).steps;
    assert.deepEqual(
      steps.filter(({ criterion }) => criterion === 'ports').map(({ subject, message }) => `${subject}: ${message}`),
      [`echo ${echo}: takes connections`, `six ${six}: answers over http`],
      stderr,
    );
  });
});

describe('berth accept with volumes that have no names', () => {
  let folder: ComposeFolder;
  after(async () => folder?.dispose());

  // Whose they were tell the events alone, by which the whole stage fails in the end when any are left.
  it('leaves none of them when it has taken down what it brought up', async () => {
    folder = new ComposeFolder('acceptnameless', {
      'compose.yaml': `name: PROJECT
services:
  web:
    ${IDLE}
    volumes: [/scratch]
  store:
    image: redis:7-alpine
    command: [redis-server, --appendonly, "yes"]
    volumes: ["data:/data", /scratch]
volumes: { data: }
`,
    });
    const { stdout, stderr } = await berth(['accept', '--json'], { cwd: folder.folder });
    const report: { readonly steps: readonly Readonly<Record<string, string>>[]; readonly after: string } =
      JSON.parse(stdout);
    const data = report.steps.filter(({ criterion }) => criterion === 'data');
    assert.deepEqual(
      data.map(({ outcome }) => outcome),
      ['passed'],
      stdout + stderr,
    );
    assert.equal(report.after, 'as-before');
    assert.doesNotMatch(stderr, /could not be removed/);
  });

  // The engine calls it as it does those of containers.
  it('leaves one that somebody has made without a name, and mounts by that which the engine gave it', async () => {
    const own = new ComposeFolder('acceptexternal', {});
    const volume = (await own.docker('volume', 'create')).trim();
    try {
      own.write(
        'compose.yaml',
        `name: PROJECT
services:
  store:
    image: redis:7-alpine
    command: [redis-server, --appendonly, "yes"]
    stop_grace_period: 0s
    volumes: ["theirs:/data", /scratch]
volumes: { theirs: { external: true, name: ${volume} } }
`,
      );
      const { stdout, stderr } = await berth(['accept', '--json'], { cwd: own.folder });
      assert.equal(JSON.parse(stdout).after, 'as-before', stderr);
      assert.equal(await own.docker('volume', 'ls', '--quiet', '--filter', `name=${volume}`), `${volume}\n`);
      await own.compose('up', '--detach');
      const connection = await connectToEngine(undefined);
      const { signal } = new AbortController();
      const { volumes } = await connection
        .inspect((engine) => engine.belongings(own.project, { signal }))
        .finally(() => connection.close());
      const [only, ...more] = volumes;
      assert.equal(only?.anonymous, true);
      assert.notEqual(only?.name, volume);
      assert.deepEqual(more, []);
    } finally {
      await own.compose('down', '--volumes');
      await own.docker('volume', 'rm', '--force', volume);
      await own.dispose();
    }
  });
});

describe('berth accept --junit', () => {
  let folder: ComposeFolder;
  before(() => {
    folder = new ComposeFolder('acceptjunit', {
      'whole/compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n`,
      'refused/compose.yaml': 'services:\n  web:\n    image: 5\n',
    });
  });
  after(async () => folder?.dispose());

  it('sees before anything is done that there is a folder for it', async () => {
    const { exitCode, stderr } = await berth(['accept', '--junit', 'none/accept.xml'], { cwd: folder.path('whole') });
    assert.equal(exitCode, 1);
    assert.match(stderr, /The report can't be written/);
    assert.equal(await folder.compose('ps', '--all', '--quiet'), '');
    assert.doesNotMatch(stderr, /Every service is up/);
  });

  it('has a report of files that Compose does not accept', async () => {
    const { exitCode } = await berth(['accept', '--junit', 'accept.xml'], { cwd: folder.path('refused') });
    assert.notEqual(exitCode, 0);
    const read = await readJUnit([folder.read('refused/accept.xml')], 100);
    assert.deepEqual(
      read?.cases.map(({ outcome, suite }) => [outcome, suite]),
      [['failed', 'dev.healthy']],
    );
    assert.match(read?.cases[0]?.message ?? '', /image/);
  });
});
