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
    // What another program hands to a shell.
    { 'compose.yaml': withTest(`["CMD", "timeout", "5", "sh", "-c", "|| true", "a", "&&", "b"]`) },
    { 'compose.yaml': withTest(`["CMD", "gosu", "www", "/bin/bash", "-ec", "&& x", "$$HOST"]`) },
    { 'compose.yaml': withTest(`["CMD", "env", "A=b", "nice", "sh", "-c", "echo", "$$A"]`) },
  ],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "wget -q localhost"]`) },
});

for (const test of [
  '["CMD", "mysqladmin", "ping", "-h", "localhost", "-U", "app"]',
  '["CMD", "mysqladmin", "ping", "-u", "app", "-p", "green-apples"]',
  'mariadb-admin ping --password $$MYSQL_ROOT_PASSWORD || exit 1',
]) {
  describeCase({
    about: `what mysqladmin does not understand: ${test}`,
    code: CODE,
    has: { 'compose.yaml': withTest(test) },
    found: ['error broken-health-check compose.yaml:5 (dev)'],
    nearly: [
      { 'compose.yaml': withTest('["CMD", "mysqladmin", "ping", "-u", "app", "-pgreen-apples"]') },
      { 'compose.yaml': withTest('["CMD", "mysqladmin", "-u", "app", "-p", "ping"]') },
      { 'compose.yaml': withTest('["CMD", "mysqladmin", "ping", "-p", "--silent"]') },
      { 'compose.yaml': withTest('mysqladmin ping -U app || true') },
      { 'compose.yaml': withTest('["CMD", "mysql", "-U", "-p", "orders", "-e", "SELECT 1"]') },
    ],
    isOffered: false,
  });
}

describeCase({
  about: 'arguments behind the one text that a shell runs',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD-SHELL", 'wget', "-q", "localhost"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  fixed: { 'compose.yaml': withTest(`["CMD", 'wget', "-q", "localhost"]`) },
});

describeCase({
  about: 'a word of the shell, with arguments behind it',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD-SHELL", "exit", "0"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "exit 0"]`) },
});

describeCase({
  about: 'words behind a whole command, of which nobody knows whether they belong to it',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD-SHELL", "exit 0", "x"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [{ 'compose.yaml': withTest(`["CMD-SHELL", "wget -q $$0", "localhost"]`) }],
  isOffered: false,
});

