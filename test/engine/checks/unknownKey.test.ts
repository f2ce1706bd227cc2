import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

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

const SEVERAL = `services:
  web:
    image: web:1
    env-file: []
    cmd: "true"
    x-own: 1
    healthcheck: { tst: "true" }
    deploy: { resources: { limits: { memry: 1g } } }
  db:
    imge: postgres:16
volums: {}
`;

describeCase({
  about: 'all of several are told, of which Compose names any',
  code: 'unknown-key',
  has: { 'compose.yaml': SEVERAL },
  found: [4, 5, 7, 8, 10, 11].map((line) => `error unknown-key compose.yaml:${line} (dev)`),
});

describe('unknown-key: all that can be mended of several', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  it('is mended, whatever stays', async () => {
    folder = new CheckedFolder({ 'compose.yaml': SEVERAL });
    await folder.check();
    const { mended, checked } = await folder.berth.fixing.mend(() => true);
    assert.equal(mended.length, 5);
    const meant = { 'env-file': 'env_file', tst: 'test', memry: 'memory', imge: 'image', volums: 'volumes' };
    const text = Object.entries(meant).reduce((all, [key, name]) => all.replace(`${key}:`, `${name}:`), SEVERAL);
    assert.equal(folder.read('compose.yaml'), text);
    assert.deepEqual(folder.lines(checked.findings.filter(({ code }) => code === 'unknown-key')), [
      'error unknown-key compose.yaml:5 (dev)',
    ]);
  });
});
