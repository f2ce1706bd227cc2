import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { EngineConnection } from '../../../../src/core/engine/connection';
import { buildSnapshot } from '../../../../src/core/model/snapshot';
import { collect, collectedPath } from '../../../../src/core/runs/evidence';
import { RunFolder } from '../../../../src/core/runs/runFolder';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { definition, project } from '../support/examples';

describe('what a command leaves', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('evidence');
  });
  afterEach(() => removeFolder(folder));

  /** Collects on this machine, from the folder `web` of the project. @returns the files with their contents, and what failed. */
  const collected = async (...wanted: string[]) => {
    const known = definition({ projectDirectory: path.join(folder, 'shop') });
    const run = await RunFolder.make(folder);
    const { failed, collected: names } = await collect(
      { name: 'unit', kind: 'test', command: ['make', 'test'], directory: 'web', collect: wanted },
      buildSnapshot(known, { kind: 'resolved', project: project() }, [], true),
      {
        connection: {} as EngineConnection,
        folder: run,
        signal: new AbortController().signal,
        copyOut: () => Promise.reject(new Error('there is no container')),
      },
    );
    const files = names.map((name) => [name, fs.readFileSync(run.file(name), 'utf8')] as const);
    return { files, failed: failed.map(({ message, details }) => [message, details.remedy]) };
  };
  const write = (name: string, text = name) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };

  it('keeps its path, so that files of one name stay apart', async () => {
    for (const name of ['shop/web/a/report.xml', 'shop/web/b/report.xml', 'shop/top.xml']) write(name);
    const absolute = path.join(folder, 'shop/top.xml');
    const { files, failed } = await collected('a/report.xml', './b/report.xml', '../top.xml', absolute);
    assert.deepEqual(failed, []);
    assert.deepEqual(files, [
      ['collected/a/report.xml', 'shop/web/a/report.xml'],
      ['collected/b/report.xml', 'shop/web/b/report.xml'],
      ['collected/top.xml', 'shop/top.xml'],
      [`collected${absolute}`, 'shop/top.xml'],
    ]);
  });

  it('is told where two would be in one place', async () => {
    for (const name of ['shop/web/report.xml', 'shop/report.xml']) write(name);
    const { files, failed } = await collected('report.xml', '../report.xml');
    assert.deepEqual(files, [['collected/report.xml', 'shop/web/report.xml']]);
    assert.deepEqual(failed, [
      [
        '../report.xml could not be collected: collected/report.xml is there already.',
        'Leave out one of the two in "collect", or have the command give it another name.',
      ],
    ]);
  });

  it('has its place below one folder, whatever it is called', () => {
    const places = [
      ['report.xml', 'report.xml'],
      ['./a//b/', 'a/b'],
      ['/app/report.xml', 'app/report.xml'],
      ['../../report.xml', 'report.xml'],
      ['a/../../b', 'b'],
      ['.', ''],
    ] as const;
    for (const [wanted, place] of places) assert.equal(collectedPath(wanted, path.posix), place);
    assert.equal(collectedPath('C:\\work\\report.xml', path.win32), 'work/report.xml');
    assert.equal(collectedPath('..\\a\\b.xml', path.win32), 'a/b.xml');
  });
});
