import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readReports } from '../../../../src/core/runs/testReports';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const report = (name: string) => `<testsuite><testcase name="${name}"/></testsuite>`;

describe('readReports', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder('reports');
  });
  afterEach(() => removeFolder(folder));

  function write(name: string, text: string, { mtime = Date.now() } = {}): void {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    fs.utimesSync(file, mtime / 1_000, mtime / 1_000);
  }

  it('reads every report there is, by name, and nothing else', async () => {
    write('surefire/TEST-b.xml', report('b'));
    write('report.xml', report('a'));
    write('coverage.xml', '<coverage/>');
    write('notes.txt', report('c'));
    const { cases, problems } = await readReports(folder, Date.now());
    assert.deepEqual(
      cases.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(problems, []);
  });

  it('says which of them this run did not write, or did not write to the end', async () => {
    write('old.xml', report('old'), { mtime: Date.now() - 60_000 });
    write('short.xml', '<testsuite><testcase name="first"/><testcase');
    const { cases, problems } = await readReports(folder, Date.now());
    assert.deepEqual(
      cases.map(({ name }) => name),
      ['first'],
    );
    assert.deepEqual(problems, [
      'old.xml is left over from an earlier run: this one did not write it.',
      "short.xml can't be read to its end (line 1: Unclosed root tag).",
    ]);
  });

  it('says what it leaves out where there is too much, be it tests or files', async () => {
    const many = `<testsuite>${'<testcase name="a"/>'.repeat(15_000)}</testsuite>`;
    for (const name of ['a.xml', 'b.xml', 'c.xml', 'd.xml']) write(name, many);
    const { cases, problems } = await readReports(folder, 0);
    assert.equal(cases.length, 20_000);
    assert.deepEqual(problems, [
      'b.xml has more tests than are read: 20000 of all.',
      '2 further XML files are not read: there is too much in those before.',
    ]);
  });

  it('ends when it is aborted, also in the middle of a report', async () => {
    write('report.xml', `<testsuite><system-out>${'x'.repeat(6_500_000)}</system-out></testsuite>`);
    const reason = new Error('enough');
    const controller = new AbortController();
    const reading = readReports(folder, 0, controller.signal);
    setImmediate(() => controller.abort(reason));
    await assert.rejects(reading, reason);
  });

  it('does not read what is too large, and has nothing where there is nothing', async () => {
    write('large.xml', '<testsuite/>');
    fs.truncateSync(path.join(folder, 'large.xml'), 21_000_000);
    assert.deepEqual((await readReports(folder, 0)).problems, ['large.xml is too large to be read (21 MB).']);
    assert.deepEqual(await readReports(path.join(folder, 'nowhere'), 0), { cases: [], problems: [] });
  });
});
