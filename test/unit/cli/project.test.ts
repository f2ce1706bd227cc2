import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseCommandLine } from '../../../src/cli/commandLine';
import type { CommandContext } from '../../../src/cli/commands/command';
import { checkServices, chooseEnvironment, nextCommand, openProject, typedWith } from '../../../src/cli/project';
import { UserError } from '../../../src/core/common/errors';
import { EngineFeed } from '../../../src/core/engine/engineFeed';
import { EnvironmentStore } from '../../../src/core/environmentStore';
import { withTemporaryFolder } from '../../support/temporary';
import { environment, folder, service } from './examples';

function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert(error instanceof UserError && error.kind === 'usage', String(error));
    return `${error.message} ${error.details.remedy}`;
  }
  assert.fail('nothing was thrown');
}

describe('the environment that is meant', () => {
  const [dev, test, e2e] = [environment('dev'), environment('test'), environment('e2e')];

  it('is the only one when none is named', () => {
    assert.equal(chooseEnvironment([dev], undefined, folder), dev);
    assert.match(
      complaint(() => chooseEnvironment([dev, test], undefined, folder)),
      /Which environment\? Environments here: dev, test\./,
    );
  });

  it('goes by its name before its purpose', () => {
    assert.equal(chooseEnvironment([dev, test, e2e], 'test', folder), test);
    assert.equal(chooseEnvironment([dev, test], 'development', folder), dev);
    assert.match(
      complaint(() => chooseEnvironment([dev, test, e2e], 'testing', folder)),
      /"testing" can mean several environments: test, e2e\./,
    );
  });

  it('is suggested when the name is mistyped', () => {
    assert.match(
      complaint(() => chooseEnvironment([dev, test], 'tset', folder)),
      /no environment "tset"\. Did you mean test\? Environments here: dev, test\./,
    );
  });

  it('can be made where there is none', () => {
    assert.match(
      complaint(() => chooseEnvironment([], 'dev', folder)),
      /no compose files here\. "berth init"/,
    );
  });

  it('has the services that are named', () => {
    const shop = environment('dev', { services: [service('web'), service('db')] });
    checkServices(shop, ['db', 'web']);
    assert.match(
      complaint(() => checkServices(shop, ['db', 'wbe'])),
      /no service "wbe"\. Did you mean web\? It has: db, web\./,
    );
  });
});

describe('the folder that is searched', () => {
  /** Opens the project as from `workingFolder`, and gives the folder found as seen from `root`. */
  async function open(root: string, workingFolder: string, ...args: string[]): Promise<string> {
    const line = parseCommandLine(['envs', ...args]);
    assert(line.kind === 'command');
    const unreachable = new EngineFeed({ connect: () => Promise.reject(new Error('no engine in this test')) });
    const store = new EnvironmentStore({
      feedFor: () => unreachable,
      targetOf: async () => ({ engine: 'none' }),
      resolve: () => assert.fail('Compose was asked, although nobody wanted to know'),
    });
    try {
      const context = { berth: { store }, options: line.options, workingFolder: path.join(root, workingFolder) };
      return path.relative(root, await openProject(context as CommandContext));
    } finally {
      store.dispose();
      unreachable.dispose();
    }
  }

  function write(root: string, ...files: string[]): void {
    for (const file of files) {
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), 'services: {}\n');
    }
  }

  it('is the current one when it has environments, also further down', () =>
    withTemporaryFolder('cli', async (root) => {
      write(root, 'compose.yaml', 'app/deploy/compose.yaml');
      assert.equal(await open(root, 'app'), 'app');
    }));

  it('is the nearest one above it with a compose file', () =>
    withTemporaryFolder('cli', async (root) => {
      write(root, 'compose.yaml', 'src/web/index.txt');
      assert.equal(await open(root, 'src/web'), '');
    }));

  it('is never one of another project beside it', () =>
    withTemporaryFolder('cli', async (root) => {
      write(root, 'other/compose.yaml', 'mine/src/index.txt');
      assert.equal(await open(root, 'mine/src'), path.join('mine', 'src'));
    }));

  it('is, in a repository, the nearest one up to its top that has environments anywhere', () =>
    withTemporaryFolder('cli', async (root) => {
      write(root, 'compose.yaml', 'repo/.git/HEAD', 'repo/deploy/compose.yaml', 'repo/src/web/index.txt');
      assert.equal(await open(root, 'repo/src/web'), 'repo');
      fs.rmSync(path.join(root, 'repo/deploy'), { recursive: true });
      assert.equal(await open(root, 'repo/src/web'), path.join('repo', 'src', 'web'));
    }));

  it('is the one asked for, and no other', () =>
    withTemporaryFolder('cli', async (root) => {
      write(root, 'compose.yaml', 'empty/index.txt', 'app/compose.yaml');
      assert.equal(await open(root, 'app', '-C', '../empty'), 'empty');
      await assert.rejects(open(root, 'app', '-C', 'nowhere'), /There is no folder "nowhere"/);
      await assert.rejects(open(root, '', '-C', 'compose.yaml'), /There is no folder/);
    }));
});

describe('a command to type next', () => {
  it('means the same folder', () => {
    const context = (...args: string[]) => {
      const line = parseCommandLine(['up', ...args]);
      assert(line.kind === 'command');
      return { options: line.options } as CommandContext;
    };
    assert.equal(nextCommand(context(), 'logs', 'dev', 'web'), 'berth logs dev web');
    assert.equal(nextCommand(context('-C', 'my shop'), 'down', 'dev'), 'berth -C "my shop" down dev');
  });

  it('is what was typed with one more option, in its place', () => {
    const typed = (...words: string[]) => typedWith({ typed: words } as unknown as CommandContext, '--yes');
    assert.equal(typed('-C', 'my shop', 'reset', 'dev'), 'berth -C "my shop" reset dev --yes');
    assert.equal(typed('kill', 'dev', '--', '-web'), 'berth kill dev --yes -- -web');
    assert.equal(typed('cp', 'dev', 'web:/$a', "it's"), `berth cp dev 'web:/$a' "it's" --yes`);
  });
});
