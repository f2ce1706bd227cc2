import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CheckedFolder, describeCase } from '../support/checkCases';

const service = (lines: string) => `services:\n  db:\n    image: postgres:16-alpine\n${lines}`;
const DATA = '    volumes:\n      - data:/var/lib/postgresql/data # keep\n';
const NAMED_VOLUME = `${service(DATA)}volumes:\n  data:\n    name: shop_data\n`;

describeCase({
  about: 'of tests with the data of development',
  code: 'same-volume',
  has: {
    'compose.yaml': NAMED_VOLUME,
    'compose.test.yaml': service(DATA).concat('volumes:\n  data: { external: true, name: shop_data }\n'),
  },
  found: ['error same-volume compose.test.yaml:7 (dev, test)'],
  nearly: [
    // Each project has one of its own.
    {
      'compose.yaml': service(`${DATA}volumes:\n  data:\n`),
      'compose.test.yaml': service(`${DATA}volumes:\n  data:\n`),
    },
    { 'compose.yaml': NAMED_VOLUME, 'compose.test.yaml': NAMED_VOLUME.replace('shop_data', 'shop_test_data') },
    // What is read only, and what can be got again.
    {
      'compose.yaml': NAMED_VOLUME,
      'compose.test.yaml':
        'services:\n  db:\n    image: busybox:1.36\n    volumes: ["data:/data:ro"]\nvolumes:\n  data:\n    name: shop_data\n',
    },
    {
      'compose.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    volumes: ["npm:/root/.npm"]\nvolumes:\n  npm:\n    name: npm-cache\n',
      'compose.test.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    volumes: ["npm:/root/.npm"]\nvolumes:\n  npm:\n    name: npm-cache\n',
    },
    { 'compose.yaml': NAMED_VOLUME, 'compose.prod.yaml': NAMED_VOLUME },
  ],
});

describeCase({
  about: 'of a base is given up in the overlay of tests, for memory',
  code: 'same-volume',
  has: { 'compose.yaml': NAMED_VOLUME, 'compose.test.yaml': 'services:\n  db:\n    environment: { A: b }\n' },
  found: ['error same-volume compose.yaml:8 (dev, test)'],
  fixed: {
    'compose.test.yaml':
      'services:\n  db:\n    environment: { A: b }\n    volumes:\n      - { type: tmpfs, target: /var/lib/postgresql/data }\n',
  },
});

describeCase({
  about: 'of what is no data store is a remark',
  code: 'same-volume',
  has: {
    'compose.yaml':
      'services:\n  web:\n    image: busybox:1.36\n    volumes: ["up:/up"]\nvolumes:\n  up:\n    name: uploads\n',
    'compose.test.yaml':
      'services:\n  web:\n    image: busybox:1.36\n    volumes: ["up:/up"]\nvolumes:\n  up:\n    name: uploads\n',
  },
  found: ['info same-volume compose.test.yaml:7 (dev, test)'],
});

const folder = (path: string) => service(`    volumes:\n      - ${path}:/var/lib/postgresql/data\n`);

describeCase({
  about: 'of tests, inside that of development',
  code: 'same-data-folder',
  has: { 'compose.yaml': folder('./data'), 'compose.test.yaml': folder('./data/test') },
  found: ['error same-data-folder compose.test.yaml:4 (dev, test)'],
  nearly: [
    { 'compose.yaml': folder('./data'), 'compose.test.yaml': folder('./data-test') },
    { 'compose.yaml': folder('./data/dev'), 'compose.test.yaml': folder('./data/test') },
    {
      'compose.yaml': folder('./data'),
      'compose.test.yaml': `${folder('./data')}    tmpfs: [/elsewhere]\n`.replace(
        './data:/var/lib/postgresql/data',
        './data:/in:ro',
      ),
    },
    { 'compose.yaml': folder('./data'), 'compose.prod.yaml': folder('./data') },
  ],
  fixed: {
    'compose.test.yaml': service('    volumes:\n      - { type: tmpfs, target: /var/lib/postgresql/data }\n'),
  },
});

