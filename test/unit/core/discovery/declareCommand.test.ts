import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { declareCommand, withCommand } from '../../../../src/core/discovery/declareCommand';
import { discoverEnvironments } from '../../../../src/core/discovery/discover';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const DECLARED = `# Ours.
environments:
  # For the tests.
  test:
    files: [compose.yaml]   # one file
    commands:
      test: { kind: test, run: "npm test" }
`;

describe('a command that is declared', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder('declare-command');
    fs.writeFileSync(path.join(folder, 'compose.yaml'), 'services: { web: { image: web } }\n');
    fs.writeFileSync(path.join(folder, 'compose.test.yaml'), 'services: { web: { environment: { A: b } } }\n');
  });
  after(() => removeFolder(folder));
  const definitions = async () => (await discoverEnvironments(folder)).map(({ definition }) => definition);
  const testOne = async () => {
    const definition = (await definitions()).find(({ name }) => name === 'test');
    assert.ok(definition);
    return definition;
  };

  it('is added beside what there is, with all comments where they were', async () => {
    const { text, name } = await withCommand(DECLARED, await testOne(), {
      kind: 'test',
      run: 'pytest -q',
      service: 'web',
    });
    assert.equal(name, 'test-2');
    assert.equal(text, `${DECLARED}      test-2:\n        kind: test\n        run: pytest -q\n        service: web\n`);
    await assert.rejects(withCommand('a: [', await testOne(), { kind: 'test', run: 'x' }), /Invalid YAML/);
  });

  it('is written into a berth.yaml that is made for it, and into the same one then, and is found there', async () => {
    const command = { kind: 'test', run: 'pytest -q', service: 'web', newContainer: true } as const;
    const made = await declareCommand(await testOne(), await definitions(), command);
    const file = path.join(folder, 'berth.yaml');
    const lineOf = (text: string) => fs.readFileSync(file, 'utf8').split('\n').indexOf(text) + 1;
    const { line } = made.place;
    assert.deepEqual(made, { place: { file, line }, environment: 'test', command: 'test' });
    assert.equal(line, lineOf('    commands:'));
    const { place } = await declareCommand(await testOne(), await definitions(), { kind: 'setup', run: './seed' });
    assert.equal(place.line, lineOf('      setup:'));
    const found = (await testOne()).knowledge?.commands ?? [];
    assert.deepEqual(found[0], {
      ...{ name: 'test', kind: 'test', command: ['pytest', '-q'], service: 'web', inNewContainer: true },
    });
    assert.deepEqual([found[1]?.name, found[1]?.directory], ['setup', folder]);
    assert.deepEqual(
      (await definitions()).map(({ name }) => name),
      ['dev', 'test'],
    );
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.includes('part')),
      [],
    );
  });

  it('is added to what stands on one line, too, and to an environment without commands', async () => {
    const flow = 'environments: { test: { files: [compose.yaml] } } # all\n';
    const { text } = await withCommand(flow, await testOne(), { kind: 'test', run: 'x' });
    assert.equal(
      text,
      'environments: { test: { files: [compose.yaml], commands: { test: { kind: test, run: x } } } } # all\n',
    );
    const block =
      'environments:\n  test:\n    files: [compose.yaml] # one\n\n  # Another.\n  dev: { files: [compose.yaml] }\n';
    const added = await withCommand(block, await testOne(), { kind: 'test', run: 'x' });
    assert.equal(
      added.text,
      block.replace(' # one\n', ' # one\n    commands:\n      test:\n        kind: test\n        run: x\n'),
    );
  });

  it('declares the environment that is not declared yet', async () => {
    const { text } = await withCommand('environments:\n  dev: { files: [compose.yaml] }\n', await testOne(), {
      kind: 'test',
      run: 'x',
    });
    assert.match(text, /^ {2}test:\n {4}files:\n/m);
  });
});
