import fs from 'node:fs';
import path from 'node:path';
import { clearAway } from '../../../../src/core/operations/dataFolders';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

// "docker" is the test: a real one can't be made to hang at the right moment.
(process.platform === 'win32' ? describe.skip : describe)('clearing away what worked on a data folder', () => {
  const pathBefore = process.env.PATH;
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder('clearing');
    process.env.PATH = `${folder}${path.delimiter}${pathBefore}`;
  });
  afterEach(() => {
    process.env.PATH = pathBefore;
    removeFolder(folder);
  });

  const docker = (script: string) =>
    fs.writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const cleared = () =>
    clearAway('empty', { path: '/projects/data', service: 'cache', image: 'redis' }, undefined, 100);

  it('ends where the engine does not answer', async () => {
    docker('exec sleep 600');
    await cleared();
  });

  it('ends where the engine no longer answers', async () => {
    docker('[ "$1" = rm ] || { echo 0123; exit; }\nexec sleep 600');
    await cleared();
  });
});
