import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DECLARATION_SCHEMA } from '../../../../src/core/discovery/declarationSchema';
import { Discovery } from '../../../../src/core/discovery/discover';
import { repositoryRoot } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const WHOLE = 'services: { db: { image: postgres } }';

describe('berth.yaml', () => {
  let root: string;
  beforeEach(() => {
    root = path.join(temporaryFolder('declaration'), 'repo');
    write('compose.yaml', WHOLE);
    write('compose.test.yaml', 'services: { db: { ports: [5433:5432] } }');
  });
  afterEach(() => removeFolder(path.dirname(root)));

  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  const relative = (file: string) => path.relative(root, file).replaceAll(path.sep, '/');
  const discovered = async () => {
    const { environments, problems } = await new Discovery(root, {}).discover();
    return {
      environments: environments.map(({ definition }) => definition),
      names: environments.map(({ definition }) => `${definition.name} ${definition.origin} ${definition.purpose}`),
      problems: problems.map(
        ({ message, remedy, place }) =>
          `${relative(place?.file ?? '')}:${place?.line}:${place?.column} ${message} ${remedy}`,
      ),
    };
  };

  it('is read, and a berth.yml beside it is not, which is said once', async () => {
    write('berth.yaml', 'environments:\n  dev: { project: one }\n');
    write('berth.yml', 'environments:\n  qa: { project: two }\n  dev: { wrong: 1 }\n');
    write('other/compose.yaml', WHOLE);
    write('other/berth.yml', 'environments:\n  demo: {}\n');
    const { names, problems } = await discovered();
    assert.deepEqual(names, ['dev declared development', 'test inferred test', 'other/demo declared other']);
    assert.deepEqual(problems, [
      'berth.yml:undefined:undefined berth.yml is not read: there is a berth.yaml beside it. Put all into berth.yaml, and remove this file.',
    ]);
  });

  it('declares environments, before all that is found', async () => {
    write('.env.test', '');
    write('Makefile', 'test:\n\tdocker compose -f compose.yaml -f compose.test.yaml -p made up\n');
    write(
      'berth.yaml',
      `environments:
  dev: {}
  qa:
    files: [compose.yaml, compose.test.yaml]
    envFiles: [.env.test]
    project: shop-qa
    profiles: [mail]
    context: build-server
    purpose: test
    ephemeral: true
`,
    );
    const { environments, names, problems } = await discovered();
    assert.deepEqual(problems, []);
    assert.deepEqual(names, ['dev declared development', 'qa declared test', 'test observed test']);
    const [dev, qa] = environments;
    assert.deepEqual([dev?.files.map(relative), dev?.projectName], [['compose.yaml'], undefined]);
    assert.deepEqual(
      [qa?.files.map(relative), qa?.envFiles.map(relative), qa?.projectName, qa?.profiles, qa?.context],
      [['compose.yaml', 'compose.test.yaml'], ['.env.test'], 'shop-qa', ['mail'], 'build-server'],
    );
    assert.deepEqual(
      qa?.knowledge?.evidence.map(({ label, place }) => `${label}:${place.line}`),
      ['berth.yaml:3'],
    );
  });

  it('an environment that is also found is shown once, with what both say', async () => {
    write('Makefile', 'up-test:\n\tdocker compose -f compose.yaml -f compose.test.yaml -p made up\n');
    write('berth.yaml', 'environments:\n  t:\n    files: [compose.yaml, compose.test.yaml]\n    purpose: test\n');
    const { environments, names } = await discovered();
    assert.deepEqual(names, ['dev inferred development', 't declared test']);
    assert.deepEqual(
      environments[1]?.knowledge?.evidence.map(({ label }) => label),
      ['berth.yaml', 'make up-test'],
    );
    assert.equal(environments[1]?.projectName, 'made');
  });

  it('in a folder below declares what is there', async () => {
    write('shop/compose.yaml', WHOLE);
    write('shop/berth.yml', 'environments:\n  live: { purpose: production }\n');
    assert.deepEqual((await discovered()).names, [
      'dev inferred development',
      'test inferred test',
      'shop/live declared production',
    ]);
  });

  it('declares the user of a command by name or number', async () => {
    write(
      'berth.yaml',
      'environments:\n  dev: { commands: { a: { run: x, service: db, user: 0 }, b: { run: x, service: db, user: a:b } } }\n',
    );
    const { environments, problems } = await discovered();
    assert.deepEqual(problems, []);
    const users = environments[0]?.knowledge?.commands.map(({ user }) => user);
    assert.deepEqual(users, ['0', 'a:b']);
  });

  it('with mistakes says each with its place and what is expected, and the rest holds', async () => {
    write(
      'berth.yaml',
      `environment: {}
environments:
  dev:
    file: [compose.yaml]
  test:
    files: compose.test.yaml
  "a b": {}
  x:
    purpose: testing
    ephemeral: 'yes'
    startup: []
    commands:
      go: { service: 5 }
  y:
    project: Shop!
    profiles:
  z:
    files: [gone.yaml]
    envFiles: [.env.gone]
  good: { files: [compose.yaml] }
`,
    );
    const { names, problems } = await discovered();
    assert.deepEqual(problems, [
      'berth.yaml:1:1 There is no key "environment" here. Known are: environments, checks, services.',
      'berth.yaml:4:5 There is no key "file" here. Known are: files, envFiles, project, projectDirectory, profiles, context, purpose, ephemeral, checks, startup, commands.',
      'berth.yaml:6:5 "files" is a text. It has to be a list.',
      'berth.yaml:7:3 "a b" is no name. Use letters, digits, dots, dashes and underscores; begin with a letter or a digit.',
      'berth.yaml:9:5 "purpose" can\'t be "testing". It has to be one of: development, test, ci, production, other.',
      'berth.yaml:10:5 "ephemeral" is a text. It has to be true or false.',
      'berth.yaml:13:7 The key "run" is missing. Add it.',
      'berth.yaml:13:13 "service" is a number. It has to be a text.',
      'berth.yaml:15:5 "project" can\'t be "Shop!". Use small letters, digits, dashes and underscores; begin with a letter or a digit.',
      'berth.yaml:16:5 "profiles" is empty. It has to be a list.',
      'berth.yaml:18:13 There is no file gone.yaml. Make it, or correct its path: paths start at the folder of this file.',
      'berth.yaml:19:16 There is no file .env.gone. Make it, or correct its path: paths start at the folder of this file.',
    ]);
    assert.ok(names.includes('good declared other'));
  });

  it('with the code of a check misspelt says which one is close', async () => {
    write('berth.yaml', 'checks:\n  same-prot: "off"\n  nothing-like-it: info\n');
    const { problems } = await discovered();
    assert.deepEqual(problems, [
      'berth.yaml:2:3 There is no key "same-prot" here. Write "same-port", if that is meant.',
      'berth.yaml:3:3 There is no key "nothing-like-it" here. Correct it: docs/checks.md lists what there is, and editors complete it.',
    ]);
  });

  it('that is no YAML, empty, a folder or a circle breaks nothing', async () => {
    const first = async (text: string) => {
      write('berth.yaml', text);
      const { names, problems } = await discovered();
      assert.deepEqual(names, ['dev inferred development', 'test inferred test']);
      return problems[0];
    };
    assert.match((await first('environments: [')) ?? '', /^berth\.yaml:1:\d+ Invalid YAML: .*\. Correct it\.$/);
    assert.equal(await first(''), 'berth.yaml:1:1 The key "environments" is missing. Add it.');
    assert.match((await first('- a')) ?? '', /is a list\. It has to be keys with values/);
    assert.match((await first('environments: &a { dev: *a }')) ?? '', /berth\.yaml:1/);
    assert.match((await first('environments: *nope')) ?? '', /Invalid YAML: .*nope/);
    fs.rmSync(path.join(root, 'berth.yaml'));
    fs.mkdirSync(path.join(root, 'berth.yaml'));
    const [unreadable] = (await discovered()).problems;
    assert.match(unreadable ?? '', /berth\.yaml can't be read: it is no file\./);
  });

  it('is as the documentation shows it by example', async () => {
    const page = fs.readFileSync(path.join(repositoryRoot, 'docs/environments.md'), 'utf8');
    const [, example = ''] = /^```yaml\n(.*?)^```/ms.exec(page) ?? [];
    write('berth.yaml', example);
    for (const file of ['compose.dev.yaml', '.env', '.env.dev']) write(file, '');
    const { names, problems } = await discovered();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      names.filter((name) => name.includes('declared')),
      ['dev declared development', 'test declared test', 'staging declared other'],
    );
    for (const key of Object.keys(DECLARATION_SCHEMA.definitions.environment.properties)) {
      assert.match(example, new RegExp(`^ +${key}:`, 'm'), `${key} is shown`);
    }
  });

  it('has a published schema, which is the one that it is checked by', () => {
    const file = path.join(repositoryRoot, 'schemas/berth.schema.json');
    const text = `${JSON.stringify(DECLARATION_SCHEMA, undefined, 2)}\n`;
    if (process.env.BERTH_UPDATE_DOCS) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    assert.equal(fs.readFileSync(file, 'utf8'), text, 'BERTH_UPDATE_DOCS=1 npm test -- unit makes it anew');
  });
});
