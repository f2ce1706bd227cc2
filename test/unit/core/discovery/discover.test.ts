import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isComposeFileName, readComposeFile, referencesOf } from '../../../../src/core/discovery/composeFile';
import { discoverEnvironments } from '../../../../src/core/discovery/discover';
import { WorkspaceText } from '../../../../src/core/discovery/workspaceText';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

describe('compose files', () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder('discover');
  });
  afterEach(() => removeFolder(root));

  const write = (file: string, text = '') => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  const relative = (files: Iterable<string>) =>
    [...files].map((file) => path.relative(root, file).replaceAll(path.sep, '/')).sort();

  it('by name', () => {
    const yes = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.dev.yaml', 'compose-ci.yml'];
    yes.push('Docker-Compose.YML', 'compose.a.b.yaml', 'docker-compose_test.yml');
    const no = [
      'composer.yaml',
      'my-compose.yaml',
      'compose.json',
      'compose',
      'compose.yaml.bak',
      'docker-compose..txt',
    ];
    assert.deepEqual([...yes, ...no].filter(isComposeFileName), yes);
  });

  const findComposeFiles = async (folder: string) => {
    const text = new WorkspaceText(folder);
    await text.search();
    return text.composeFiles;
  };

  it('are found in the folder and three levels below, not in what others wrote or a build made', async () => {
    for (const folder of [
      '',
      'a/',
      'a/b/',
      'a/b/c/',
      'a/b/c/d/',
      'node_modules/',
      'a/vendor/',
      '.git/',
      '.hidden/',
      'dist/',
      'x/build/',
      '{{ template }}/',
    ]) {
      write(`${folder}compose.yaml`);
    }
    write('a/other.yaml');
    fs.mkdirSync(path.join(root, 'compose.dir.yaml'));
    const found = (await findComposeFiles(root)).map((file) => file.path);
    assert.deepEqual(relative(found), ['a/b/c/compose.yaml', 'a/b/compose.yaml', 'a/compose.yaml', 'compose.yaml']);
    assert.deepEqual(await findComposeFiles(path.join(root, 'none')), []);
  });

  it('behind links to folders are left out, so that no circle is walked', async function () {
    write('real/compose.yaml');
    try {
      fs.symlinkSync(root, path.join(root, 'real', 'circle'));
    } catch {
      this.skip();
    }
    assert.deepEqual(relative((await findComposeFiles(root)).map((file) => file.path)), ['real/compose.yaml']);
  });

  it('show variant, name, services and what they take in', async () => {
    const text = `name: ship
include:
  - shared/store.yaml
  - path: [a.yaml, "$HOME/b.yaml"]
    env_file: a.env
    project_directory: sub
services:
  web:
    extends: { file: base.yaml, service: web }
    env_file: web.env
    ports: !override ["80:80"]
  db:
    extends: { service: web }
    env_file: [db.env, { path: more.env, required: false }]
  plain:
`;
    const file = await readComposeFile(path.join(root, 'docker-compose.Dev.yml'), text);
    assert.deepEqual(
      { ...file, references: relative(referencesOf(file, root).map((reference) => reference.path)) },
      {
        path: path.join(root, 'docker-compose.Dev.yml'),
        stem: 'docker-compose',
        variant: 'dev',
        isComplete: false,
        completeServices: ['web', 'db'],
        images: new Map(),
        takesIn: true,
        lacks: false,
        hosts: new Set(),
        toldFiles: undefined,
        projectName: 'ship',
        services: ['web', 'db', 'plain'],
        readsMore: true,
        references: [
          ...['a.env', 'a.yaml', 'base.yaml', 'db.env', 'more.env'],
          ...['shared/.env', 'shared/store.yaml', 'sub/.env', 'web.env'],
        ],
      },
    );
  });

  it('that are no YAML, or something else, show nothing', async () => {
    for (const text of ['services: [', '- a', 'text', '', 'services: 5', 'services:\n  web: 5', 'a: &a [*a]']) {
      const { services, references, projectName } = await readComposeFile(path.join(root, 'compose.yaml'), text);
      assert.deepEqual([references, projectName], [[], undefined], text);
      assert.ok(services.length <= 1);
    }
  });

  describe('discoverEnvironments', () => {
    it('knows where Compose looks for what compose files take in', async () => {
      write(
        'compose.yaml',
        'include:\n  - { path: parts/db.inc, project_directory: own, env_file: inc.env }\nservices: {}\n',
      );
      write('parts/db.inc', 'services:\n  db: { image: a, env_file: db.env }\n');
      write(
        'deploy/dev.yaml',
        'services:\n  web: { image: a, env_file: dev.env, extends: { file: parts/web.yaml, service: w } }\n',
      );
      write('parts/web.yaml', 'services:\n  w: { env_file: web.env }\n');
      write('Makefile', 'dev:\n\tdocker compose -f compose.yaml -f deploy/dev.yaml up\n');
      const [dev] = await discoverEnvironments(root, { COMPOSE_ENV_FILES: 'a.env,b.env' });
      assert.deepEqual(relative(dev?.dependsOn ?? []), [
        ...['a.env', 'b.env', 'compose.yaml', 'deploy/dev.yaml', 'dev.env', 'inc.env', 'own/.env', 'own/db.env'],
        ...['parts/db.inc', 'parts/web.env', 'parts/web.yaml'],
      ]);
      assert.equal(dev?.readsMore, false);
      write('deploy/dev.yaml', 'services:\n  web: { image: a, env_file: ~/dev.env }\n');
      assert.equal((await discoverEnvironments(root))[0]?.readsMore, true);
    });

    it('knows every file that an environment depends on, however far', async () => {
      write('compose.yaml', 'include: [inner/first.yaml]\nservices:\n  web:\n    env_file: web.env\n');
      write('compose.test.yaml', 'services:\n  web: {}\n  extra: {}\n');
      write('inner/first.yaml', 'include: [second.yaml]\nservices:\n  db: {}\n');
      write('inner/second.yaml', 'include: [first.yaml, ../gone.yaml]\n');
      const found = await discoverEnvironments(root);
      const depends = Object.fromEntries(found.map((one) => [one.definition.name, relative(one.dependsOn)]));
      const shared = ['compose.yaml', 'gone.yaml', 'inner/.env', 'inner/first.yaml', 'inner/second.yaml', 'web.env'];
      assert.deepEqual(depends, {
        dev: ['.env', ...shared],
        test: ['.env', 'compose.test.yaml', ...shared],
      });
      assert.deepEqual(
        found.map((one) => one.servicesInText),
        [['web'], ['extra', 'web']],
      );
    });

    it('takes the project name from .env, as Compose does', async () => {
      write('compose.yaml');
      write('compose.test.yaml');
      write('.env', '# comment\nexport A=1\nCOMPOSE_PROJECT_NAME="boat"\n');
      const names = (await discoverEnvironments(root)).map((one) => one.definition.projectName);
      assert.deepEqual(names, [undefined, 'boat-test']);
    });

    it('finds nothing in an empty folder, or one that is gone', async () => {
      assert.deepEqual(await discoverEnvironments(root), []);
      assert.deepEqual(await discoverEnvironments(path.join(root, 'gone')), []);
    });
  });
});
