import assert from 'node:assert/strict';
import { appendedList } from '../../../src/core/checks/across/appendedList';
import { resetWithoutEffect } from '../../../src/core/checks/across/resetWithoutEffect';
import { sameContainerName } from '../../../src/core/checks/across/sameContainerName';
import { samePort } from '../../../src/core/checks/across/samePort';
import { CheckedFolder, describeCase } from '../support/checkCases';

const BASE = `services:
  db:
    image: postgres:16-alpine
    ports: ["5432:5432"]
    environment: { A: b }
    dns: [1.1.1.1]
    command: [postgres]
`;

describeCase({
  about: 'ports that an overlay means to replace',
  code: 'appended-list',
  has: {
    'compose.yaml': BASE,
    'compose.test.yaml': 'services:\r\n  db:\r\n    ports: # ours\r\n      - "127.0.0.1:5433:5432" # here\r\n',
    'compose.ci.yaml': 'services: { db: { ports: [{ target: 5432, published: "5434" }] } }\n',
  },
  found: ['warning appended-list compose.ci.yaml:1 (ci)', 'warning appended-list compose.test.yaml:3 (test)'],
  nearly: [
    // One more port, the same port again, and one that only now has a number.
    { 'compose.yaml': BASE, 'compose.test.yaml': 'services:\n  db:\n    ports: ["8080:8080"]\n' },
    { 'compose.yaml': BASE, 'compose.test.yaml': 'services:\n  db:\n    ports: ["5432:5432", "5433:5432"]\n' },
    {
      'compose.yaml': 'services:\n  db:\n    image: busybox:1.36\n    ports: ["5432"]\n',
      'compose.test.yaml': 'services:\n  db:\n    ports: ["5432:5432"]\n',
    },
    // A second address of the machine for the same port.
    {
      'compose.yaml': BASE.replace('5432:5432', '127.0.0.1:5432:5432'),
      'compose.test.yaml': 'services:\n  db:\n    ports: ["127.0.0.2:5432:5432"]\n',
    },
    // It says that it replaces.
    { 'compose.yaml': BASE, 'compose.test.yaml': 'services:\n  db:\n    ports: !override ["5433:5432"]\n' },
    // The same by way of variables.
    {
      'compose.yaml': BASE.replace('5432:5432', '${PORT:-5432}:5432'),
      'compose.test.yaml': 'services:\n  db:\n    ports: ["${TEST_PORT:-5432}:5432"]\n',
    },
    // Whole files, not overlays.
    { 'compose.yaml': BASE, 'compose.test.yaml': BASE.replace('5432:', '5433:') },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\r\n  db:\r\n    ports: !override # ours\r\n      - "127.0.0.1:5433:5432" # here\r\n',
    'compose.ci.yaml': 'services: { db: { ports: !override [{ target: 5432, published: "5434" }] } }\n',
  },
});

const EXTENDING = 'services:\n  db:\n    extends: { file: base.yaml, service: db }\n';

describeCase({
  about: 'ports of a service that extends another one',
  code: 'appended-list',
  has: {
    'base.yaml': BASE,
    'compose.yaml': `${EXTENDING}    ports: ["5433:5432"] # ours\n  more:\n    extends: mid\n    ports: ["5435:5432"]\n  mid: { extends: db, ports: !override ["5434:5432"] }\n`,
  },
  found: ['warning appended-list compose.yaml:4 (dev)', 'warning appended-list compose.yaml:7 (dev)'],
  nearly: [
    { 'base.yaml': BASE, 'compose.yaml': `${EXTENDING}    ports: !override ["5433:5432"]\n` },
    { 'base.yaml': BASE, 'compose.yaml': `${EXTENDING}    ports: ["8080:8080"]\n` },
    { 'base.yaml': BASE, 'compose.yaml': `${EXTENDING}    ports: ["5432:5432", "5433:5432"]\n` },
    // Another service of the same name.
    {
      'base.yaml': `${BASE}  web:\n    image: busybox:1.36\n`,
      'compose.yaml': `${EXTENDING.replace('service: db', 'service: web')}    ports: ["5433:5432"]\n`,
    },
  ],
  fixed: {
    'base.yaml': BASE,
    'compose.yaml': `${EXTENDING}    ports: !override ["5433:5432"] # ours\n  more:\n    extends: mid\n    ports: !override ["5435:5432"]\n  mid: { extends: db, ports: !override ["5434:5432"] }\n`,
  },
});

describeCase({
  about: 'ports of an overlay on a service that extends another one',
  code: 'appended-list',
  has: {
    'base.yaml': BASE,
    'compose.yaml': EXTENDING,
    'compose.override.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n',
  },
  found: ['warning appended-list compose.override.yaml:3 (dev)'],
  fixed: { 'compose.override.yaml': 'services:\n  db:\n    ports: !override ["5433:5432"]\n' },
});