const mounting = (image: string, mount: string) =>
  `services:\n  api:\n    image: ${image}\n    volumes: ["${mount}"]\n`;

describeCase({
  about: 'of tests that can only be up when development is not',
  code: 'same-data-folder',
  has: {
    'compose.yaml': service('    container_name: db\n    volumes: ["./data:/var/lib/postgresql/data"]\n'),
    'compose.test.yaml': service('    container_name: db\n    volumes: ["./data:/var/lib/postgresql/data"]\n'),
  },
  found: ['warning same-data-folder compose.test.yaml:5 (dev, test)'],
});

describeCase({
  about: 'of a store, which a service of tests may write to',
  code: 'same-data-folder',
  has: { 'compose.dev.yaml': folder('./pg'), 'compose.test.yaml': mounting('node:22', './pg/seed:/seed') },
  found: ['warning same-data-folder compose.test.yaml:4 (dev, test)'],
  nearly: [
    { 'compose.dev.yaml': folder('./pg'), 'compose.test.yaml': mounting('node:22', './pg:/seed:ro') },
    // The project itself, and what is no store's.
    { 'compose.dev.yaml': folder('./pg'), 'compose.test.yaml': mounting('node:22', '.:/app') },
    {
      'compose.dev.yaml': mounting('node:22', './src:/app/src'),
      'compose.test.yaml': mounting('node:22', './src:/app/src'),
    },
  ],
});

for (const [image, target] of [
  ['clickhouse/clickhouse-server:24.3', '/var/lib/clickhouse'],
  ['minio/minio:latest', '/data'],
] as const) {
  describeCase({
    about: `of ${image}`,
    code: 'same-data-folder',
    has: {
      'compose.dev.yaml': mounting(image, `./data:${target}`),
      'compose.test.yaml': mounting(image, `./data:${target}`),
    },
    found: ['error same-data-folder compose.test.yaml:4 (dev, test)'],
    nearly: [
      {
        'compose.dev.yaml': mounting(image, './conf:/etc/conf'),
        'compose.test.yaml': mounting(image, './conf:/etc/conf'),
      },
    ],
    fixed: {
      'compose.test.yaml': `services:\n  api:\n    image: ${image}\n    volumes: [{ type: tmpfs, target: ${target} }]\n`,
    },
  });
}

const inDevice = (device: string, options = 'type: none, o: bind') =>
  `${service(DATA)}volumes:\n  data:\n    driver: local\n    driver_opts: { ${options}, device: ${device} } # here\n`;

describeCase({
  about: 'behind a named volume that is one',
  code: 'same-data-folder',
  has: { 'compose.yaml': folder('./data/dev'), 'compose.test.yaml': inDevice('./data') },
  found: ['error same-data-folder compose.test.yaml:9 (dev, test)'],
  nearly: [
    { 'compose.yaml': inDevice('./data'), 'compose.test.yaml': inDevice('./data-test') },
    // In memory, and on another machine.
    {
      'compose.yaml': inDevice('tmpfs', 'type: tmpfs'),
      'compose.test.yaml': inDevice('tmpfs', 'type: tmpfs'),
    },
    {
      'compose.yaml': inDevice('./data'),
      'compose.test.yaml': inDevice('":/data"', 'type: nfs, o: "addr=10.0.0.1,rw"'),
    },
  ],
  fixed: {
    'compose.test.yaml': inDevice('./data').replace(
      'data:/var/lib/postgresql/data # keep',
      '{ type: tmpfs, target: /var/lib/postgresql/data } # keep',
    ),
  },
});

