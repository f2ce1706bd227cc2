import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { COMMAND_NAMES, commandNamed } from '../../../src/cli/commands';
import { completionsOf } from '../../../src/cli/completion/candidates';
import { repositoryRoot } from '../../support/paths';
import { removeFolder, temporaryFolder } from '../../support/temporary';

const COMPOSE = `services:
  web: { image: web, profiles: [] }
  db: { image: db }
  adminer: { image: adminer, profiles: [tools] }
`;

const COMMANDS = `environments:
  dev:
    files: [compose.yaml]
    commands: { migrate: { service: web, run: alembic upgrade head } }
  test:
    files: [compose.yaml]
    project: commands-test
    commands: { unit: { kind: test, service: web, run: pytest }, seed: { kind: setup, run: ./seed } }
`;

describe('what a shell is told to offer', () => {
  let root: string;
  before(() => {
    root = temporaryFolder('completion');
    const write = (file: string, text: string) => {
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    };
    write('shop/compose.yaml', COMPOSE);
    write('shop/compose.test.yaml', 'services:\n  seed: { image: seed }\n');
    write('one/compose.yaml', COMPOSE);
    write('broken/compose.yaml', 'services: [');
    write('commands/compose.yaml', COMPOSE);
    write('commands/berth.yaml', COMMANDS);
    fs.mkdirSync(path.join(root, 'empty'));
  });
  after(() => removeFolder(root));

  /** What is offered in a folder, the last word being the one under the cursor: `dev test :files`. */
  const offered = async (folder: string, ...words: string[]) => {
    const place = { workingFolder: path.join(root, folder), productFolder: repositoryRoot };
    const { candidates, paths } = await completionsOf(words, place);
    return [...candidates.map(({ value }) => value), ...(paths ? [`:${paths}`] : [])].join(' ');
  };

  it('is every command, with what it does', async () => {
    assert.equal(await offered('shop', ''), [...COMMAND_NAMES, 'help'].join(' '));
    assert.equal(await offered('shop', 're'), 'restart recreate rebuild remove reset redis');
    assert.equal(await offered('shop', 'help', 'sta'), 'status stats start');
    assert.equal(await offered('shop', 'help', 'up', ''), '');
    const { candidates } = await completionsOf(['u'], { workingFolder: root, productFolder: repositoryRoot });
    assert.deepEqual(candidates[0], { value: 'up', meaning: commandNamed('up').summary });
  });

  it('is the options that a command takes, each once', async () => {
    assert.equal(await offered('shop', 'down', '--v'), '--volumes --verbose');
    assert.equal(await offered('shop', 'down', '-v', '--v'), '--verbose');
    assert.equal(await offered('shop', 'shell', '--i'), '--index');
    assert.equal(await offered('shop', 'shell', '--index', '2', ''), 'dev test');
    assert.equal(await offered('shop', 'up', '--profile', 'tools', '--pro'), '--profile');
    assert.equal(await offered('shop', '--v'), '--version');
    assert.equal(await offered('shop', 'envs', '--', '--j'), '');
  });

  it('is environments, also after a comma, and then the services of those', async () => {
    assert.equal(await offered('shop', 'up', ''), 'dev test');
    assert.equal(await offered('shop', 'up', 'dev,'), 'dev,test');
    assert.equal(await offered('shop', '--verbose', 'up', 'dev', ''), 'adminer db web');
    assert.equal(await offered('shop', 'compare', 'dev', ''), 'test');
    assert.equal(await offered('shop', 'up', 'test', 'web', ''), 'adminer db seed');
    assert.equal(await offered('shop', 'up', 'dev,test', 's'), 'seed');
    assert.equal(await offered('shop', 'stop', '--all', ''), 'adminer db seed web');
    assert.equal(await offered('shop', 'reset', 'dev', ''), '');
    assert.equal(await offered('shop', 'shell', 'dev', 'web', ''), '');
    assert.equal(await offered('shop', 'logs', 'dev', '--', ''), 'adminer db web');
  });

  it('is services, too, where there is only one environment', async () => {
    assert.equal(await offered('one', 'logs', ''), 'dev adminer db web');
    assert.equal(await offered('one', 'logs', 'web', ''), 'adminer db');
    assert.equal(await offered('one', 'shell', 'web', ''), '');
    assert.equal(await offered('one', 'reset', ''), 'dev');
  });

  it('is commands of an environment, for what runs them', async () => {
    assert.equal(await offered('commands', 'run', 'dev', ''), 'migrate adminer db web');
    assert.equal(await offered('commands', 'run', 'test', 'u'), 'unit');
    assert.equal(await offered('commands', 'test', 'test', ''), 'unit');
    assert.equal(await offered('commands', 'exec', 'dev', 'm'), '');
    const place = { workingFolder: path.join(root, 'commands'), productFolder: repositoryRoot };
    const { candidates } = await completionsOf(['run', 'dev', 'm'], place);
    assert.deepEqual(candidates, [{ value: 'migrate', meaning: 'alembic upgrade head' }]);
  });

  it('fits what a command takes', async () => {
    assert.equal(await offered('shop', 'scale', 'dev', 'w'), 'web=');
    assert.equal(await offered('shop', 'cp', 'dev', 'w'), 'web: :files');
    assert.equal(await offered('shop', 'redis', ''), 'info flush');
    assert.equal(await offered('shop', 'redis', 'info', ''), 'dev test');
    assert.equal(await offered('shop', 'init', ''), ':folders');
    assert.equal(await offered('shop', 'completion', ''), 'bash zsh fish');
    assert.equal(await offered('shop', 'exec', 'dev', ''), 'adminer db web');
    assert.equal(await offered('shop', 'exec', 'dev', 'web', '--', ''), '');
  });

  it('is values of options, as words of their own and after an equals sign', async () => {
    assert.equal(await offered('shop', 'up', 'dev', '--profile', ''), 'tools');
    assert.equal(await offered('shop', 'up', 'dev', '--profile=t'), '--profile=tools');
    assert.equal(await offered('shop', 'up', 'dev', '--profile', '=', 't'), 'tools');
    assert.equal(await offered('shop', 'test', 'dev', '--service', 'w'), 'web');
    assert.equal(await offered('shop', 'init', '--template', ''), 'postgres-redis');
    assert.equal(await offered('shop', 'db', '--file', ''), ':files');
    assert.equal(await offered('shop', '-C', ''), ':folders');
    assert.equal(await offered('shop', 'logs', '--tail', 'a'), 'all');
    assert.equal(await offered('shop', 'shell', '--user', ''), '');
  });

  it('goes by the folder that -C names, and by none where there is nothing', async () => {
    assert.equal(await offered('empty', '-C', '../shop', 'up', ''), 'dev test');
    assert.equal(await offered('empty', 'up', ''), '');
    assert.equal(await offered('empty', '-C', 'nowhere', 'up', ''), '');
    assert.equal(await offered('broken', 'up', 'dev', ''), '');
    assert.equal(await offered('shop', 'frobnicate', ''), '');
  });
});
