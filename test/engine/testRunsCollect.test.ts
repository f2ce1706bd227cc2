import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { run, runOrFail } from '../support/processes';
import { TestRunFolder } from './support/testRunFolder';

/** What test runs leave in `.berth/runs`. */
describe('berth test collects', () => {
  let tests: TestRunFolder;

  before(async () => {
    tests = await TestRunFolder.open('collect', { declared: '' });
  });
  after(() => tests?.dispose());

  const declare = (command: string, more = '') =>
    tests.declare({ declared: `commands:\n  unit: { kind: test, ${command} }\n${more}` });
  /** What the newest run has collected: names with their contents. */
  const collected = () => {
    const folder = path.join(tests.runFolders().at(-1) ?? '', 'collected');
    const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
    return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
  };
  const WRITE = 'mkdir -p reports && echo ok >report.xml && echo half >reports/coverage';

  it('files and folders out of the running container', async () => {
    declare(`service: web, run: [sh, -c, "${WRITE}"], cwd: /tmp, collect: [report.xml, /tmp/reports, reports]`);
    const { stderr } = await tests.ended(tests.run(), 0);
    assert.deepEqual(collected(), {
      'report.xml': 'ok\n',
      'reports/coverage': 'half\n',
      'tmp/reports/coverage': 'half\n',
    });
    assert.match(
      stderr,
      /Collected collected\/report\.xml, collected\/tmp\/reports, collected\/reports in \.berth\/runs\//,
    );
  });

  it('files of one name out of several folders, of which each counts as a report', async () => {
    const write = (folder: string, failure = '') =>
      `mkdir -p ${folder}; echo '<testsuite><testcase name=\\"one\\">${failure}</testcase></testsuite>' >${folder}/report.xml`;
    const run = `${write('a', '<failure/>')}; ${write('b')}; exit 1`;
    declare(`service: web, run: [sh, -c, "${run}"], cwd: /tmp, collect: [a/report.xml, b, b/report.xml]`);
    const { stderr } = await tests.ended(tests.run(), 1);
    assert.deepEqual(Object.keys(collected()).sort(), ['a/report.xml', 'b/report.xml']);
    assert.match(stderr, /1 passed, 1 failed/);
  });

  it('out of a container that was made for the tests, also when they fail', async () => {
    declare(
      `service: web, newContainer: true, run: [sh, -c, "${WRITE}; exit 3"], cwd: /tmp, collect: [report.xml, reports]`,
    );
    await tests.ended(tests.run(), 3);
    assert.deepEqual(collected(), { 'report.xml': 'ok\n', 'reports/coverage': 'half\n' });
  });

  it('on this machine, from where the tests run', async () => {
    fs.mkdirSync(tests.folder.path('web'), { recursive: true });
    declare(`run: [sh, -c, "${WRITE}"], cwd: web, collect: [report.xml, reports]`);
    await tests.ended(tests.run(), 0);
    assert.deepEqual(collected(), { 'report.xml': 'ok\n', 'reports/coverage': 'half\n' });
  });

  it('what there is, and tells what is missing: tests that passed then fail, others keep their exit code', async () => {
    const command = (exit: number) =>
      declare(`service: web, run: [sh, -c, "${WRITE}; exit ${exit}"], cwd: /tmp, collect: [junit.xml, report.xml]`);
    for (const [exit, code] of [
      [0, 1],
      [5, 5],
    ] as const) {
      command(exit);
      const { stderr } = await tests.ended(tests.run(), code);
      assert.match(stderr, /✖ junit\.xml could not be collected/);
      assert.deepEqual(collected(), { 'report.xml': 'ok\n' });
    }
  });

  it('nothing on a disk that is full: says so, and removes everything', async function () {
    const berthFolder = tests.folder.path('.berth');
    fs.mkdirSync(berthFolder, { recursive: true });
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', berthFolder]).catch(() => undefined);
    if (mounted?.exitCode !== 0) return this.skip();
    try {
      const big = 'dd if=/dev/zero of=/tmp/report.xml bs=1024 count=200 2>/dev/null';
      declare(`service: web, run: [sh, -c, "${big}"], collect: [/tmp/report.xml]`);
      const { stderr } = await tests.ended(tests.run(), 1);
      assert.match(stderr, /✖ \/tmp\/report\.xml could not be collected: .*no space left on device/i);
      assert.match(stderr, /room on the disk/);
      fs.rmSync(path.join(berthFolder, 'runs'), { recursive: true });
      // Not even the logs of a run that failed find room: the tests' own exit code counts all the same.
      tests.declare({
        test: '  web:\n    command: [sh, -c, "seq 30000; exec idle"]\n',
        declared: 'commands:\n  unit: { kind: test, service: web, run: [sh, -c, "exit 5"] }\n',
      });
      const failed = await tests.ended(tests.run(), 5);
      assert.match(failed.stderr, /The logs could not be kept: ENOSPC/);
    } finally {
      await runOrFail('umount', [berthFolder]);
    }
  });

  it('logs in which secrets are masked', async () => {
    tests.folder.write('.env.test', 'DB_PASSWORD=open-sesame\n');
    tests.declare({
      test: '  web:\n    environment: { DB_PASSWORD: $DB_PASSWORD }\n    command: [sh, -c, "echo with $$DB_PASSWORD; exec idle"]\n',
      declared: 'envFiles: [.env.test]\ncommands:\n  unit: { kind: test, service: web, run: "false" }\n',
    });
    const { stdout, stderr } = await tests.ended(tests.run(), 1);
    const folder = tests.runFolders().at(-1) ?? '';
    assert.match(fs.readFileSync(path.join(folder, 'logs', 'web.log'), 'utf8'), /with \*\*\*/);
    const all = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
    const texts = all.filter((file) => fs.statSync(file).isFile()).map((file) => fs.readFileSync(file, 'utf8'));
    assert.ok(!`${stdout}${stderr}${texts.join('')}`.includes('open-sesame'));
  });

  it('the newest ten runs, and those that go on', async () => {
    const runs = tests.folder.path('.berth/runs');
    const make = (name: string, state: string) =>
      tests.folder.write(`.berth/runs/${name}/run.json`, JSON.stringify({ state }));
    fs.rmSync(runs, { recursive: true });
    make('2020-01-01T00-00-00', 'running');
    for (let day = 10; day < 22; day++) make(`2020-01-${day}T00-00-00`, 'over');
    declare('service: web, run: "false"');
    await tests.ended(tests.run(), 1);
    const names = tests.runFolders().map((folder) => path.basename(folder).slice(0, 10));
    assert.deepEqual(names.slice(0, 2), ['2020-01-01', '2020-01-13']);
    assert.equal(names.length, 11);
    const last = JSON.parse(fs.readFileSync(path.join(tests.runFolders().at(-1) ?? '', 'run.json'), 'utf8'));
    assert.equal(last.state, 'over');
  });
});
