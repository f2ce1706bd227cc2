import { describeCase } from '../support/checkCases';

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

describeCase({
  about: 'ports at an address that the base has already: up fails',
  code: 'appended-list',
  has: { 'compose.yaml': BASE, 'compose.override.yaml': 'services:\n  db:\n    ports: ["127.0.0.1:5432:5432"]\n' },
  found: ['error appended-list compose.override.yaml:3 (dev)'],
  fixed: { 'compose.override.yaml': 'services:\n  db:\n    ports: !override ["127.0.0.1:5432:5432"]\n' },
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
