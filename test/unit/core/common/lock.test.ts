import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { holderOf, takeLock, tryLock } from '../../../../src/core/common/lock';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

/** Linux has sockets without a file; macOS would have files, which Linux can have as well. */
const KINDS = process.platform === 'linux' ? (['linux', 'darwin'] as const) : [process.platform];

for (const platform of KINDS) {
  describe(`a lock, as on ${platform}`, () => {
    let folder: string;
    const before = process.env.TMPDIR;

    beforeEach(() => {
      folder = temporaryFolder('lock');
      process.env.TMPDIR = folder;
    });
    afterEach(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      removeFolder(folder);
    });

    /** Takes a lock of this test's own. */
    const take = (
      holder: string,
      { onWait = () => {}, signal = new AbortController().signal, key = '' } = {} as {
        onWait?: (holder: string) => void;
        signal?: AbortSignal;
        key?: string;
      },
    ) => takeLock(`${folder} ${key}`, holder, { signal, onWait, platform });

    it('is had by one at a time; who waits hears who has it, and gets it next', async () => {
      const first = await take('first');
      let heard: (holder: string) => void = () => {};
      const waits = new Promise<string>((resolve) => {
        heard = resolve;
      });
      let got = false;
      const second = take('second', { onWait: heard }).then((lock) => {
        got = true;
        return lock;
      });
      assert.equal(await waits, 'first');
      assert.equal(got, false);
      first.dispose();
      (await second).dispose();
      (await take('third', { onWait: (holder) => assert.fail(`still had by ${holder}`) })).dispose();
    });

    it('is another one for another key', async () => {
      const locks = await Promise.all(['a', 'b', 'c'].map((key) => take(key, { key })));
      for (const lock of locks) lock.dispose();
    });

    it('is waited for no longer when aborted, and is then still had by who has it', async () => {
      const lock = await take('holder');
      const cancel = new AbortController();
      const waiting = take('waits', { signal: cancel.signal, onWait: () => cancel.abort(new Error('enough')) });
      await assert.rejects(waiting, /enough/);
      await assert.rejects(take('late', { signal: AbortSignal.abort(new Error('no')) }), /no/);
      const told: string[] = [];
      const next = take('next', { onWait: (holder) => told.push(holder) && lock.dispose() });
      (await next).dispose();
      assert.deepEqual(told, ['holder']);
    });

    // What keeps many apart there is a flag that only macOS and the BSDs know.
    if (platform === process.platform) {
      it('is had by one at a time when many want it at once', async () => {
        let having = 0;
        const one = async (name: string) => {
          const lock = await take(name);
          assert.equal(++having, 1);
          await new Promise(setImmediate);
          having--;
          lock.dispose();
        };
        await Promise.all(Array.from({ length: 25 }, (_, index) => one(`${index}`)));
      });
    }

    if (platform === 'linux') {
      it('leaves no file', async () => {
        const lock = await take('one');
        assert.deepEqual(fs.readdirSync(folder), []);
        lock.dispose();
      });
    } else if (platform !== 'win32') {
      it('is taken although a crash left the file of another holder behind', async () => {
        const lock = await take('crashed');
        const [own = ''] = fs.readdirSync(folder);
        const [socket = ''] = fs.readdirSync(path.join(folder, own)).filter((name) => !name.endsWith('.guard'));
        const file = path.join(folder, own, socket);
        // A second name outlives the holder, as the file does in a crash.
        fs.linkSync(file, `${file}.kept`);
        lock.dispose();
        fs.renameSync(`${file}.kept`, file);
        const next = await take('next');
        const told: string[] = [];
        const third = take('third', { onWait: (holder) => told.push(holder) && next.dispose() });
        (await third).dispose();
        assert.deepEqual(told, ['next']);
      });
    }
  });
}

describe('who has a lock', () => {
  const { signal } = new AbortController();

  it('is told without waiting for it, and is nobody once it is free', async () => {
    const key = `holder, test ${process.pid}`;
    assert.equal(await holderOf(key, signal), undefined);
    const lock = await tryLock(key, 'first');
    assert.equal(await holderOf(key, signal), 'first');
    lock?.dispose();
    assert.equal(await holderOf(key, signal), undefined);
    await assert.rejects(holderOf(key, AbortSignal.abort()), { name: 'AbortError' });
  });
});
