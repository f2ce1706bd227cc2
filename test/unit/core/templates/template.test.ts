import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { UserError } from '../../../../src/core/common/errors';
import { applyTemplate, listTemplates } from '../../../../src/core/templates/template';
import { repositoryRoot } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('templates', () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder('template');
  });
  afterEach(() => removeFolder(root));

  const template = () => {
    const folder = path.join(root, 'template');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'a.yaml'), 'name: my-project\nx: my-project-test, my-projects\n');
    fs.writeFileSync(path.join(folder, 'b.yaml'), 'b');
    return folder;
  };

  it('that come with Berth are listed', async () => {
    const templates = await listTemplates(path.join(repositoryRoot, 'compose-templates'));
    assert.ok(templates.includes('postgres-redis'));
  });

  it('are made under the name of the folder', async () => {
    const folder = path.join(root, 'deep', 'My App 2');
    const made = await applyTemplate(template(), folder);
    assert.deepEqual(made, [path.join(folder, 'a.yaml'), path.join(folder, 'b.yaml')]);
    const text = fs.readFileSync(path.join(folder, 'a.yaml'), 'utf8');
    assert.equal(text, 'name: myapp2\nx: myapp2-test, my-projects\n');
  });

  it('have a name even where the folder gives none', async () => {
    const folder = path.join(root, '—');
    await applyTemplate(template(), folder);
    assert.match(fs.readFileSync(path.join(folder, 'a.yaml'), 'utf8'), /^name: app$/m);
  });

  it('are made whole or not at all, and never over a file that is there', async () => {
    const folder = path.join(root, 'project');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'b.yaml'), 'mine');
    await assert.rejects(applyTemplate(template(), folder), (error: UserError) => {
      assert.equal(error.message, '"b.yaml" is already there; nothing was made.');
      assert.deepEqual([error.kind, error.details.place?.file], ['failed', folder]);
      return true;
    });
    assert.deepEqual(fs.readdirSync(folder), ['b.yaml']);
    assert.equal(fs.readFileSync(path.join(folder, 'b.yaml'), 'utf8'), 'mine');
  });

  it('that can not be made say why', async () => {
    fs.writeFileSync(path.join(root, 'file'), '');
    await assert.rejects(applyTemplate(template(), path.join(root, 'file')), { kind: 'failed' });
  });
});
