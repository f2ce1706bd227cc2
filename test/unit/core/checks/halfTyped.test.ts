import assert from 'node:assert/strict';
import { ALL_CHECKS } from '../../../../src/core/checks/allChecks';
import { runChecks } from '../../../../src/core/checks/runChecks';
import { parseProject } from '../../../../src/core/compose/resolve';
import { folder } from '../../cli/examples';
import { checkedEnvironment, checkFacts } from '../support/checks';

/** A file that has a bit of everything, and what Compose says of it when it is complete. */
const FILE = `version: "3.8"
x-app: &app
  image: shop
  depends_on: [db, cache]
  logging: &logging { driver: json-file }
services:
  web:
    <<: *app
    ports: ["8080:80", *port]
    healthcheck:
      test: ["CMD", "curl", "http://localhost:8080", "||", "exit"]
      disable: true
  db:
    image: postgres
    ports: &ports
      - 5432:5432
      - { target: 5432, published: "5433" }
      - target: 5432
        published: 5434
    healthcheck: { test: ["CMD", "curl localhost"], interval: 5s }
    volumes:
      - ./init.sql:/docker-entrypoint-initdb.d
      - /var/run/docker.sock:/var/run/docker.sock
      - { type: bind, source: ./gone, target: /gone }
  cache: { image: redis, ports: *ports, privileged: true }
  worker:
    depends_on:
    - db # first
    - cache
    deploy: { replicas: 2
    }
secrets: { key: { file: ./key } }
`;

const bind = (source: string, target: string) => ({ type: 'bind', source, target, bind: { create_host_path: true } });
const port = (target: number, published: string) => ({ mode: 'ingress', target, published, protocol: 'tcp' });
const started = { condition: 'service_started', required: true };
const CONFIG = {
  name: 'shop',
  services: {
    web: {
      image: 'shop',
      depends_on: { db: started, cache: started },
      ports: [port(80, '8080')],
      healthcheck: { test: ['CMD', 'curl', 'http://localhost:8080', '||', 'exit'] },
      secrets: [{ source: 'key' }],
    },
    db: {
      image: 'postgres',
      ports: [port(5432, '5432'), port(5432, '5433')],
      healthcheck: { test: ['CMD', 'curl localhost'] },
      volumes: [
        bind(`${folder}/init.sql`, '/docker-entrypoint-initdb.d'),
        bind('/var/run/docker.sock', '/var/run/docker.sock'),
        bind(`${folder}/gone`, '/gone'),
      ],
    },
    cache: { image: 'redis', ports: [port(6379, '6379')], privileged: true },
    worker: {
      image: 'worker',
      depends_on: { db: started, cache: { condition: 'service_healthy', required: true } },
    },
  },
  secrets: { key: { file: `${folder}/key` } },
};

describe('checks of half-typed files', () => {
  const project = parseProject(JSON.stringify(CONFIG));

  async function check(text: string, isKnown: boolean, purpose: 'development' | 'production') {
    const plain = await checkedEnvironment(text, isKnown ? { project } : {});
    const one = { ...plain, definition: { ...plain.definition, purpose } };
    const kindOf = (path: string) => (path.endsWith('.sql') ? 'file' : 'missing');
    return runChecks(ALL_CHECKS, checkFacts([one], kindOf), { textOf: () => text, levelOf: () => undefined });
  }

  it('find much in a whole one', async () => {
    const codes = new Set((await check(FILE, true, 'production')).map(({ code }) => code));
    assert.ok(codes.size > 8, [...codes].join());
  });

  it('fail at no place where somebody stops, and change nothing that is not there', async function () {
    this.timeout(30_000);
    for (const text of [FILE, FILE.replaceAll('\n', '\r\n'), FILE.replaceAll('  ', '\t')]) {
      // Of the ends of lines and of tabs, some places have to do.
      for (let length = 0; length <= text.length; length += text === FILE ? 2 : 11) {
        const half = text.slice(0, length);
        const found = await check(half, true, 'production');
        const edits = found.flatMap(({ fixes }) => fixes.flatMap((fix) => (fix.kind === 'edit' ? fix.edits : [])));
        for (const { start, end } of edits) assert.ok(0 <= start && start <= end && end <= length);
      }
    }
  });

  it('fail at no path of Windows, and tell of no folder that nobody means', async () => {
    const sources = ['C:\\Users\\me\\init', 'D:\\certs\\app.conf', '\\\\server\\share'];
    const written = sources.map((source, index) => `      - ${source}:/mounted/${index}:ro`).join('\r\n');
    const text = `services:\r\n  web:\r\n    image: shop:1\r\n    volumes:\r\n${written}\r\n`;
    const volumes = sources.map((source, index) => ({ ...bind(source, `/mounted/${index}`), read_only: true }));
    const own = parseProject(JSON.stringify({ name: 'shop', services: { web: { image: 'shop:1', volumes } } }));
    for (let length = 0; length <= text.length; length += 1) {
      const one = await checkedEnvironment(text.slice(0, length), { project: own });
      const found = runChecks(ALL_CHECKS, checkFacts([one]), { textOf: () => text, levelOf: () => undefined });
      assert.deepEqual(
        found.map(({ message }) => message),
        [],
      );
    }
  });

  it('fail at nothing that is of another form than it should be', async () => {
    const forms = [
      'services: [web, db]',
      'services: { web: [], db: text, cache: null, worker: { depends_on: { db: null } } }',
      'services: { db: { ports: { a: b }, volumes: text, healthcheck: [] }, web: { depends_on: [[db], { db: 1 }, null] } }',
      'services: &a { db: *a, web: { <<: *a, depends_on: *a } }',
      'services: { db: { ports: [null, [], "::::", ""], volumes: [null, "", ":", { target: [] }] } }',
      'a: 1\n---\nservices: {}',
      '*nothing',
    ];
    for (const text of forms) for (const isKnown of [true, false]) await check(text, isKnown, 'production');
  });
});
