import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

const CODE = 'broken-health-check';
const withTest = (test: string, more = '') =>
  `services:\n  web:\n    image: shop:1\n    healthcheck:\n      test: ${test} # is it?\n      interval: 5s\n${more}`;

describeCase({
  about: 'a whole command as the name of a program',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD", "wget -q localhost"]`) },
  found: ['error broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    { 'compose.yaml': withTest(`["CMD", "/bin/healthy"]`) },
    { 'compose.yaml': withTest('wget -q localhost || exit 1') },
    { 'compose.yaml': withTest(`["CMD-SHELL", "wget -q localhost || exit 1"]`) },
    { 'compose.yaml': withTest(`["CMD", "sh", "-c", "wget -q $$HOST || exit 1"]`) },
    { 'compose.yaml': withTest(`["CMD", "psql", "-c", "SELECT 1;"]`) },
  ],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "wget -q localhost"]`) },
});

describeCase({
  about: 'arguments behind the one text that a shell runs',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD-SHELL", 'wget', "-q", "localhost"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  fixed: { 'compose.yaml': withTest(`["CMD", 'wget', "-q", "localhost"]`) },
});

describeCase({
  about: 'operators of a shell behind the one text that it runs',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD-SHELL", "wget -q localhost", "|| exit 1"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "wget -q localhost || exit 1"]`) },
});

describeCase({
  about: 'operators of a shell as arguments of a program, in lines',
  code: CODE,
  has: {
    'compose.yaml': `services:\n  web:\n    image: shop:1\n    healthcheck:\n      test:\n        - CMD\n        - wget\n        - localhost:80\n        - "||"\n        - exit\n        - "1"\n      interval: 5s\n`,
  },
  found: ['warning broken-health-check compose.yaml:6 (dev)'],
  fixed: {
    'compose.yaml': `services:\n  web:\n    image: shop:1\n    healthcheck:\n      test:\n        - CMD-SHELL\n        - "wget localhost:80 || exit 1"\n      interval: 5s\n`,
  },
});

describe('broken-health-check: operators of a shell beside a variable of Compose', () => {
  let folder: CheckedFolder;
  afterEach(() => folder?.dispose());

  it('has no fix: a shell could make something else of its value', async () => {
    folder = new CheckedFolder({
      'compose.yaml': withTest(`["CMD", "redis-cli", "-a", "\${WORD:-a b}", "ping", "|", "cat"]`),
    });
    const { findings } = await folder.check();
    assert.deepEqual(
      findings.filter(({ code }) => code === CODE).map(({ fixes }) => fixes.length),
      [0],
    );
  });
});

describeCase({
  about: 'a variable that no shell replaces',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD", "pg_isready", "-U", "$$POSTGRES_USER"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [{ 'compose.yaml': withTest(`["CMD", "php", "-r", "exit(fsockopen('localhost') ? 0 : $$code);"]`) }],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "pg_isready -U $$POSTGRES_USER"]`) },
});

describeCase({
  about: 'no fix where a shell would read the arguments otherwise, or services share the text',
  code: CODE,
  has: {
    'compose.yaml': withTest(
      `&test ["CMD", "wget", "localhost?a=1&b=2", "||", "exit"]`,
      '  other:\n    image: shop:1\n    healthcheck:\n      test: ["CMD", "wget", "$$A b"]\n  third:\n    image: shop:1\n    healthcheck: { test: *test }\n',
    ),
  },
  found: ['warning broken-health-check compose.yaml:5 (dev)', 'warning broken-health-check compose.yaml:5 (dev)'],
  isOffered: false,
});

describeCase({
  about: 'a tool that the image lacks',
  code: CODE,
  has: { 'compose.yaml': withTest('curl -f http://localhost || exit 1').replace('shop:1', 'postgres:16') },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    { 'compose.yaml': withTest('curl -f http://localhost || exit 1').replace('shop:1', 'nginx:1.27') },
    { 'compose.yaml': withTest('curl -f http://localhost || wget -q localhost').replace('shop:1', 'node:22-alpine') },
    { 'compose.yaml': withTest('wget -q -O /dev/null http://localhost').replace('shop:1', 'node:22-alpine') },
    {
      'compose.yaml': withTest('curl -f http://localhost', '    command: sh -c "apk add curl && node ."\n').replace(
        'shop:1',
        'node:22-alpine',
      ),
    },
    {
      'compose.yaml': withTest('curl -f http://localhost', '    build: .\n').replace('shop:1', 'postgres:16'),
      Dockerfile: '',
    },
  ],
  isOffered: false,
});

describeCase({
  about: 'the port of the host in the place of that of the container',
  code: CODE,
  has: { 'compose.yaml': withTest('curl -f http://localhost:8080/health', '    ports: ["8080:80"]\n') },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    { 'compose.yaml': withTest('curl -f http://localhost:80/health', '    ports: ["8080:80"]\n') },
    // It may well listen there: it is told to, or nothing is known of its ports, or they are those of the host.
    {
      'compose.yaml': withTest(
        'curl -f http://localhost:8080',
        '    ports: ["8080:80"]\n    environment: { PORT: 8080 }\n',
      ),
    },
    { 'compose.yaml': withTest('curl -f http://localhost:8080') },
    { 'compose.yaml': withTest('curl -f http://localhost:9000', '    ports: ["8080:80"]\n') },
    { 'compose.yaml': withTest('curl -f http://localhost:8080', '    network_mode: host\n    expose: [80]\n') },
  ],
  fixed: { 'compose.yaml': withTest('curl -f http://localhost:80/health', '    ports: ["8080:80"]\n') },
});

describeCase({
  about: 'the port of another service',
  code: CODE,
  has: {
    'compose.yaml': withTest(
      `["CMD", "wget", "http://127.0.0.1:9200"]`,
      '    expose: [80]\n  search:\n    image: search:1\n    ports: ["9201:9200"]\n',
    ),
  },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  isOffered: false,
});

describeCase({
  about: 'a test that is switched off in the same place',
  code: CODE,
  has: { 'compose.yaml': withTest('curl -f http://localhost', '      disable: true\n') },
  found: ['info broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    {
      'compose.yaml': withTest('curl -f http://localhost'),
      'compose.test.yaml': 'services:\n  web:\n    healthcheck: { disable: true }\n',
    },
    { 'compose.yaml': withTest('curl -f http://localhost', '      disable: false\n') },
  ],
  fixed: { 'compose.yaml': withTest('curl -f http://localhost') },
});
