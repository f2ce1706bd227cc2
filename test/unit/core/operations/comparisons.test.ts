import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../../src/core/common/errors';
import { EngineFeed } from '../../../../src/core/engine/engineFeed';
import { EnvironmentStore } from '../../../../src/core/environmentStore';
import { Comparisons } from '../../../../src/core/operations/comparisons';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { project } from '../support/examples';
import { FakeClock } from '../support/fakeClock';
import { FakeConnection } from '../support/fakeEngine';

// "docker" is the test: no Compose that is recent enough prints such things.
(process.platform === 'win32' ? describe.skip : describe)('a comparison', () => {
  let folder: string;
  let pathBefore: string | undefined;
  let feed: EngineFeed;
  let store: EnvironmentStore;

  beforeEach(async () => {
    folder = temporaryFolder('comparison');
    fs.writeFileSync(path.join(folder, 'compose.yaml'), 'services: { web: {} }');
    fs.mkdirSync(path.join(folder, 'bin'));
    pathBefore = process.env.PATH;
    process.env.PATH = `${path.join(folder, 'bin')}${path.delimiter}${pathBefore}`;
    feed = new EngineFeed({ clock: new FakeClock(), connect: async () => new FakeConnection() });
    store = new EnvironmentStore({
      feedFor: () => feed,
      targetOf: async () => ({ engine: 'fake' }),
      resolve: async () => project('web'),
    });
    await store.setScope({ workspaceFolders: [folder], trusted: true });
  });
  afterEach(() => {
    store.dispose();
    feed.dispose();
    process.env.PATH = pathBefore;
    removeFolder(folder);
  });

  const prints = (script: string) =>
    fs.writeFileSync(path.join(folder, 'bin', 'docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const compare = () => new Comparisons(store).compare(store.environments, new AbortController().signal);

  for (const [what, script] of Object.entries({
    'an environment as it is': 'echo "name: app"',
    'what is written in its files': `case "$*" in *--no-interpolate) echo "name: app";; *) echo '{"name":"app"}';; esac`,
  })) {
    it(`says what to do where Compose prints something else than JSON of ${what}`, async () => {
      prints(script);
      await assert.rejects(compare(), (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.message, '"docker compose config" printed no JSON.');
        assert.match(error.details.remedy ?? '', /^Update Docker Compose/);
        return true;
      });
    });
  }
});
