import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Disposable } from '../../../../src/core/common/disposable';
import { Emitter, waitFor } from '../../../../src/core/common/event';
import { watchContexts } from '../../../../src/core/engine/contextWatch';
import { type DockerSurroundings, targetOf } from '../../../../src/core/engine/endpoint';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('where Docker contexts lead is followed', () => {
  let home: string;
  let surroundings: DockerSurroundings;
  let watch: Disposable | undefined;
  let looked: Emitter<void>;
  /** The engines that `far` and the current context lead to, as they were last looked at. */
  let engines: readonly string[];

  beforeEach(() => {
    home = temporaryFolder('contexts');
    surroundings = { env: {}, homeDirectory: home, platform: process.platform };
    looked = new Emitter();
    engines = [];
  });
  afterEach(() => {
    watch?.dispose();
    looked.dispose();
    removeFolder(home);
  });

  const config = (...parts: string[]) => path.join(home, '.docker', ...parts);
  const contextFolder = () => config('contexts', 'meta', createHash('sha256').update('far').digest('hex'));

  /** Puts a file in its place as the docker command line does: whole, in place of the old one. */
  function write(file: string, content: object): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, JSON.stringify(content));
    fs.renameSync(`${file}.new`, file);
  }
  const lead = (host: string) =>
    write(path.join(contextFolder(), 'meta.json'), { Endpoints: { docker: { Host: `tcp://${host}` } } });

  function start(): void {
    const look = async () => {
      const targets = await Promise.all(['far', undefined].map((context) => targetOf(context, surroundings)));
      engines = targets.map(({ engine }) => engine);
      looked.fire();
    };
    watch = watchContexts(() => void look(), surroundings);
  }
  /** Waits until somebody who was told has seen that `far`, or the current context, leads to a host. */
  const isSeen = (host: string, index = 0) =>
    waitFor(looked.event, () => engines[index] === `http://${host}:2375` || undefined);

  it('that are made after the start, and changed', async () => {
    fs.mkdirSync(config('contexts', 'meta'), { recursive: true });
    start();
    lead('one');
    await isSeen('one');
    lead('two');
    await isSeen('two');
  });

  it('whose folder is removed and made again', async () => {
    lead('one');
    start();
    fs.rmSync(contextFolder(), { recursive: true });
    lead('two');
    await isSeen('two');
    lead('three');
    await isSeen('three');
  });

  for (const [what, above] of Object.entries({ 'folder of contexts': ['contexts'], configuration: [] })) {
    it(`where there is no ${what} yet, and where it is removed and made again`, async () => {
      if (above.length > 0) fs.mkdirSync(config());
      start();
      lead('one');
      await isSeen('one');
      fs.rmSync(config(...above), { recursive: true });
      await waitFor(looked.event, () => engines[0] === 'context far' || undefined);
      lead('two');
      await isSeen('two');
      lead('three');
      await isSeen('three');
    });
  }

  it('of which another one is the current one', async () => {
    lead('one');
    start();
    write(config('config.json'), { currentContext: 'far' });
    await isSeen('one', 1);
    lead('two');
    await isSeen('two', 1);
  });

  it('until that is ended', async () => {
    lead('one');
    let told = 0;
    watchContexts(() => told++, surroundings).dispose();
    start();
    lead('two');
    await isSeen('two');
    assert.equal(told, 0);
  });
});
