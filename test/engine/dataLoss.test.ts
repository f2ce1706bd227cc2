import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createBerth } from '../../src/core/berth';
import { silentLog } from '../../src/core/common/log';
import type { OperationName, OperationOptions } from '../../src/core/compose/operationCalls';
import type { Belongings } from '../../src/core/model/belongings';
import { describeBelongings, isNothing, lossesOf } from '../../src/core/operations/consequences';
import type { OperationProgress } from '../../src/core/operations/operation';
import { ComposeFolder, IDLE } from './support/composeFolder';
import { OperatedFolder } from './support/operations';
import { describeEnvironment, environmentNamed } from './support/waiting';

const never = () => new AbortController().signal;

describe('what is not to be lost', () => {
  let folder: ComposeFolder;
  let core: OperatedFolder | undefined;

  async function open(files: Readonly<Record<string, string>>, ...projects: string[]): Promise<OperatedFolder> {
    folder = new ComposeFolder('keep', files);
    folder.owns(...projects.map((suffix) => `${folder.project}-${suffix}`));
    core = await OperatedFolder.open(folder);
    return core;
  }
  afterEach(async () => {
    core?.dispose();
    core = undefined;
    await folder?.dispose();
  });

  const losses = async (
    from: OperatedFolder,
    name: string,
    operation: OperationName,
    options: OperationOptions = {},
  ) => {
    const environment = environmentNamed(from.store, name);
    const connection = await from.berth.feedFor(undefined).whenConnected();
    const request = { operation, environmentId: environment.definition.id, services: [], options };
    return { request, losses: await lossesOf(request, environment, connection, { sizes: false, signal: never() }) };
  };
  const volumeExists = async (name: string) =>
    (await folder.docker('volume', 'ls', '--quiet')).split('\n').includes(name);

  it('a volume that is another environment’s, too, by its name', async () => {
    const berth = await open(
      {
        'compose.yaml': `name: PROJECT\nservices:\n  db:\n    ${IDLE}\n    volumes: ["data:/data"]\nvolumes:\n  data: { name: PROJECT-data }\n`,
        'compose.test.yaml': 'services:\n  db:\n    environment: { MODE: test }\n',
      },
      'test',
    );
    await berth.do('up', 'dev');
    await berth.do('down', 'dev');
    for (const operation of ['down', 'reset'] as const) {
      const { error } = await berth.fail(operation, 'test', { options: { volumes: true } });
      assert.match(error.message, new RegExp(`"${folder.project}-data" is also a volume of "dev"`));
    }
    assert.ok(await volumeExists(`${folder.project}-data`));
    const { losses: lost } = await losses(berth, 'test', 'reset');
    assert.match(describeBelongings(lost).join(), new RegExp(`made by project ${folder.project}\\)`), 'it is shown');
    await folder.docker('volume', 'rm', `${folder.project}-data`);
  });

  it('the data of an environment that is down, which another one has by its project or as an external volume', async () => {
    const file = (project: string, volume: string) =>
      `name: ${project}\nservices:\n  db:\n    ${IDLE}\n    volumes: ["data:/data"]\nvolumes: { data: ${volume} }\n`;
    const berth = await open(
      {
        'compose.dev.yaml': file('PROJECT', '{}'),
        'compose.test.yaml': file('PROJECT', '{}'),
        'compose.ci.yaml': file('PROJECT-ci', '{ name: PROJECT_data, external: true }'),
      },
      'ci',
      'test',
    );
    await berth.do('up', 'dev');
    await berth.do('down', 'dev');
    const refusal = async () => (await berth.fail('down', 'dev', { options: { volumes: true } })).error;
    assert.match((await refusal()).message, /_data" is also a volume of "test"/);
    folder.write('compose.test.yaml', file('PROJECT-test', '{}'));
    await berth.store.filesChanged();
    assert.match((await refusal()).message, /_data" is also a volume of "ci"/);
    assert.ok(await volumeExists(`${folder.project}_data`));
    folder.write('compose.ci.yaml', file('PROJECT-ci', '{}'));
    await berth.store.filesChanged();
    await berth.do('down', 'dev', { options: { volumes: true } });
    assert.equal(await volumeExists(`${folder.project}_data`), false);
  });

  it('what another environment has on the same engine, by another name of its context', async () => {
    const file = (variant: string) =>
      `services:\n  db:\n    ${IDLE}\n    environment: { MODE: ${variant} }\n    volumes: ["data:/data"]\nvolumes: { data: }\n`;
    const declared = (prod: string) =>
      `environments:\n  dev: { files: [compose.yaml], project: PROJECT }\n  prod: { files: [compose.prod.yaml], project: ${prod}, context: default }\n`;
    const berth = await open(
      {
        'compose.yaml': file('dev'),
        'compose.prod.yaml': file('prod'),
        'berth.yaml': declared('PROJECT'),
      },
      'prod',
    );
    const described = () =>
      [...berth.store.environments, ...berth.store.elsewhere]
        .filter(({ projectName }) => projectName?.startsWith(folder.project))
        .map(describeEnvironment);
    await berth.do('up', 'dev');
    assert.deepEqual(described(), ['dev running: db running', 'prod stopped: db stopped']);
    const { error } = await berth.fail('down', 'prod', { options: { volumes: true } });
    assert.match(error.message, /_data" is also a volume of "dev"/);
    assert.match((await berth.fail('up', 'prod')).error.message, /made anew as those of "prod"/);
    assert.ok(await volumeExists(`${folder.project}_data`));
    folder.write('berth.yaml', declared('PROJECT-prod'));
    await berth.store.filesChanged();
    await berth.do('up', 'prod');
    assert.deepEqual(described(), ['dev running: db running', 'prod running: db running'], 'each stack once');
    await berth.do('down', 'prod', { options: { volumes: true } });
    assert.deepEqual(described(), ['dev running: db running', 'prod stopped: db stopped']);
    assert.ok(await volumeExists(`${folder.project}_data`));
  });

  it('what came to be after the confirmation', async () => {
    const berth = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  db:\n    ${IDLE}\n    volumes: ["data:/data"]\nvolumes: { data: }\n`,
    });
    const { request, losses: nothing } = await losses(berth, 'dev', 'down', { volumes: true });
    assert.ok(isNothing(nothing));
    await berth.do('up');
    const run = (confirmed: Belongings) => berth.berth.operations.run({ ...request, confirmed }, () => {}, never());
    const refused = await run(nothing);
    assert.match(
      refused.kind === 'failed' ? refused.error.message : refused.kind,
      /more would go than was confirmed: .*db-1, .*_data/,
    );
    assert.equal(describeEnvironment(environmentNamed(berth.store, 'dev')), 'dev running: db running');
    const agreed = await losses(berth, 'dev', 'down', { volumes: true });
    assert.equal((await run(agreed.losses)).kind, 'done');
    assert.equal(await volumeExists(`${folder.project}_data`), false);
  });

  it('the containers of a service that another one depends on, which is scaled', async () => {
    const berth = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  worker:\n    ${IDLE}\n  web:\n    ${IDLE}\n    depends_on: [worker]\n`,
    });
    const count = () =>
      environmentNamed(berth.store, 'dev').services.map(({ name, containers }) => `${name} ${containers.length}`);
    await berth.do('up');
    await berth.do('scale', 'dev', { services: ['worker'], options: { replicas: { worker: 3 } } });
    await berth.do('scale', 'dev', { services: ['web'], options: { replicas: { web: 2 } } });
    assert.deepEqual(count(), ['web 2', 'worker 3']);
    await berth.do('scale', 'dev', { services: ['web', 'worker'], options: { replicas: { web: 1, worker: 2 } } });
    assert.deepEqual(count(), ['web 1', 'worker 2']);
  });

  it('what a profile has running, when everything is made anew', async () => {
    const berth = await open({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n  tool:\n    ${IDLE}\n    profiles: [tools]\n`,
    });
    await berth.do('up', 'dev', { options: { profiles: ['tools'] } });
    for (const operation of ['recreate', 'reset'] as const) {
      await berth.do(operation);
      assert.equal(describeEnvironment(environmentNamed(berth.store, 'dev')), 'dev running: tool running, web running');
    }
  });

  it('the order of operations on one environment that is found by two paths', async () => {
    const berth = await open({ 'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n` });
    const link = `${folder.folder}-link`;
    fs.symlinkSync(folder.folder, link);
    const other = createBerth(silentLog, 'another window');
    try {
      await other.store.setScope({ workspaceFolders: [link], trusted: true });
      await other.store.whenResolved();
      const [environment] = other.store.environments;
      assert.ok(environment);
      const progress: OperationProgress[] = [];
      const first = berth.do('up');
      const request = { operation: 'stop' as const, environmentId: environment.definition.id, services: [] };
      const second = other.operations.run(request, (told) => progress.push(told), never());
      await first;
      assert.equal((await second).kind, 'done');
      const waited = progress.find(({ kind }) => kind === 'waiting');
      assert.match(waited?.kind === 'waiting' ? (waited.holder ?? '') : '', /^up \(test, process \d+\)$/);
    } finally {
      other.dispose();
      fs.rmSync(link);
    }
  });
});
