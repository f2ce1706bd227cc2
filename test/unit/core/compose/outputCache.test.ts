import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { OutputCache } from '../../../../src/core/compose/outputCache';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('what Compose printed of files', () => {
  let folder: string;
  let cache: OutputCache;
  let runs: number;
  beforeEach(() => {
    folder = temporaryFolder('outputs');
    cache = new OutputCache();
    runs = 0;
  });
  afterEach(() => removeFolder(folder));

  const file = (name: string) => path.join(folder, name);
  const write = (text: string) => fs.writeFileSync(file('compose.yaml'), text);
  const ask = async (args: readonly string[] = ['config'], run = async () => {}, exitCode = 0) => {
    const call = { command: 'docker', args, cwd: folder };
    const result = await cache.output(call, [file('compose.yaml'), file('.env')], async () => {
      runs++;
      await run();
      return { exitCode, stdout: fs.readFileSync(file('compose.yaml'), 'utf8'), stderr: '' };
    });
    return result.stdout;
  };

  it('is not asked for again while they are as they were, or are so again', async () => {
    write('one');
    assert.equal(await ask(), 'one');
    write('one');
    assert.equal(await ask(), 'one');
    assert.equal(runs, 1);
    write('two');
    assert.equal(await ask(), 'two');
    write('one');
    assert.equal(await ask(), 'one');
    assert.equal(runs, 2);
  });

  it('is asked for again when a file came or went, or for something else', async () => {
    write('one');
    await ask();
    fs.writeFileSync(file('.env'), '');
    await ask();
    fs.rmSync(file('.env'));
    await ask();
    await ask(['config', '--quiet']);
    assert.equal(runs, 3);
  });

  it('is not believed when it failed, or when a file changed meanwhile', async () => {
    write('one');
    await ask(['config'], undefined, 1);
    await ask(['config'], async () => write('two'));
    write('one');
    assert.equal(await ask(), 'one');
    assert.equal(runs, 3);
  });

  it('is kept for so many only, the newest', async () => {
    for (let number = 0; number <= 200; number++) {
      write(String(number));
      await ask();
    }
    write('200');
    await ask();
    assert.equal(runs, 201);
    write('0');
    await ask();
    assert.equal(runs, 202);
  });
});
