import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

const NAMED = 'services:\n  db:\n    image: busybox:1.36\n    container_name: shop-db # for scripts\n';

describeCase({
  about: 'is given up in the overlay of the one that gives way',
  code: 'same-container-name',
  has: {
    'compose.yaml': `${NAMED}  cache:\n    image: busybox:1.36\n    container_name: shop-cache\n`,
    'compose.test.yaml': 'services:\r\n  db:\r\n    environment:\r\n      A: b\r\n\r\n# end\r\n',
  },
  found: [
    'warning same-container-name compose.yaml:4 (dev, test)',
    'warning same-container-name compose.yaml:7 (dev, test)',
  ],
  nearly: [
    { 'compose.yaml': NAMED, 'compose.test.yaml': 'services:\n  db:\n    container_name: shop-test-db\n' },
    { 'compose.yaml': NAMED, 'compose.test.yaml': 'services:\n  db:\n    container_name: !reset null\n' },
    {
      'compose.yaml': NAMED.replace('shop-', '${NAME:-shop}-'),
      'compose.test.yaml': 'services: {}\n',
      '.env.test': 'NAME=test\n',
    },
    { 'compose.yaml': NAMED, 'compose.test.yaml': 'services:\n  db:\n    scale: 0\n' },
    { 'compose.yaml': NAMED, 'compose.prod.yaml': NAMED },
    // What no environment brings up.
    { 'compose.yaml': `${NAMED}    profiles: [never]\n`, 'compose.test.yaml': 'name: shop-test\nservices: {}\n' },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\r\n  db:\r\n    environment:\r\n      A: b\r\n    container_name: !reset null\r\n  cache:\r\n    container_name: !reset null\r\n\r\n# end\r\n',
  },
});

describeCase({
  about: 'is removed from the whole file of the one that gives way',
  code: 'same-container-name',
  has: {
    'compose.yaml': NAMED,
    'compose.test.yaml':
      'services: { db: { image: "busybox:1.36", container_name: shop-db }, web: { image: "busybox:1.36" } }\n',
  },
  found: ['warning same-container-name compose.test.yaml:1 (dev, test)'],
  fixed: { 'compose.test.yaml': 'services: { db: { image: "busybox:1.36" }, web: { image: "busybox:1.36" } }\n' },
});

describeCase({
  about: 'that several services share by a merge key is left to people',
  code: 'same-container-name',
  has: {
    'compose.yaml': NAMED,
    'compose.test.yaml':
      'x-db: &db\n  image: busybox:1.36\n  container_name: shop-db\nservices:\n  db:\n    <<: *db\n  other:\n    <<: *db\n    container_name: other\n',
  },
  found: ['warning same-container-name compose.test.yaml:3 (dev, test)'],
});

const TWICE = `${NAMED}  spare:\n    image: busybox:1.36\n    container_name: shop-db # of the other\n`;

describeCase({
  about: 'of two services of one environment is an error',
  code: 'same-container-name',
  has: { 'compose.yaml': TWICE },
  found: ['error same-container-name compose.yaml:7 (dev)'],
  nearly: [
    { 'compose.yaml': `${TWICE}    profiles: [spare]\n` },
    { 'compose.yaml': `${TWICE}    scale: 0\n` },
    { 'compose.yaml': TWICE.replace('shop-db # of', 'shop-db-2 # of') },
  ],
  fixed: { 'compose.yaml': `${NAMED}  spare:\n    image: busybox:1.36\n` },
});

describeCase({
  about: 'of two services of one environment, which share the text, is left to people',
  code: 'same-container-name',
  has: { 'compose.yaml': `${NAMED.replace('db:', 'db: &db')}  spare:\n    <<: *db\n    tty: true\n` },
  found: ['error same-container-name compose.yaml:4 (dev)'],
  isOffered: false,
});

describe('same-container-name: of a name that something uses', () => {
  let folder: CheckedFolder;
  afterEach(() => folder?.dispose());

  it('has no fix that is safe: nothing would answer to it', async () => {
    const web = (use: string) => `  web:\n    image: busybox:1.36\n    ${use}\n`;
    for (const use of ['environment: { URL: "http://app@shop-db:80/x" }', 'network_mode: "container:shop-db"', '']) {
      folder = new CheckedFolder({
        'compose.yaml': NAMED + web(use),
        'compose.test.yaml': 'services:\n  db:\n    tty: true\n',
      });
      const { findings } = await folder.check();
      const [finding] = findings.filter(({ code }) => code === 'same-container-name');
      const safe = finding?.fixes.some((fix) => fix.kind === 'edit' && fix.isSafe);
      assert.equal(safe, use === '', use);
      folder.dispose();
    }
  });
});

describeCase({
  about: 'of two that one script brings up',
  code: 'same-container-name',
  has: {
    'api/compose.yaml': NAMED,
    'web/compose.yaml': NAMED,
    'run.sh': 'for one in api web; do docker compose -f $one/compose.yaml up -d; done\n',
  },
  found: ['warning same-container-name web/compose.yaml:4 (api/dev, web/dev)'],
  nearly: [
    {
      'api/compose.yaml': NAMED,
      'web/compose.yaml': NAMED,
      'run.sh': 'for one in api web; do cd $one; docker compose up -d; docker compose down; cd ..; done\n',
    },
  ],
  fixed: { 'web/compose.yaml': 'services:\n  db:\n    image: busybox:1.36\n' },
});
