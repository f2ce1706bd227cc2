import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { replacedHere } from '../../../../src/core/operations/copying';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('what a copy replaces on this machine', () => {
  let folder: string;
  const at = (...names: string[]) => path.join(folder, ...names);

  before(() => {
    folder = temporaryFolder('copying');
    fs.mkdirSync(at('full'));
    fs.writeFileSync(at('full', 'app.log'), '');
    fs.mkdirSync(at('empty'));
  });
  after(() => removeFolder(folder));

  it('is a file of its name, in a folder too', async () => {
    assert.equal(await replacedHere('/app/app.log', at('full')), at('full', 'app.log'));
    assert.equal(await replacedHere('/app/app.log', at('full', 'app.log')), at('full', 'app.log'));
    assert.equal(await replacedHere('/app/app.log', at('empty')), undefined);
    assert.equal(await replacedHere('/app/app.log', at('missing')), undefined);
  });

  it('is also a link that leads nowhere', async function () {
    if (process.platform === 'win32') return this.skip();
    fs.symlinkSync('nowhere', at('link'));
    assert.equal(await replacedHere('/app/app.log', at('link')), at('link'));
  });
});