describeCase({
  about: 'ports at an address that the base has already: up fails',
  code: 'appended-list',
  has: { 'compose.yaml': BASE, 'compose.override.yaml': 'services:\n  db:\n    ports: ["127.0.0.1:5432:5432"]\n' },
  found: ['error appended-list compose.override.yaml:3 (dev)'],
  fixed: { 'compose.override.yaml': 'services:\n  db:\n    ports: !override ["127.0.0.1:5432:5432"]\n' },
});

describeCase({
  about: 'ports of two overlays at one are told once, at the last',
  code: 'appended-list',
  has: {
    'compose.yaml': BASE,
    'compose.override.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n',
    'compose.more.yaml': 'services:\n  db:\n    ports: ["5434:5432"]\n',
    'berth.yaml':
      'environments:\n  dev:\n    purpose: development\n    files: [compose.yaml, compose.override.yaml, compose.more.yaml]\n',
  },
  found: ['warning appended-list compose.more.yaml:3 (dev)', 'warning appended-list compose.override.yaml:3 (base)'],
  fixed: {
    'compose.more.yaml': 'services:\n  db:\n    ports: !override ["5434:5432"]\n',
    'compose.override.yaml': 'services:\n  db:\n    ports: !override ["5433:5432"]\n',
  },
});

describeCase({
  about: 'ports of two overlays at one are told of those that no comment leaves out',
  code: 'appended-list',
  has: {
    'compose.yaml': BASE,
    'compose.override.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n',
    'compose.more.yaml': 'services:\n  db:\n    ports: ["5434:5432"] # berth-ignore appended-list\n',
    'compose.last.yaml': 'services:\n  db:\n    ports: ["5435:5432"] # berth-ignore appended-list\n',
    'berth.yaml':
      'environments:\n  dev:\n    purpose: development\n    files: [compose.yaml, compose.override.yaml, compose.more.yaml, compose.last.yaml]\n',
  },
  found: [
    'warning appended-list compose.override.yaml:3 (dev)',
    'warning appended-list compose.override.yaml:3 (base)',
  ],
});

describeCase({
  about: 'is told without a fix where other ports of the base would go as well, or others share the text',
  code: 'appended-list',
  has: {
    'compose.yaml': BASE.replace('["5432:5432"]', '["5432:5432", "9187:9187"]'),
    'compose.test.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n',
    'compose.ci.yaml': 'x-ports: &ports ["5434:5432", "9188:9187"]\nservices:\n  db:\n    ports: *ports\n',
  },
  found: ['warning appended-list compose.ci.yaml:4 (ci)', 'warning appended-list compose.test.yaml:3 (test)'],
});

describeCase({
  about: 'name servers and addresses that come after those of the base',
  code: 'appended-list',
  has: {
    'compose.yaml': `${BASE}    extra_hosts: ["mail=10.0.0.1"]\n`,
    'compose.test.yaml':
      'services:\n  db:\n    dns: 8.8.8.8\n    extra_hosts:\n      mail: 10.0.0.2 # ours\n      other: 10.0.0.3\n',
  },
  found: ['warning appended-list compose.test.yaml:3 (test)', 'warning appended-list compose.test.yaml:4 (test)'],
  nearly: [
    {
      'compose.yaml': `${BASE}    extra_hosts: ["mail=10.0.0.1"]\n`,
      'compose.test.yaml':
        'services:\n  db:\n    dns: [1.1.1.1, 8.8.8.8]\n    dns_search: [example.org]\n    extra_hosts: ["other:10.0.0.2"]\n',
    },
    { 'compose.yaml': BASE, 'compose.test.yaml': 'services:\n  db:\n    dns: !override [8.8.8.8]\n' },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\n  db:\n    dns: !override 8.8.8.8\n    extra_hosts: !override\n      mail: 10.0.0.2 # ours\n      other: 10.0.0.3\n',
  },
});

const MOUNTING =
  'services:\n  db:\n    image: postgres:16-alpine\n    volumes: ["./data:/var/lib/postgresql/data", "./init:/init"]\n';

describeCase({
  about: 'domains behind those of the base are a remark',
  code: 'appended-list',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    dns_search: example.org\n',
    'compose.test.yaml': 'services:\n  web:\n    dns_search: [test.example.org]\n',
  },
  found: ['info appended-list compose.test.yaml:3 (test)'],
  // All that is merged by a key of its own, or of which the last one counts, or both are used.
  nearly: [
    {
      'compose.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    volumes: ["./a:/a"]\n    tmpfs: ["/t:size=1m"]\n    devices: ["/dev/null:/dev/x"]\n    env_file: a.env\n    cap_add: [NET_ADMIN]\n    security_opt: ["no-new-privileges:true"]\n    expose: [80]\n    dns_opt: ["timeout:1"]\n    group_add: ["1"]\n',
      'compose.test.yaml':
        'services:\n  web:\n    volumes: ["./b:/a"]\n    tmpfs: ["/t:size=2m"]\n    devices: ["/dev/zero:/dev/x"]\n    env_file: b.env\n    cap_add: [SYS_TIME]\n    security_opt: ["no-new-privileges:false"]\n    expose: [81]\n    dns_opt: ["timeout:2"]\n    group_add: ["2"]\n',
      'a.env': 'A=1\nB=1\n',
      'b.env': 'A=2\n',
    },
    {
      'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    dns_search: example.org\n',
      'compose.test.yaml': 'services:\n  web:\n    dns_search: [example.org, test.example.org]\n',
    },
  ],
  fixed: { 'compose.test.yaml': 'services:\n  web:\n    dns_search: !override [test.example.org]\n' },
});

