import { describeCase } from '../support/checkCases';

/** A whole file with one service. */
const publishing = (...ports: readonly string[]) =>
  `services:\n  db:\n    image: busybox:1.36\n    ports:\n${ports.map((port) => `      - "${port}"\n`).join('')}`;

describeCase({
  about: 'goes where its variable is set, in the env file of the one that gives way',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('${DB_PORT:-5432}:5432'),
    'compose.test.yaml': publishing('${DB_PORT:-5432}:5432'),
    '.env.test': '# of tests\r\nDB_PORT=5432 # as usual\r\n',
  },
  found: ['warning same-port compose.test.yaml:5 (dev, test)'],
  nearly: [
    // A variable makes the difference.
    {
      'compose.yaml': publishing('${DB_PORT:-5432}:5432'),
      'compose.test.yaml': publishing('${DB_PORT:-5432}:5432'),
      '.env.test': 'DB_PORT=5433\n',
    },
    // Other addresses, another protocol; the engine chooses.
    {
      'compose.yaml': publishing('127.0.0.1:5432:5432', '5353:53/udp', '[::]:80:80', '8080', '9000-9010:9000'),
      'compose.test.yaml': publishing('127.0.0.2:5432:5432', '5353:53', '0.0.0.0:80:80', '8080', '9000-9010:9000'),
    },
    // Production runs elsewhere; so does a CI that nobody runs here.
    {
      'compose.yaml': publishing('5432:5432'),
      'compose.prod.yaml': publishing('5432:5432'),
      'compose.ci.yaml': publishing('5432:5432'),
    },
    // Examples.
    {
      'examples/a/compose.yaml': publishing('5432:5432'),
      'examples/b/compose.yaml': publishing('5432:5432'),
      'examples/b/compose.test.yaml': publishing('5433:5432'),
      'compose.test.yaml': publishing('5432:5432'),
    },
    // What its profile does not enable, or is not made at all, or is in the network of something else.
    {
      'compose.yaml': publishing('5432:5432'),
      'compose.test.yaml': `${publishing('5432:5432')}    profiles: [tools]\n`,
    },
    {
      'compose.yaml': publishing('5432:5432'),
      'compose.test.yaml': `${publishing('5432:5432')}    scale: 0\n  web:\n    image: busybox:1.36\n    network_mode: host\n`,
    },
  ],
  fixed: { '.env.test': '# of tests\r\nDB_PORT=5433 # as usual\r\n' },
});

describeCase({
  about: 'is published from the network of the engine as well, and not from that of something else',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('5432:5432'),
    'compose.test.yaml': `${publishing('5432:5432')}    network_mode: bridge\n`,
  },
  found: ['warning same-port compose.test.yaml:5 (dev, test)'],
  nearly: ['host', 'none', 'service:web', 'container:shop-web'].map((mode) => ({
    'compose.yaml': publishing('5432:5432'),
    'compose.test.yaml': `${publishing('5432:5432')}    network_mode: "${mode}"\n  web:\n    image: busybox:1.36\n`,
  })),
});

describeCase({
  about: 'goes where it is written, in the file that only one of them has; addresses that overlap are one',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('5432:5432', '5433:5433', '[::1]:80:80'),
    'compose.test.yaml': publishing('127.0.0.1:5432:5432', '81:81', '80:80'),
  },
  found: ['warning same-port compose.test.yaml:5 (dev, test)', 'warning same-port compose.test.yaml:7 (dev, test)'],
  fixed: { 'compose.test.yaml': publishing('127.0.0.1:5434:5432', '81:81', '8080:80') },
});

describeCase({
  about: 'of a base goes in the overlay of the one that gives way',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('127.0.0.1:5432:5432', '5353:53/udp'),
    'compose.test.yaml': 'services:\n  db:\n    environment: { A: b } # only here\n\n# end\n',
  },
  found: ['warning same-port compose.yaml:5 (dev, test)', 'warning same-port compose.yaml:6 (dev, test)'],
  fixed: {
    'compose.test.yaml':
      'services:\n  db:\n    environment: { A: b } # only here\n    ports: !override\n      - "127.0.0.1:5433:5432"\n      - "5354:53/udp"\n\n# end\n',
  },
});

describeCase({
  about: 'that an overlay adds to is replaced, not moved',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('5432:5432'),
    'compose.test.yaml': 'services:\n  db:\n    ports:\n      - "5433:5432"\n',
  },
  found: ['warning same-port compose.test.yaml:3 (dev, test)'],
  nearly: [
    {
      'compose.yaml': publishing('5432:5432'),
      'compose.test.yaml': 'services:\n  db:\n    ports: !override\n      - "5433:5432"\n',
    },
  ],
  fixed: { 'compose.test.yaml': 'services:\n  db:\n    ports: !override\n      - "5433:5432"\n' },
});

describeCase({
  about: 'of a range is one finding, and stays as it is where others share the text',
  code: 'same-port',
  has: {
    'compose.yaml': publishing('8000-8002:8000-8002'),
    'compose.test.yaml': publishing('8001-8003:8001-8003'),
  },
  found: ['warning same-port compose.test.yaml:4 (dev, test)'],
});

describeCase({
  about: 'of two services of one environment',
  code: 'same-port',
  has: {
    'compose.yaml': `${publishing('8080:80')}  web: { image: "busybox:1.36", ports: ["127.0.0.1:8080:8080"] }\n`,
  },
  found: ['error same-port compose.yaml:6 (dev)'],
  nearly: [
    {
      'compose.yaml': `${publishing('8080:80')}  web: { image: "busybox:1.36", ports: ["8080:8080"], profiles: [web] }\n`,
    },
  ],
  fixed: {
    'compose.yaml': `${publishing('8080:80')}  web: { image: "busybox:1.36", ports: ["127.0.0.1:8081:8080"] }\n`,
  },
});

