import assert from 'node:assert/strict';
import { serviceFacts } from '../../../../src/core/compose/facts';

/** What `docker compose config --format json` of Compose 2.26.1 prints of a service, as far as it is looked at. */
const only = (service: object, more: object = {}, written?: object) => {
  const as = (one: object) => ({ name: 'app', services: { web: one }, ...more });
  const [facts] = serviceFacts(as(service), written && as(written));
  assert.ok(facts);
  return facts;
};
const bind = (source: string, target: string, more = {}) => ({ type: 'bind', source, target, ...more });

describe('the facts of a service', () => {
  it('are what it is made of, where it listens, and what it may use', () => {
    const facts = only({
      image: 'shop/web:1',
      build: { context: '/w/web', target: 'development' },
      profiles: ['tools'],
      ports: [
        { target: 9000, protocol: 'tcp' },
        { target: 80, published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' },
      ],
      restart: 'unless-stopped',
      deploy: { resources: { limits: { memory: '536870912', cpus: 0.5 } } },
    });
    assert.deepEqual(facts, {
      name: 'web',
      image: 'shop/web:1',
      profiles: ['tools'],
      build: { context: '/w/web', target: 'development' },
      ports: [
        { target: 80, published: 8080, hostIp: '127.0.0.1', protocol: 'tcp' },
        { target: 9000, published: undefined, hostIp: undefined, protocol: 'tcp' },
      ],
      data: [],
      sources: [],
      mounts: [],
      networks: [],
      restart: 'unless-stopped',
      limits: { memory: 536870912, cpus: 0.5 },
    });
    assert.equal(only({}).restart, 'no');
    for (const user of ['bob:ghp_x@', 'ghp_x@', '']) {
      const { build } = only({ build: { context: `https://${user}example.org/x/y.git#main` } });
      assert.equal(build?.context, 'https://example.org/x/y.git#main');
    }
    assert.equal(only({ deploy: { restart_policy: { condition: 'on-failure' } } }).restart, 'on-failure');
  });

  it('are where its data is: in volumes, in memory, in a folder, or nowhere', () => {
    const volumes = { data: { name: 'app_data' }, theirs: { name: 'theirs', external: true } };
    const kept = only(
      {
        image: 'postgres:16',
        volumes: [
          { type: 'volume', source: 'data', target: '/a' },
          { type: 'volume', source: 'theirs', target: '/b' },
          { type: 'volume', target: '/c' },
          { type: 'tmpfs', target: '/d' },
          bind('/w/data', '/var/lib/postgresql/data'),
          bind('/w/init', '/docker-entrypoint-initdb.d', { read_only: true }),
        ],
        tmpfs: ['/e:size=64m'],
      },
      { volumes },
    );
    assert.deepEqual(kept.data, [
      { kind: 'volume', key: 'data', name: 'app_data', external: false, target: '/a' },
      { kind: 'volume', key: 'theirs', name: 'theirs', external: true, target: '/b' },
      { kind: 'unnamed-volume', target: '/c' },
      { kind: 'tmpfs', target: '/d' },
      { kind: 'bind', source: '/w/data', target: '/var/lib/postgresql/data' },
      { kind: 'tmpfs', target: '/e' },
    ]);
    assert.deepEqual(
      kept.mounts.map(({ source }) => source),
      ['/w/init'],
    );
    assert.deepEqual(only({ image: 'redis:7' }).data, [{ kind: 'none' }]);
    assert.deepEqual(only({ image: 'nginx:1' }).data, []);
  });

  it('tell its own sources from what else is mounted', () => {
    const { sources, mounts } = only({
      build: { context: '/w/web' },
      volumes: [bind('/w/web/src', '/src', { read_only: true }), bind('/w', '/all'), bind('/w/certs', '/certs')],
      develop: {
        watch: [
          { action: 'sync', path: '/w/lib', target: '/lib' },
          { action: 'rebuild', path: '/w/a' },
        ],
      },
    });
    assert.deepEqual(sources, [
      { kind: 'mount', source: '/w/web/src', target: '/src', readOnly: true },
      { kind: 'mount', source: '/w', target: '/all', readOnly: false },
      { kind: 'watch', source: '/w/lib', target: '/lib', readOnly: false },
      { kind: 'watch', source: '/w/a', readOnly: false },
    ]);
    assert.deepEqual(
      mounts.map(({ source }) => source),
      ['/w/certs'],
    );
  });

  it('are its networks, or what stands in their place', () => {
    const networks = { back: { name: 'app_back', internal: true }, proxy: { name: 'proxy', external: true } };
    assert.deepEqual(only({ networks: { back: null, proxy: null } }, { networks }).networks, [
      { key: 'back', name: 'app_back', external: false, internal: true },
      { key: 'proxy', name: 'proxy', external: true, internal: false },
    ]);
    assert.deepEqual([only({ network_mode: 'host' }).networkMode, only({}).networkMode], ['host', undefined]);
  });

  it('say of credentials where they come from, and never what they are', () => {
    const written = {
      DB_PASSWORD: `\${DB_PASSWORD:-s3cret}`,
      SECRET_KEY: 's3cret',
      PRICE_TOKEN: '$$s3cret',
      DATABASE_URL: `postgres://app:\${DB_PASSWORD}@db/app`,
      EMPTY_URL: 'redis://:@redis/0',
      API_KEY: null,
      PG_PASSWORD_FILE: '/run/secrets/pg',
      MODE: 'test',
      DOCS_URL: 'https://example.com/a@b',
    };
    const resolved = Object.fromEntries(Object.keys(written).map((name) => [name, 's3cret']));
    const environment = { ...resolved, DOCS_URL: written.DOCS_URL, MODE: 'test', FROM_ENV_FILE_TOKEN: 's3cret' };
    const service = {
      environment,
      secrets: ['file', 'variable', 'text'].map((source) => ({ source })),
      volumes: [bind('/home/me/.aws', '/home/app/.aws', { read_only: true })],
    };
    const secrets = { file: { file: '/s' }, variable: { environment: 'S' }, text: { content: 's3cret' } };
    const facts = only(service, { secrets }, { environment: written });
    assert.deepEqual(Object.fromEntries(facts.credentials?.map(({ name, source }) => [name, source]) ?? []), {
      '.aws': 'file',
      API_KEY: 'variable',
      DATABASE_URL: 'variable',
      DB_PASSWORD: 'variable',
      EMPTY_URL: 'literal',
      FROM_ENV_FILE_TOKEN: 'file',
      PG_PASSWORD_FILE: 'file',
      PRICE_TOKEN: 'literal',
      SECRET_KEY: 'literal',
      file: 'file',
      text: 'literal',
      variable: 'variable',
    });
    assert.ok(!JSON.stringify(facts).includes('s3cret'));
    assert.equal(only(service, { secrets }).credentials, undefined);
  });

  it('understand variables that are written as a list', () => {
    const { credentials } = only(
      { environment: { A_KEY: 'x', B_KEY: 'a=b', C_KEY: 'y' } },
      {},
      { environment: ['A_KEY', 'B_KEY=a=b', 'C_KEY=$C'] },
    );
    assert.deepEqual(
      credentials?.map(({ source }) => source),
      ['variable', 'literal', 'variable'],
    );
  });

  it('take what is unknown as it comes', () => {
    assert.deepEqual(serviceFacts({}, {}), []);
    assert.equal(serviceFacts({ services: { a: null, b: 5 } }, undefined).length, 2);
  });
});