describeCase({
  about: 'a path in memory where the base mounts a folder: up fails',
  code: 'appended-list',
  has: {
    'compose.yaml': MOUNTING,
    'compose.test.yaml':
      'services:\r\n  db:\r\n    tmpfs:\r\n      - /var/lib/postgresql/data # fast\r\n      - /tmp\r\n',
    'compose.ci.yaml': 'services: { db: { tmpfs: /var/lib/postgresql/data } }\n',
  },
  found: ['error appended-list compose.ci.yaml:1 (ci)', 'error appended-list compose.test.yaml:3 (test)'],
  nearly: [
    { 'compose.yaml': MOUNTING, 'compose.test.yaml': 'services:\n  db:\n    tmpfs: [/var/lib/postgresql]\n' },
    {
      'compose.yaml': `${MOUNTING.replace('./data:', 'data:')}volumes:\n  data:\n`,
      'compose.test.yaml': 'services:\n  db:\n    tmpfs: [/var/lib/postgresql/data]\n',
    },
    {
      'compose.yaml': MOUNTING,
      'compose.test.yaml': 'services:\n  db:\n    volumes: !reset []\n    tmpfs: [/var/lib/postgresql/data]\n',
    },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\r\n  db:\r\n    volumes:\r\n      - { type: tmpfs, target: /var/lib/postgresql/data } # fast\r\n      - { type: tmpfs, target: /tmp }\r\n',
    'compose.ci.yaml': 'services: { db: { volumes: [{ type: tmpfs, target: /var/lib/postgresql/data }] } }\n',
  },
});

describeCase({
  about: 'what is empty in an overlay',
  code: 'reset-without-effect',
  has: {
    'compose.yaml': BASE,
    'compose.test.yaml': 'services:\n  db:\n    ports: [] # none\n    environment: {}\n    dns: null\n',
  },
  found: [
    'warning reset-without-effect compose.test.yaml:3 (test)',
    'warning reset-without-effect compose.test.yaml:4 (test)',
    'warning reset-without-effect compose.test.yaml:5 (test)',
  ],
  nearly: [
    // Nothing to remove; a command is replaced; it is removed; what is not written yet.
    {
      'compose.yaml': BASE,
      'compose.test.yaml':
        'services:\n  db:\n    volumes: []\n    networks: {}\n    command: []\n    ports: !reset []\n    dns:\n    environment:\n      # A: c\n',
    },
    { 'compose.yaml': 'services:\n  db:\n    image: busybox:1.36\n    ports: []\n    environment: {}\n' },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\n  db:\n    ports: !reset [] # none\n    environment: !reset {}\n    dns: !reset null\n',
  },
});

describe('overlays for a Compose that knows neither "!override" nor "!reset"', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  it('are told of without these: what to do instead is said', async () => {
    folder = new CheckedFolder({
      'compose.yaml': `${BASE}    container_name: shop-db\n`,
      'compose.test.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n    environment: {}\n',
    });
    const { facts } = await folder.check();
    const old = { ...facts, composeVersion: '2.23.3' };
    const found = [appendedList, resetWithoutEffect, samePort, sameContainerName].flatMap((check) => [
      ...check.find(old, () => false),
    ]);
    assert.deepEqual(
      found.map(({ code, fixes }) => [code, ...fixes.map(({ title }) => title)]),
      [
        ['appended-list'],
        ['reset-without-effect'],
        ['same-port'],
        [
          'same-container-name',
          'Give up the name in compose.test.yaml: "container_name: shop-db-test"',
          'Remove "container_name" from compose.yaml',
        ],
      ],
    );
    assert.ok(found.slice(0, 3).every(({ remedy }) => /Move "\w+" out of the first file into overlays/.test(remedy)));
  });
});

describe('what to do about tmpfs at a path that is mounted', () => {
  it('names the path', async () => {
    const folder = new CheckedFolder({
      'compose.yaml': 'services:\n  db:\n    image: busybox:1.36\n    volumes: ["./d:/data"]\n',
      'compose.test.yaml': 'services:\n  db:\n    tmpfs: [/data]\n',
    });
    try {
      const { findings } = await folder.check();
      assert.equal(
        findings.find(({ code }) => code === 'appended-list')?.remedy,
        'Write it as a mount, which does: "volumes: [{ type: tmpfs, target: /data }]".',
      );
    } finally {
      folder.dispose();
    }
  });
});
