// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import type { CheckedEnvironment } from '../../../../src/core/checks/check';
import { anotherPort, portEdits } from '../../../../src/core/checks/portEdit';
import { applyEdits } from '../../../../src/core/compose/composeEdit';
import { ComposeSource } from '../../../../src/core/compose/composeSource';
import { EnvFileSource } from '../../../../src/core/compose/envFileSource';
import { definition } from '../support/examples';

interface Written {
  readonly isForAll?: boolean;
  /** Ports of the service `db`, in the order of the compose files. */
  readonly ports: readonly string[];
  readonly env?: string;
}

/** What becomes of files whose service `db` is to publish 5433 in the place of 5432: each way, as `file: text`. */
async function waysOf({ ports, env, isForAll = false }: Written, port = {}): Promise<readonly string[]> {
  const texts = new Map(ports.map((text, index) => [`/app/${index}.yaml`, `services:\n  db:\n    ports: ${text}\n`]));
  if (env !== undefined) texts.set('/app/.env', env);
  const environment: CheckedEnvironment = {
    definition: definition({ projectDirectory: '/app' }),
    isOnCiOnly: false,
    warnings: [],
    sources: (
      await Promise.all(
        [...texts].filter(([file]) => file.endsWith('.yaml')).map(([file, text]) => ComposeSource.read(file, text)),
      )
    ).flat(),
    takenIn: [],
    envFiles: env === undefined ? [] : [new EnvFileSource('/app/.env', env)],
  };
  const ways = portEdits(
    environment,
    'db',
    { published: 5432, target: 5432, protocol: 'tcp', ...port },
    5433,
    isForAll,
  );
  return ways.map(({ edits }) =>
    [...new Set(edits.map(({ file }) => file))]
      .map((file) => {
        const own = edits.filter((edit) => edit.file === file);
        return `${file}: ${applyEdits(texts.get(file) ?? '', own).replace(/^services:\n {2}db:\n {4}ports: /, '')}`;
      })
      .join(''),
  );
}

describe('portEdits', () => {
  it('changes the number where it stands, and nothing else', async () => {
    assert.deepEqual(await waysOf({ ports: ['\n      - "5432:5432" # db'] }), [
      '/app/0.yaml: \n      - "5433:5432" # db\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ['[6379:6379, 5432:5432/tcp]'] }), [
      '/app/0.yaml: [6379:6379, 5433:5432/tcp]\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ["[{ target: 5432, published: '5432' }]"] }), [
      "/app/0.yaml: [{ target: 5432, published: '5433' }]\n",
    ]);
  });

  it('keeps the address, and tells apart what differs by it, by protocol or inside', async () => {
    const local = { hostIp: '127.0.0.1' };
    assert.deepEqual(await waysOf({ ports: ['["5432:5432", "127.0.0.1:5432:5432"]'] }, local), [
      '/app/0.yaml: ["5432:5432", "127.0.0.1:5433:5432"]\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ['["[::1]:5432:5432"]'] }, { hostIp: '::1' }), [
      '/app/0.yaml: ["[::1]:5433:5432"]\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ['["5432:5432/udp", "5432:5433"]'] }), []);
  });

  it('sets the variable in the env file first, and changes the default second', async () => {
    const ports = ['["${DB_PORT:-5432}:5432"]'];
    assert.deepEqual(await waysOf({ ports }), [
      '/app/.env: DB_PORT=5433\n',
      '/app/0.yaml: ["${DB_PORT:-5433}:5432"]\n',
    ]);
    assert.deepEqual(await waysOf({ ports, env: 'A=1\r\nDB_PORT="5432" # ours\r\n' }), [
      '/app/.env: A=1\r\nDB_PORT=5433 # ours\r\n',
    ]);
    // What counts is another value, which the shell has.
    assert.deepEqual(await waysOf({ ports, env: 'DB_PORT=7777\n' }), []);
  });

  it('changes the default first where all are to have another port, and there is no env file that they have', async () => {
    const ports = ['["${DB_PORT:-5432}:5432"]'];
    assert.deepEqual(await waysOf({ ports, isForAll: true }), [
      '/app/0.yaml: ["${DB_PORT:-5433}:5432"]\n',
      '/app/.env: DB_PORT=5433\n',
    ]);
    assert.deepEqual(await waysOf({ ports, env: 'A=1\n', isForAll: true }), [
      '/app/.env: A=1\nDB_PORT=5433\n',
      '/app/0.yaml: ["${DB_PORT:-5433}:5432"]\n',
    ]);
  });

  it('does not change a variable that also is the port inside', async () => {
    assert.deepEqual(await waysOf({ ports: ['["${DB_PORT:-5432}:${DB_PORT:-5432}"]'] }), [
      '/app/0.yaml: ["${DB_PORT:-5433}:${DB_PORT:-5432}"]\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ['["$DB_PORT:$DB_PORT"]'], env: 'DB_PORT=5432\n' }), []);
  });

  it('changes each file of those that are put together, but not those that are replaced', async () => {
    assert.deepEqual(await waysOf({ ports: ['["5432:5432"]', '["5432:5432"]'] }), [
      '/app/1.yaml: ["5433:5432"]\n/app/0.yaml: ["5433:5432"]\n',
    ]);
    assert.deepEqual(await waysOf({ ports: ['["5432:5432"]', '!override ["5432:5432"]'] }), [
      '/app/1.yaml: !override ["5433:5432"]\n',
    ]);
  });

  it('leaves ranges alone, and what several services share', async () => {
    assert.deepEqual(await waysOf({ ports: ['["5432-5434:5432-5434"]'] }), []);
    assert.deepEqual(await waysOf({ ports: ['&p ["5432:5432"]\n  other:\n    ports: *p'] }), []);
    assert.deepEqual(await waysOf({ ports: ['&alone ["5432:5432"]'] }), ['/app/0.yaml: &alone ["5433:5432"]\n']);
  });

  it('finds nothing in what is half typed', async () => {
    for (const ports of ['', '[', '["5432:', '- 5432:5432', '{ a: b }', 'null', '[~, {}]']) {
      assert.deepEqual(await waysOf({ ports: [ports] }), [], ports);
    }
  });
});

describe('anotherPort', () => {
  it('is the next one that is free; of those of the administrator, one that everybody may open', () => {
    assert.equal(
      anotherPort(5432, (port) => port < 5435),
      5435,
    );
    assert.equal(
      anotherPort(80, () => false),
      8080,
    );
    assert.equal(
      anotherPort(65_535, () => false),
      undefined,
    );
  });
});
