import assert from 'node:assert/strict';
import fs from 'node:fs';
import { berth } from './support/berthCommand';
import { ComposeFolder, IDLE } from './support/composeFolder';

const BASE = `name: PROJECT
x-cache: &cache
  ${IDLE.replaceAll('\n    ', '\n  ')}
services:
  db:   # the store
    ${IDLE}
    # the end of db
  cache:
    <<: *cache
  copy:
    extends: cache
`;

describe('berth limit', () => {
  let folder: ComposeFolder;

  before(() => {
    folder = new ComposeFolder('limit', {
      'compose.yaml': BASE,
      'compose.test.yaml': 'services:\n  db:\n    environment: { MODE: test }\n',
    });
    folder.owns(`${folder.project}-test`);
  });
  beforeEach(() => {
    folder.write('compose.yaml', BASE);
  });
  after(() => folder?.dispose());

  const run = (...args: string[]) => berth(['limit', ...args], { cwd: folder.folder });
  const done = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args);
    assert.equal(exitCode, 0, stdout + stderr);
    return { stdout, stderr };
  };
  /** What the command says when it refuses, which leaves everything as it was. */
  const refused = async (...args: string[]) => {
    const text = folder.read('compose.yaml');
    const { exitCode, stderr } = await run(...args);
    assert.notEqual(exitCode, 0, stderr);
    assert.equal(folder.read('compose.yaml'), text);
    assert.deepEqual(fs.readdirSync(folder.folder).sort(), ['compose.test.yaml', 'compose.yaml']);
    return stderr;
  };
  const inEngine = async () => {
    const format = '{{json .HostConfig}}';
    const { Memory, NanoCpus, LogConfig } = JSON.parse(
      await folder.docker('inspect', '--format', format, folder.container('db')),
    );
    return { Memory, NanoCpus, LogConfig };
  };

  it('writes limits that the engine then has, and takes them away', async () => {
    const all = ['--memory', '64M', '--cpus', '0.5', '--log-size', '10m', '--log-files', '3'];
    fs.chmodSync(folder.path('compose.yaml'), 0o664);
    const { stdout, stderr } = await done('dev', 'db', ...all);
    assert.match(stdout, /memory +64M\ncpus +0\.5\nlog-size +10m\nlog-files +3\n/);
    assert.match(stderr, /Written to compose\.yaml\. It applies with: berth up dev\n/);
    assert.equal(fs.statSync(folder.path('compose.yaml')).mode & 0o777, 0o664);
    await berth(['up', 'dev', 'db'], { cwd: folder.folder });
    assert.deepEqual(await inEngine(), {
      Memory: 64 * 1024 ** 2,
      NanoCpus: 5e8,
      LogConfig: { Type: 'json-file', Config: { 'max-file': '3', 'max-size': '10m' } },
    });
    const { stdout: json } = await done('dev', 'db', '--show', '--json');
    const limits = { memory: 64 * 1024 ** 2, cpus: 0.5, logDriver: 'json-file', logSize: '10m', logFiles: 3 };
    assert.deepEqual(JSON.parse(json), { version: 1, environment: 'dev', service: 'db', limits });
    assert.match((await done('dev', 'db', '--memory', '64m')).stderr, /Written/);
    assert.match((await done('dev', 'db', '--memory', '64m')).stderr, /says so already/);

    await done('dev', 'db', '--memory', 'none', '--cpus', 'none', '--log-size', 'none', '--log-files', 'none');
    assert.equal(folder.read('compose.yaml'), BASE.replaceAll('PROJECT', folder.project));
    await berth(['up', 'dev', 'db'], { cwd: folder.folder });
    assert.equal((await inEngine()).Memory, 0);
  });

  it('writes what Compose accepts, and nothing else', async () => {
    assert.match(await refused('dev', 'db', '--memory', '12Q'), /invalid size: '12Q'[\s\S]*Nothing was changed/);
    assert.match(await refused('dev', 'db', '--cpus', 'many'), /"many" can't be a limit here/);
    assert.match(await refused('dev', 'db', '--log-size', '10 apples'), /can't be a limit here/);
    assert.match(await refused('dev', 'db', '--log-files', '3'), /does nothing without their size/);
    assert.match(await refused('dev', 'nothing', '--cpus', '1'), /has no service "nothing"/);
    assert.match(await refused('dev', 'db', '--cpus', '1', '--show'), /Either --show/);
    folder.write('compose.yaml', BASE.replace('    # the end', '    logging: { driver: none }\n    # the end'));
    assert.match(await refused('dev', 'db', '--log-size', '1m'), /logs with the driver "none"/);
  });

  it('writes into the last file that has the service, and says who takes it over', async () => {
    const overlay = folder.read('compose.test.yaml');
    await done('test', 'db', '--memory', '64M');
    assert.equal(folder.read('compose.yaml'), BASE.replaceAll('PROJECT', folder.project));
    assert.match(folder.read('compose.test.yaml'), /MODE: test \}\n {4}deploy:\n/);
    folder.write('compose.test.yaml', overlay);
    const { stdout, stderr } = await done('test', 'cache', '--memory', '64M', '--json');
    assert.match(stderr, /These take it over from cache: copy\./);
    assert.deepEqual(JSON.parse(stdout).others, ['copy']);
    assert.match(folder.read('compose.yaml'), /<<: \*cache\n {4}deploy:\n/);
    assert.match(await refused('dev', 'copy', '--memory', 'none'), /has this limit from somewhere else, too/);
  });
});
