import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../support/paths';
import { berth } from './support/berthCommand';
import { copySystem, SYSTEMS } from './support/systems';

interface EnvironmentJson extends Readonly<Record<'name' | 'purpose' | 'origin' | 'directory' | 'project', string>> {
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly services: readonly { readonly name: string }[];
  readonly testCommands: readonly {
    readonly name: string;
    readonly service?: string;
    readonly directory?: string;
    readonly command: readonly string[];
  }[];
  readonly context?: string;
}

/** What `berth envs --json` says of each reference system, held against what was written by hand beside its workspace. */
describe('berth envs --json', () => {
  for (const system of SYSTEMS) {
    it(`of ${system}`, async () => {
      const folder = copySystem(system, {}, []);
      try {
        const root = fs.realpathSync(folder.path(system));
        for (const name of fs.readdirSync(root, { recursive: true, encoding: 'utf8' })) {
          // What each of the team has copied.
          if (/(?:^|\/)\.env\.\w+\.example$/.test(name))
            fs.copyFileSync(path.join(root, name), path.join(root, name.slice(0, -8)));
        }
        const { exitCode, stdout, stderr } = await berth(['envs', '--json'], { cwd: root });
        assert.equal(exitCode, 0, stderr);
        const { version, environments, problems } = JSON.parse(stdout);
        assert.deepEqual([version, problems], [1, []]);
        const relative = (file: string) => path.relative(root, file).replaceAll(path.sep, '/') || '.';
        const found = (environments as EnvironmentJson[]).map((one) => ({
          ...{ name: one.name, purpose: one.purpose, origin: one.origin, directory: relative(one.directory) },
          ...{ files: one.files.map(relative), envFiles: one.envFiles.map(relative), project: one.project },
          ...{ profiles: one.profiles, services: one.services.map(({ name }) => name) },
          testCommands: one.testCommands.map(
            ({ name, service, directory = root, command }) =>
              `${name}: ${service ?? `in ${relative(directory)}`} ${command.join(' ')}`,
          ),
          context: one.context ?? null,
        }));
        const expected = path.join(repositoryRoot, 'test', 'workspaces', `${system}.expected.json`);
        // Env files are there now, and Compose has its own to say: what is wrong, the text's test compares.
        const whole: Record<string, unknown>[] = JSON.parse(fs.readFileSync(expected, 'utf8'));
        assert.deepEqual(
          found,
          whole.map(({ problems: _, ...rest }) => rest),
        );
      } finally {
        await folder.dispose();
      }
    });
  }
});