describeCase({
  about: 'behind a named volume is told of once, also where the volume has one name',
  code: 'same-volume',
  has: { 'compose.yaml': NAMED_VOLUME, 'compose.test.yaml': NAMED_VOLUME },
  found: ['error same-volume compose.test.yaml:8 (dev, test)'],
  nearly: [
    {
      'compose.yaml': inDevice('./data').replace('driver:', 'name: shop_data\n    driver:'),
      'compose.test.yaml': inDevice('./data').replace('driver:', 'name: shop_data\n    driver:'),
    },
  ],
});

describe('same-data-folder: behind symbolic links', () => {
  let checked: CheckedFolder;
  const linked = (from: string, to: string) => fs.symlinkSync(to, path.join(checked.folder, from));
  const found = async () => {
    const { findings } = await checked.check();
    return checked.lines(findings.filter(({ code }) => code === 'same-data-folder'));
  };
  beforeEach(() => {
    checked = new CheckedFolder({
      'compose.yaml': folder('./data/postgres'),
      'compose.test.yaml': folder('./data-test/postgres'),
    });
  });
  afterEach(() => checked.dispose());

  it('is found, also before the folder at the end is made', async () => {
    fs.mkdirSync(path.join(checked.folder, 'data'));
    linked('data-test', 'data');
    assert.deepEqual(await found(), ['error same-data-folder compose.test.yaml:4 (dev, test)']);
  });

  it('is not found where they lead elsewhere', async () => {
    fs.mkdirSync(path.join(checked.folder, 'elsewhere'));
    linked('data-test', 'elsewhere');
    assert.deepEqual(await found(), []);
  });
});

const declared = (second: string) =>
  `environments:\n  e2e: { files: [compose.yaml], purpose: test, project: shop-e2e }\n  load: { files: [compose.yaml], purpose: test${second} }\n`;

describeCase({
  about: 'of two declared for tests, each in a project of its own, is a warning',
  code: 'same-data-folder',
  has: { 'compose.yaml': folder('./data'), 'berth.yaml': declared(', project: shop-load') },
  found: ['warning same-data-folder compose.yaml:4 (e2e, load)'],
  // Variants, which only Berth keeps apart.
  nearly: [{ 'compose.yaml': folder('./data'), 'berth.yaml': declared('') }],
});

const inNetwork = (network: string, image = 'busybox:1.36') =>
  `services:\n  db:\n    image: ${image}\n    networks: [net]\nnetworks:\n  net: ${network}\n`;

describeCase({
  about: 'with a name that leads to both',
  code: 'same-network',
  has: { 'compose.yaml': inNetwork('{ name: shop }'), 'compose.test.yaml': inNetwork('{ name: shop }') },
  found: ['warning same-network compose.test.yaml:6 (dev, test)'],
  nearly: [
    { 'compose.yaml': inNetwork('{}'), 'compose.test.yaml': inNetwork('{}') },
    { 'compose.yaml': inNetwork('{ name: shop }'), 'compose.test.yaml': inNetwork('{ name: shop-test }') },
    {
      'compose.yaml': inNetwork('{ name: bridge, external: true }'),
      'compose.test.yaml': inNetwork('{ name: bridge, external: true }'),
    },
    { 'compose.yaml': inNetwork('{ name: shop }'), 'compose.prod.yaml': inNetwork('{ name: shop }') },
  ],
});

describeCase({
  about: 'that is taken from elsewhere is a remark, unless a data store is in it',
  code: 'same-network',
  has: {
    'a/compose.yaml': inNetwork('{ name: proxy, external: true }'),
    'a/compose.test.yaml': inNetwork('{ name: proxy, external: true }'),
    'b/compose.yaml': inNetwork('{ name: stores, external: true }', 'redis:7-alpine'),
    'b/compose.test.yaml': inNetwork('{ name: stores, external: true }', 'redis:7-alpine'),
  },
  found: [
    'warning same-network b/compose.test.yaml:6 (b/dev, b/test)',
    'info same-network a/compose.test.yaml:6 (a/dev, a/test)',
  ],
});