describeCase({
  about: 'operators of a shell before another one that is to be run',
  code: CODE,
  has: { 'compose.yaml': withTest(`["CMD", "curl", "-f", "localhost", "||", "sh", "-c", "true"]`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  fixed: { 'compose.yaml': withTest(`["CMD-SHELL", "curl -f localhost || sh -c true"]`) },
});

describeCase({
  about: 'how it is to be run, in what a shell runs',
  code: CODE,
  has: {
    'compose.yaml': withTest(
      '"CMD pg_isready -U x"',
      [
        `  b:\n    image: shop:1\n    healthcheck: { test: ["CMD-SHELL", 'CMD curl -f localhost || exit 1'] }\n`,
        '  c:\n    image: shop:1\n    healthcheck:\n      test: >-\n        CMD-SHELL curl -f localhost\n        || exit 1\n',
        '  d:\n    image: shop:1\n    healthcheck:\n      test: NONE # off\n',
      ].join(''),
    ),
  },
  found: [
    'error broken-health-check compose.yaml:5 (dev)',
    'error broken-health-check compose.yaml:9 (dev)',
    'error broken-health-check compose.yaml:13 (dev)',
    'error broken-health-check compose.yaml:19 (dev)',
  ],
  nearly: [
    { 'compose.yaml': withTest('pg_isready -U CMD') },
    { 'compose.yaml': withTest('CMD=1 pg_isready') },
    { 'compose.yaml': withTest(`["CMD", "NONE"]`) },
    { 'compose.yaml': withTest('["NONE"]') },
  ],
  fixed: {
    'compose.yaml': withTest(
      '"pg_isready -U x"',
      [
        `  b:\n    image: shop:1\n    healthcheck: { test: ["CMD-SHELL", 'curl -f localhost || exit 1'] }\n`,
        '  c:\n    image: shop:1\n    healthcheck:\n      test: >-\n        curl -f localhost\n        || exit 1\n',
        '  d:\n    image: shop:1\n    healthcheck:\n      test: ["NONE"] # off\n',
      ].join(''),
    ),
  },
});

describeCase({
  about: 'how it is to be run, before what YAML would take otherwise without it',
  code: CODE,
  has: { 'compose.yaml': withTest(`CMD ["curl", "localhost"]`) },
  found: ['error broken-health-check compose.yaml:5 (dev)'],
  isOffered: false,
});

describeCase({
  about: 'no command at all',
  code: CODE,
  has: { 'compose.yaml': withTest('["CMD"]') },
  found: ['error broken-health-check compose.yaml:5 (dev)'],
  isOffered: false,
});

/** Compose refuses files for the first one that it meets. */
const REFUSED = [
  ['["curl", "-f", "localhost"]', '["CMD", "curl", "-f", "localhost"]'],
  ['[curl -f localhost]', '[CMD-SHELL, curl -f localhost]'],
  [`['cmd', 'curl', 'localhost']`, `['CMD', 'curl', 'localhost']`],
  ['\n        - curl\n        - localhost', '\n        - CMD\n        - curl\n        - localhost'],
] as const;

for (const [test, fixed] of REFUSED) {
  describeCase({
    about: `a list that does not say how it is run: ${test.replaceAll(/\s+/g, ' ')}`,
    code: CODE,
    has: { 'compose.yaml': withTest(test) },
    found: [`error broken-health-check compose.yaml:${test.startsWith('[') ? 5 : 6} (dev)`],
    fixed: { 'compose.yaml': withTest(fixed) },
  });
}

describe('broken-health-check: a list that does not say how it is run', () => {
  let folder: CheckedFolder;
  afterEach(() => folder?.dispose());

  it('is told of once, and what else Compose refuses is told of as that', async () => {
    folder = new CheckedFolder({ 'compose.yaml': withTest('["curl", "localhost"]') });
    const errors = async () =>
      folder.lines((await folder.check()).findings.filter(({ severity }) => severity === 'error'));
    assert.deepEqual(await errors(), ['error broken-health-check compose.yaml:5 (dev)']);
    folder.write('compose.yaml', withTest('["CMD", "curl"]', '    ports: 5\n'));
    assert.deepEqual(await errors(), ['error invalid-configuration compose.yaml:7 (dev)']);
  });

  it('has no fix where a shell is meant, and others read the list', async () => {
    for (const test of ['["curl", "localhost", "||", "exit", "1"]', '&test [curl, localhost]']) {
      const other = test.startsWith('&') ? '  other:\n    image: shop:1\n    healthcheck: { test: *test }\n' : '';
      folder = new CheckedFolder({ 'compose.yaml': withTest(test, other) });
      const { findings } = await folder.check();
      const fixes = findings.filter(({ code }) => code === CODE).flatMap((finding) => finding.fixes);
      assert.deepEqual(fixes, [], test);
      folder.dispose();
    }
  });
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

/** A service with an image for each, whose health check begins with a tool. */
const withImages = (images: readonly string[], tool: string, more = '') =>
  `services:\n${images.map((image, at) => `  s${at}: { image: "${image}", healthcheck: { test: "${tool} localhost" }${more} }\n`).join('')}`;
const WITHOUT_CURL = [
  'traefik:v3.1',
  'traefik:2.11',
  'registry:2',
  'nginx:1.27-alpine-slim',
  'ruby:3.3-slim',
  'gcr.io/distroless/nodejs22-debian12:nonroot',
];

describeCase({
  about: 'a tool that images lack which are made without it',
  code: CODE,
  has: { 'compose.yaml': withImages(WITHOUT_CURL, 'curl') },
  found: WITHOUT_CURL.map((_, at) => `warning broken-health-check compose.yaml:${at + 2} (dev)`),
  nearly: [
    { 'compose.yaml': withImages(WITHOUT_CURL.slice(0, 4), 'wget') },
    {
      'compose.yaml': withImages(
        ['nginx:1.27-alpine', 'caddy:2', 'ruby:3.3', 'registry:3', 'php:8.3-fpm-alpine'],
        'curl',
      ),
    },
    {
      'compose.yaml': withImages(['gcr.io/distroless/base:debug', 'ghcr.io/distroless/base', 'own/traefik:v3'], 'wget'),
    },
    { 'compose.yaml': withImages(['traefik:v3.1'], 'curl', ', volumes: ["/opt/curl:/usr/bin/curl"]') },
    { 'compose.yaml': withImages(['traefik:v3.1-windowsservercore-ltsc2022'], 'curl') },
  ],
  isOffered: false,
});

describeCase({
  about: 'a tool that the image lacks, beside mounts that only have its name in theirs',
  code: CODE,
  has: { 'compose.yaml': withImages(['registry:2'], 'curl', ', volumes: ["./curl-cache:/c"]'), 'curl-cache/a': '' },
  found: ['warning broken-health-check compose.yaml:2 (dev)'],
  nearly: [
    ', volumes: ["./tools:/usr/local/bin/"]',
    ', volumes: ["./tools:/usr/local:ro"]',
    ', volumes: ["./tools/c:/bin/curl"]',
    ', entrypoint: ["sh", "-c", "apk add curl; exec registry"]',
  ].map((more) => ({ 'compose.yaml': withImages(['registry:2'], 'curl', more), 'tools/c': '' })),
  isOffered: false,
});

describeCase({
  about: 'a tool that the image lacks, beside a folder of programs that no shell looks in',
  code: CODE,
  has: { 'compose.yaml': withImages(['registry:2'], 'curl', ', volumes: ["./bin:/app/bin"]'), 'bin/a': '' },
  found: ['warning broken-health-check compose.yaml:2 (dev)'],
  nearly: [{ 'compose.yaml': withImages(['registry:2'], 'curl', ', volumes: ["./bin:/usr/bin"]'), 'bin/a': '' }],
  isOffered: false,
});

const PYTHON = 'gcr.io/distroless/python3';

describeCase({
  about: 'a shell that the image lacks, unlike older ones of Python',
  code: CODE,
  has: { 'compose.yaml': withTest('python health.py').replace('shop:1', `${PYTHON}-debian12`) },
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [PYTHON, `${PYTHON}:nonroot`, `${PYTHON}-debian11`, `${PYTHON}-debian10:nonroot`].map((image) => ({
    'compose.yaml': withTest('python health.py').replace('shop:1', image),
  })),
  isOffered: false,
});

/** A service of an image without a shell. */
const withoutShell = (test: string, tag = 'nonroot', more = '') => ({
  'compose.yaml': withTest(test, more).replace('shop:1', `gcr.io/distroless/nodejs22-debian12:${tag}`),
  'busybox/sh': '',
});

describeCase({
  about: 'a shell that the image lacks',
  code: CODE,
  has: withoutShell('node health.js', 'nonroot', '    volumes: ["./busybox:/cash"]\n'),
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    withoutShell('["CMD", "/nodejs/bin/node", "health.js"]'),
    withoutShell('node health.js', 'debug-nonroot'),
    withoutShell('node health.js', 'nonroot', '    volumes: ["./busybox:/bin"]\n'),
    withoutShell('["CMD", "/busybox/sh", "-c", "node a.js"]', 'nonroot', '    volumes: ["./busybox:/busybox"]\n'),
    withoutShell('["NONE"]'),
  ],
  isOffered: false,
});

describeCase({
  about: 'a shell that the image lacks, whose name only ends a script',
  code: CODE,
  has: withoutShell('node health.js', 'nonroot', '    command: ["/app/run.sh"]\n'),
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [withoutShell('node health.js', 'nonroot', '    command: ["/app/busybox", "sh", "/app/run.sh"]\n')],
  isOffered: false,
});

describeCase({
  about: 'a shell that the image lacks, as a program',
  code: CODE,
  has: withoutShell('["CMD", "sh", "-c", "node health.js"]'),
  found: ['warning broken-health-check compose.yaml:5 (dev)'],
  nearly: [
    {
      'compose.yaml': withTest('node health.js').replace('shop:1', `gcr.io/distroless/cc@sha256:${'a1'.repeat(32)}`),
    },
  ],
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
