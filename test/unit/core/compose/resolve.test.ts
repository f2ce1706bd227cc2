import assert from 'node:assert/strict';
import { parseProject } from '../../../../src/core/compose/resolve';

/** What `docker compose config --format json` of Compose 2.26.1 prints, with these services. */
const config = (services: object) =>
  JSON.stringify({ name: 'app', networks: { default: { name: 'app_default', ipam: {} } }, services });

describe('parseProject', () => {
  it('takes name, images, profiles and ports', () => {
    const json = config({
      web: {
        command: null,
        entrypoint: null,
        environment: { SECRET: 'not to be kept' },
        image: 'busybox',
        networks: { default: null },
        profiles: ['tools', 'debug'],
        ports: [
          { mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' },
          { mode: 'ingress', host_ip: '127.0.0.1', target: 53, published: '5353', protocol: 'udp' },
          { mode: 'ingress', host_ip: '0.0.0.0', target: 81, published: '9000-9010', protocol: 'tcp' },
          { mode: 'ingress', target: 82, protocol: 'tcp' },
        ],
      },
      built: { build: { context: '/projects', dockerfile: 'Dockerfile' }, healthcheck: { test: ['CMD', 'x'] } },
    });
    const { config: _, ...parsed } = parseProject(json);
    assert.deepEqual(parsed, {
      name: 'app',
      networks: ['app_default'],
      services: [
        {
          name: 'web',
          image: 'busybox',
          profiles: ['tools', 'debug'],
          ports: [
            { target: 80, published: 8080, hostIp: undefined, protocol: 'tcp' },
            { target: 53, published: 5353, hostIp: '127.0.0.1', protocol: 'udp' },
            { target: 81, published: undefined, hostIp: undefined, protocol: 'tcp' },
            { target: 82, published: undefined, hostIp: undefined, protocol: 'tcp' },
          ],
          oneShot: false,
          watched: false,
          replicas: undefined,
        },
        {
          name: 'built',
          image: undefined,
          profiles: [],
          ports: [],
          oneShot: false,
          watched: false,
          built: true,
          replicas: undefined,
        },
      ],
    });
    assert.ok(!JSON.stringify(parseProject(json)).includes('not to be kept'));
  });

  it('tells the volumes that are the project’s from those that it only uses', () => {
    const volumes = { db: { name: 'app_db' }, theirs: { name: 'theirs', external: true } };
    const { config: _, ...parsed } = parseProject(JSON.stringify({ name: 'app', services: {}, volumes }));
    const own = { volumes: ['app_db'], volumeKeys: ['db'] };
    assert.deepEqual(parsed, { name: 'app', services: [], ...own, externalVolumes: ['theirs'] });
  });

  it('tells the subnets of networks that Compose makes, and what has the network of the machine', () => {
    const ipam = { config: [{ subnet: '172.28.0.0/16' }, { subnet: 'fd00::/64', gateway: 'fd00::1' }] };
    const networks = {
      back: { name: 'app_back', ipam },
      default: { name: 'app_default', ipam: {} },
      theirs: { name: 'theirs', external: true, ipam },
    };
    const services = { probe: { network_mode: 'host' }, web: { network_mode: 'service:probe' } };
    const parsed = parseProject(JSON.stringify({ name: 'app', services, networks }));
    assert.deepEqual(parsed.subnets, ['172.28.0.0/16', 'fd00::/64']);
    assert.deepEqual(
      parsed.services.map(({ onHostNetwork }) => onHostNetwork),
      [true, undefined],
    );
  });

  it('knows how many containers a service is to have', () => {
    const services = { one: {}, none: { deploy: { replicas: 0 } }, three: { scale: 3 } };
    const replicas = parseProject(config(services)).services.map((service) => [service.name, service.replicas]);
    assert.deepEqual(Object.fromEntries(replicas), { one: undefined, none: 0, three: 3 });
  });

  it('knows what a service depends on', () => {
    const services = { web: { depends_on: { db: { condition: 'service_started', required: true } } }, db: {} };
    const dependencies = parseProject(config(services)).services.map((service) => [service.name, service.dependencies]);
    assert.deepEqual(dependencies, [
      ['web', ['db']],
      ['db', undefined],
    ]);
  });

  it('knows what "docker compose watch" has something to do for', () => {
    const services = {
      a: { develop: { watch: [{ path: '/src', action: 'sync' }] } },
      b: { develop: { watch: [] } },
      c: {},
    };
    const watched = parseProject(config(services)).services.filter((one) => one.watched);
    assert.deepEqual(
      watched.map((one) => one.name),
      ['a'],
    );
  });

  it('knows what runs once and ends', () => {
    const port = { target: 80, published: '80', protocol: 'tcp' };
    const services = {
      bare: {},
      retries: { restart: 'on-failure' },
      stays: { restart: 'unless-stopped' },
      watched: { healthcheck: { test: ['CMD', 'x'] } },
      published: { ports: [port] },
      awaited: { ports: [port] },
      app: { restart: 'always', depends_on: { awaited: { condition: 'service_completed_successfully' } } },
    };
    const oneShot = parseProject(config(services)).services.filter((one) => one.oneShot);
    assert.deepEqual(
      oneShot.map((one) => one.name),
      ['awaited'],
    );
  });

  it('knows what is mounted, and where a store keeps its data', () => {
    const bind = (source: string, target: string, more = {}) => ({ type: 'bind', source, target, ...more });
    const services = {
      db: {
        image: 'postgres:16',
        environment: { PGDATA: '/pg/data' },
        volumes: [bind('/w/a', '/pg/'), bind('/w/b', '/init'), { type: 'volume', source: 'v', target: '/v' }],
      },
      replica: { image: 'postgres:16', volumes: [bind('/w/a', '/var/lib/postgresql/data', { read_only: true })] },
    };
    const binds = parseProject(config(services)).services.map((service) => service.binds);
    assert.deepEqual(binds, [
      [
        { source: '/w/a', keepsData: true },
        { source: '/w/b', keepsData: false },
      ],
      [{ source: '/w/a', keepsData: false }],
    ]);
  });

  it('knows what must be there before it is mounted, whether Compose leaves out that or the contrary', () => {
    const mustExist = (...binds: readonly (object | undefined)[]) => {
      const volumes = binds.map((bind) => ({ type: 'bind', source: '/w/a', target: '/a', bind }));
      const [service] = parseProject(config({ web: { volumes } })).services;
      return service?.binds?.map((bind) => bind.mustExist);
    };
    assert.deepEqual(mustExist({ create_host_path: true }, {}, undefined), [undefined, true, undefined]);
    assert.deepEqual(mustExist({ create_host_path: false }, {}, undefined), [true, undefined, undefined]);
  });

  it('takes no services, and what it does not know, as it comes', () => {
    const { config, ...outline } = parseProject('{"name":"x"}');
    assert.deepEqual([outline, config.content], [{ name: 'x', services: [] }, { name: 'x' }]);
    assert.deepEqual(parseProject('{"name":"x","services":{"a":null,"b":5}}').services.length, 2);
  });

  it('says so when it is no JSON', () => {
    assert.throws(() => parseProject('name: x'), { kind: 'failed', message: /printed no JSON/ });
  });
});
