import { describeCase } from '../support/checkCases';

describeCase({
  about: 'a key that is mistyped',
  code: 'unknown-key',
  has: { 'compose.yaml': 'services:\r\n  web:\r\n    image: web:1\r\n    "enviroment": # ours\r\n      A: b\r\n' },
  found: ['error unknown-key compose.yaml:4 (dev)'],
  nearly: [
    { 'compose.yaml': 'services:\n  web:\n    image: web:1\n    x-enviroment: {}\n    environment: {}\nx-y: 1\n' },
  ],
  fixed: { 'compose.yaml': 'services:\r\n  web:\r\n    image: web:1\r\n    environment: # ours\r\n      A: b\r\n' },
});

describeCase({
  about: 'a key at the top of a file',
  code: 'unknown-key',
  has: { 'compose.yaml': 'servces:\n  web:\n    image: web:1\n' },
  found: ['error unknown-key compose.yaml:1 (dev)'],
  fixed: { 'compose.yaml': 'services:\n  web:\n    image: web:1\n' },
});

describeCase({
  about: 'a key of a part of a service, in the overlay that has it',
  code: 'unknown-key',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: web:1\n',
    'compose.test.yaml': 'services:\n  web:\n    healthcheck: { tst: "true" }\n',
  },
  found: ['error unknown-key compose.test.yaml:3 (test)'],
  fixed: { 'compose.test.yaml': 'services:\n  web:\n    healthcheck: { test: "true" }\n' },
});

describeCase({
  about: 'nothing is offered where the key is there already, belongs elsewhere, or is like no other',
  code: 'unknown-key',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: web:1\n    imag: web:2\n',
    'compose.test.yaml': 'services:\n  web:\n    image: web:1\n    replicas: 2\n',
    'compose.ci.yaml': 'services:\n  web:\n    image: web:1\n    whatever: 2\n',
    'compose.prod.yaml': 'image: web:1\nservices:\n  web:\n    image: web:1\n',
  },
  found: [
    'error unknown-key compose.ci.yaml:4 (ci)',
    'error unknown-key compose.prod.yaml:1 (prod)',
    'error unknown-key compose.test.yaml:4 (test)',
    'error unknown-key compose.yaml:4 (dev)',
  ],
  isOffered: false,
});