const WEB = '  web: { image: "busybox:1.36", ports: ["8080:8080"]';

for (const [about, files, place] of [
  [
    'in a profile',
    {
      'compose.yaml': `${publishing('8080:80')}${WEB}, profiles: [web] }\n`,
      Makefile: 'up:\n\tdocker compose --profile web up -d\n',
    },
    'compose.yaml:6 (dev)',
  ],
  [
    'that ends by itself',
    {
      'compose.yaml': `${publishing('8080:80')}${WEB} }\n  x:\n    image: busybox:1.36\n    depends_on: { web: { condition: service_completed_successfully } }\n`,
    },
    'compose.yaml:6 (dev)',
  ],
  [
    'of another file',
    {
      'compose.yaml': publishing('8080:80'),
      'web.yaml': `services:\n${WEB} }\n`,
      Makefile: 'up:\n\tdocker compose -f compose.yaml -f web.yaml up -d\n',
    },
    'web.yaml:2 (web)',
  ],
] as const) {
  describeCase({
    about: `of two services of one environment, with one ${about}`,
    code: 'same-port',
    has: files,
    found: [`warning same-port ${place}`],
  });
}

describeCase({
  about: 'of one service, twice',
  code: 'same-port',
  has: { 'compose.yaml': publishing('8080:80', '8080:81') },
  found: ['error same-port compose.yaml:6 (dev)'],
  fixed: { 'compose.yaml': publishing('8080:80', '8081:81') },
});

const RANGE = publishing('5433-5434:5433-5434');

describeCase({
  about: 'goes into the default that all have, where there is no env file yet',
  code: 'same-port',
  has: { 'compose.yaml': RANGE, 'compose.override.yaml': publishing('${TP:-5433}:5432') },
  found: ['error same-port compose.override.yaml:5 (dev)'],
  fixed: { 'compose.yaml': RANGE, 'compose.override.yaml': publishing('${TP:-5435}:5432') },
});

describeCase({
  about: 'goes into the env file that there is, whatever the default',
  code: 'same-port',
  has: { 'compose.yaml': RANGE, 'compose.override.yaml': publishing('${TP:-5433}:5432'), '.env': 'A=1\n' },
  found: ['error same-port compose.override.yaml:5 (dev)'],
  fixed: { '.env': 'A=1\nTP=5435\n', 'compose.override.yaml': publishing('${TP:-5433}:5432') },
});

const OF_ALL = `${publishing('127.0.0.1:${DB_PORT:-5432}:5432')}  migrate:
    image: busybox:1.36
    environment: { DATABASE_URL: "postgres://app@host.docker.internal:${'${DB_PORT:-5432}'}/app" }
`;
const OF_ALL_UP = 'up:\n\tdocker compose up -d\n\tdocker compose -f test/compose.yaml up -d\n';

describeCase({
  about: 'goes into the env file, also one to be made, where an address has the same variable',
  code: 'same-port',
  has: { 'compose.yaml': OF_ALL, 'test/compose.yaml': OF_ALL, Makefile: OF_ALL_UP },
  found: ['warning same-port test/compose.yaml:5 (dev, test)'],
  fixed: { 'test/.env': 'DB_PORT=5433\n', 'test/compose.yaml': OF_ALL },
});

const [API_COMPOSE, WEB_COMPOSE] = ['docker compose -f api/compose.yaml', 'docker compose -f web/compose.yaml'];
const BOTH = { 'api/compose.yaml': publishing('5432:5432'), 'web/compose.yaml': publishing('5432:5432') };
const target = (...lines: readonly string[]) => `up:\n${lines.map((line) => `\t${line}\n`).join('')}`;

describeCase({
  about: 'of two that one target brings up',
  code: 'same-port',
  has: { ...BOTH, Makefile: target(`${API_COMPOSE} up -d`, `${WEB_COMPOSE} up -d`) },
  found: ['warning same-port web/compose.yaml:5 (api/dev, web/dev)'],
  nearly: [
    BOTH,
    { ...BOTH, Makefile: target(`${API_COMPOSE} up -d`, `${API_COMPOSE} down`, `${WEB_COMPOSE} up -d`) },
    { ...BOTH, Makefile: `api:\n\t${API_COMPOSE} up -d\nweb:\n\t${WEB_COMPOSE} up -d\n` },
    { ...BOTH, 'run.sh': `case $1 in\n  api) ${API_COMPOSE} up -d ;;\n  web) ${WEB_COMPOSE} up -d ;;\nesac\n` },
    { ...BOTH, 'README.md': `\`\`\`sh\n${API_COMPOSE} up -d\n${WEB_COMPOSE} up -d\n\`\`\`\n` },
    // In one project, the second takes the place of the first; what both have in common is one.
    { ...BOTH, Makefile: target(`${API_COMPOSE} -p shop up -d`, `${WEB_COMPOSE} -p shop up -d`) },
    {
      'compose.yaml': publishing('5432:5432'),
      'dev.yaml': 'services: {}\n',
      Makefile: target('docker compose up -d', 'docker compose -p b -f compose.yaml -f dev.yaml up -d'),
    },
    // What can be shared is meant to be.
    {
      'api/compose.yaml': publishing('5432:5432'),
      'web/compose.yaml': publishing('5433:5432'),
      Makefile: target(`${API_COMPOSE} up -d`, `${WEB_COMPOSE} up -d`),
    },
  ],
  fixed: { 'web/compose.yaml': publishing('5433:5432') },
});
