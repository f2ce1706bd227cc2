import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Discovery } from '../../../../src/core/discovery/discover';
import { declarationText, writeDeclaration } from '../../../../src/core/discovery/writeDeclaration';
import { repositoryRoot } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const workspaces = path.join(repositoryRoot, 'test', 'workspaces');
const systems = fs.readdirSync(workspaces).flatMap((name) => /^(.+)\.expected\.json$/.exec(name)?.[1] ?? []);

describe('a berth.yaml of what was found', () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder('declare');
  });
  afterEach(() => removeFolder(root));

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
  };
  const discovered = async () => {
    const { environments } = await new Discovery(root, {}).discover();
    return environments.map(({ definition }) => definition);
  };

  for (const system of systems) {
    it(`gives the environments of ${system} again`, async () => {
      fs.cpSync(path.join(workspaces, system), root, { recursive: true });
      const before = await discovered();
      await writeDeclaration(root, before);
      const after = await discovered();
      assert.ok(after.every(({ origin }) => origin === 'declared'));
      // What told them is not what they are.
      const facts = ({ knowledge, origin, usualProject, ...rest }: (typeof after)[number]) => ({
        ...rest,
        projectName: rest.projectName ?? usualProject,
        tests: knowledge?.commands.map(({ service, command }) => ({ service, command })),
      });
      assert.deepEqual(after.map(facts), before.map(facts));
    });
  }

  it('says where each environment comes from, and only what Berth can not know by itself', async () => {
    write({
      'compose.yaml': 'services: { web: { image: nginx } }',
      'compose.e2e.yaml': 'services: { web: { ports: ["80"] } }',
      'ci.env': '',
      Makefile: [
        'up:',
        '\tdocker compose up -d',
        'e2e-test:',
        '\tdocker compose -p browser -f compose.yaml -f compose.e2e.yaml --env-file ci.env --profile tools up -d',
        '\tdocker compose -p browser -f compose.yaml -f compose.e2e.yaml --env-file ci.env --profile tools exec -u app web npm test',
        '',
      ].join('\n'),
    });
    const text = await declarationText(root, await discovered());
    assert.equal(
      text,
      [
        '# The environments of this project, as Berth found them. Paths start at the folder of this file.',
        '',
        'environments:',
        '  # run by make up (Makefile:2)',
        '  dev:',
        '    files:',
        '      - compose.yaml',
        '  # run by make e2e-test (Makefile:4)',
        '  e2e:',
        '    files:',
        '      - compose.yaml',
        '      - compose.e2e.yaml',
        '    envFiles:',
        '      - ci.env',
        '    project: browser',
        '    profiles:',
        '      - tools',
        '    commands:',
        '      e2e-test:',
        '        kind: test',
        '        service: web',
        '        run:',
        '          - npm',
        '          - test',
        '        user: app',
        '',
      ].join('\n'),
    );
  });

  it('is never written over another one', async () => {
    write({ 'compose.yaml': 'services: { web: { image: nginx } }', 'berth.yml': '# mine' });
    await assert.rejects(writeDeclaration(root, await discovered()), { kind: 'usage' });
    assert.equal(fs.readFileSync(path.join(root, 'berth.yml'), 'utf8'), '# mine');
    assert.equal(fs.existsSync(path.join(root, 'berth.yaml')), false);
  });
});
