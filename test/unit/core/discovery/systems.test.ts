import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { withConflicts } from '../../../../src/core/discovery/conflicts';
import { Discovery } from '../../../../src/core/discovery/discover';
import { commandsOf } from '../../../../src/core/model/command';
import { repositoryRoot } from '../../../support/paths';
import { textOnly } from '../support/examples';

const workspaces = path.join(repositoryRoot, 'test', 'workspaces');
const systems = fs.readdirSync(workspaces).flatMap((name) => /^(.+)\.expected\.json$/.exec(name)?.[1] ?? []);

/** Without any configuration, each reference system shows what its team runs: what stands beside it was written by hand. */
describe('the environments of the reference systems', () => {
  it('are those of five', () => assert.equal(systems.length, 5));

  for (const system of systems) {
    it(system, async () => {
      const root = path.join(workspaces, system);
      const { environments: inText, problems } = await new Discovery(root, {}).discover();
      const environments = withConflicts(inText.map((one) => ({ ...one, resolution: textOnly(one) })));
      const relative = (file: string) => path.relative(root, file).replaceAll(path.sep, '/') || '.';
      const found = environments.map(({ definition, servicesInText }) => ({
        name: definition.name,
        purpose: definition.purpose,
        origin: definition.origin,
        directory: relative(definition.projectDirectory),
        files: definition.files.map(relative),
        envFiles: definition.envFiles.map(relative),
        project: definition.projectName ?? definition.usualProject,
        profiles: definition.profiles,
        services: servicesInText,
        testCommands: commandsOf(definition.knowledge?.commands ?? [], 'test').map(
          ({ name, service, directory = root, command }) =>
            `${name}: ${service ?? `in ${relative(directory)}`} ${command.join(' ')}`,
        ),
        context: definition.context ?? null,
        problems: definition.knowledge?.problems.map(({ message }) => message),
      }));
      assert.deepEqual(found, JSON.parse(fs.readFileSync(`${root}.expected.json`, 'utf8')));
      assert.deepEqual(problems, []);
    });
  }
});
