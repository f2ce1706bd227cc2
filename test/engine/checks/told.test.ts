// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in scripts.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

const WEB = 'services:\n  web:\n    image: busybox:1.36\n';

describeCase({
  about: 'is an error where a file is as Compose takes it by itself, or somebody runs it',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': `${WEB}    depends_on: [db]\n`,
    'e2e/compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: 5\n',
    'part/compose.x.yaml': 'services:\n  web:\n    image: busybox:1.36\n    volumes: ["data:/data"]\n',
    Makefile: 'part:\n\tdocker compose -f part/compose.x.yaml up -d\nup:\n\tdocker compose up -d\n',
  },
  found: [
    'error invalid-configuration compose.yaml:4 (dev)',
    'error invalid-configuration e2e/compose.yaml:4 (e2e)',
    'error invalid-configuration part/compose.x.yaml:4 (part/x)',
  ],
  nearly: [{ 'compose.yaml': WEB }],
});

describeCase({
  about: 'is a warning where what the files take in is not there',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': `include: [theirs/compose.yaml]\n${WEB}`,
    'e2e/compose.yaml': 'services:\n  web:\n    extends: { file: made.yaml, service: web }\n',
  },
  found: [
    'warning invalid-configuration compose.yaml:1 (dev)',
    'warning invalid-configuration e2e/compose.yaml:3 (e2e)',
  ],
  nearly: [{ 'compose.yaml': `include: [theirs/compose.yaml]\n${WEB}`, 'theirs/compose.yaml': 'services: {}\n' }],
});

/** What Compose refuses, since nothing has it. */
const PARTS: readonly string[] = [
  `${WEB}    depends_on: [db]\n`,
  `${WEB}    networks: [inner]\n`,
  `${WEB}    volumes: ["data:/data"]\n`,
  `${WEB}    secrets: [key]\n`,
  `${WEB}  db:\n    tty: true\n`,
];

describeCase({
  about: 'is an error where a file lies alone that Compose takes by itself',
  code: 'invalid-configuration',
  has: Object.fromEntries(PARTS.map((text, index) => [`p${index}/docker-compose.yml`, text])),
  found: [
    'error invalid-configuration p0/docker-compose.yml:4 (p0/dev)',
    'error invalid-configuration p1/docker-compose.yml:4 (p1/dev)',
    'error invalid-configuration p2/docker-compose.yml:4 (p2/dev)',
    'error invalid-configuration p3/docker-compose.yml:4 (p3/dev)',
    'error invalid-configuration p4/docker-compose.yml:4 (p4/dev)',
  ],
});

describeCase({
  about: 'is an error with the override file that Compose takes by itself, too',
  code: 'invalid-configuration',
  has: { 'compose.yaml': WEB, 'compose.override.yaml': `services:\n  web:\n    depends_on: [db]\n` },
  found: ['error invalid-configuration compose.override.yaml:3 (dev)'],
});

describeCase({
  about: 'is a warning where other compose files lie beside the one that Compose takes by itself',
  code: 'invalid-configuration',
  has: { 'compose.yaml': `${WEB}    depends_on: [db]\n`, 'compose.tools.yaml': WEB.replace('web', 'tools') },
  found: ['warning invalid-configuration compose.yaml:4 (dev, tools)'],
});

const KEYED = `${WEB}    secrets: [key]\n`;
const KEY = 'secrets:\n  key: { environment: KEY }\n';

describeCase({
  about: 'is a warning where everybody makes an override file of an example, which may have what is missing',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': KEYED,
    'compose.override.yml.example': KEY,
    'ran/docker-compose.yml': KEYED,
    'ran/docker-compose.override.example.yml': KEY,
    'ran/Makefile': 'up:\n\tdocker compose up -d\n',
    'declared/compose.yaml': KEYED,
    'declared/compose.override.yaml.example': KEY,
    'declared/berth.yaml': 'environments:\n  dev: {}\n',
    'other/compose.yaml': KEYED,
    'other/docker-compose.override.yml.example': KEY,
    'half/compose.yaml': `${WEB}  worker:\n    tty: true\n`,
    'half/compose.override.yaml.example': 'services:\n  worker:\n    image: busybox:1.36\n',
  },
  found: [
    'warning invalid-configuration compose.yaml:4 (dev)',
    'warning invalid-configuration declared/compose.yaml:4 (declared/dev)',
    'warning invalid-configuration half/compose.yaml:4 (half/dev)',
    'warning invalid-configuration other/compose.yaml:4 (other/dev)',
    'warning invalid-configuration ran/docker-compose.yml:4 (ran/dev)',
  ],
  fixed: {
    'compose.override.yml': KEY,
    'ran/docker-compose.override.yml': KEY,
    'declared/compose.override.yaml': KEY,
    'other/docker-compose.override.yml': KEY,
    'half/compose.override.yaml': 'services:\n  worker:\n    image: busybox:1.36\n',
  },
  nearly: [
    { 'compose.yaml': WEB, 'compose.override.yml.example': KEY },
    { 'compose.yaml': KEYED, 'compose.override.yml.example': KEY, 'compose.override.yml': KEY },
  ],
});

describeCase({
  about: 'is an error where Compose would not take that file, or it could not have what is missing',
  code: 'invalid-configuration',
  has: {
    'told/compose.yaml': KEYED,
    'told/compose.override.yaml.example': KEY,
    'told/Makefile': 'up:\n\tdocker compose -f compose.yaml up -d\n',
    'there/compose.yaml': KEYED,
    'there/compose.override.yml': 'services: {}\n',
    'there/compose.override.yaml.example': KEY,
    'named/compose.yaml': KEYED,
    'named/compose.override.yaml.example': KEY,
    'named/berth.yaml': 'environments:\n  dev: { files: [compose.yaml] }\n',
    'named/Makefile': 'up:\n\tdocker compose up -d\n',
    'typo/compose.yaml': `${WEB}    depends_on: [databse]\n  database:\n    image: berth/idle:1\n`,
    'typo/compose.override.yaml.example': 'services:\n  database:\n    ports: ["5432"]\n',
    'variable/.env': 'COMPOSE_FILE=compose.yaml\n',
    'variable/compose.yaml': KEYED,
    'variable/compose.override.yaml.example': KEY,
    'wrong/compose.yaml': `${WEB}    ports: 5\n`,
    'wrong/compose.override.yaml.example': KEY,
  },
  found: [
    'error invalid-configuration named/compose.yaml:4 (named/dev)',
    'error invalid-configuration there/compose.yaml:4 (there/dev)',
    'error invalid-configuration told/compose.yaml:4 (told/dev)',
    'error invalid-configuration typo/compose.yaml:4 (typo/dev)',
    'error invalid-configuration variable/compose.yaml:4 (variable/dev)',
    'error invalid-configuration wrong/compose.yaml:4 (wrong/dev)',
  ],
});

const PART_ABOVE = 'services:\n  web:\n    tty: true\n  pebble:\n    image: pebble:2.6\n';

describeCase({
  about: 'is a warning where a file in a folder above says what is missing, and an error where none does',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': WEB,
    'ci/tls/compose.yaml': PART_ABOVE,
    'ci/db/compose.yaml': PART_ABOVE.replace('web', 'db'),
    'ci/own/compose.yaml': PART_ABOVE,
    'ci/own/compose.override.yaml': WEB,
  },
  found: [
    'error invalid-configuration ci/db/compose.yaml:2 (ci/db/ci)',
    'warning invalid-configuration ci/tls/compose.yaml:2 (ci/tls/ci)',
  ],
});

describeCase({
  about: 'is a warning of a file that has only comments, as it says where to look instead',
  code: 'invalid-configuration',
  has: { 'compose.yaml': WEB, 'docker/compose.yaml': '# See ../compose.yaml\n' },
  found: ['warning invalid-configuration docker/compose.yaml: (docker/dev)'],
});

describeCase({
  about: 'is a warning where an env file that only its name gives to an environment can not be read',
  code: 'invalid-configuration',
  has: { 'compose.yaml': WEB, 'compose.test.yaml': WEB, '.env.test': 'A=1\nB C=2\n' },
  found: ['warning invalid-configuration .env.test:2 (test)'],
});

describeCase({
  about: 'is mended by a copy where there is an example of what the files take in',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': `include: [local.yaml]\n${WEB}`,
    'local.example.yaml': 'services:\n  tool:\n    image: busybox:1.36\n',
  },
  found: ['warning invalid-configuration compose.yaml:1 (dev)'],
  fixed: { 'local.yaml': 'services:\n  tool:\n    image: busybox:1.36\n' },
});

describeCase({
  about: 'is a warning where only names have told which files belong together, and something is missing in them',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': WEB,
    'compose.part.yaml': 'services:\n  other:\n    ports: ["1:1"]\n  web:\n    environment: { A: b }\n',
  },
  found: ['warning invalid-configuration compose.part.yaml:2 (part)'],
});

describeCase({
  about: 'is a warning where the file is laid over others on one of the ways through a script',
  code: 'invalid-configuration',
  has: {
    'parts/compose.yaml': WEB,
    'parts/compose.kafka.yaml': 'services:\n  kafka:\n    image: busybox:1.36\n    depends_on: [kdc]\n',
    'parts/compose.kdc.yaml': 'services:\n  kdc:\n    image: busybox:1.36\n',
    'run.sh':
      'FILES=(parts/compose.yaml)\nfor one in "$@"; do\n  case $one in\n    kafka) FILES+=(parts/compose.kafka.yaml) ;;\n' +
      '    kdc) FILES+=(parts/compose.kdc.yaml) ;;\n  esac\ndone\nF=""\nfor file in "${FILES[@]}"; do F="$F -f $file"; done\n' +
      'docker compose $F up -d\n',
  },
  found: ['warning invalid-configuration parts/compose.kafka.yaml:4 (kafka)'],
});

describeCase({
  about: 'is told at the key that has nothing below it, which is mended',
  code: 'invalid-configuration',
  has: { 'compose.yaml': `${WEB}volumes: # none yet\n  # data:\n` },
  found: [`error invalid-configuration compose.yaml:${WEB.split('\n').length} (dev)`],
  nearly: [{ 'compose.yaml': `${WEB}volumes: {}\n` }, { 'compose.yaml': `${WEB}volumes:\n  data:\n` }],
  fixed: { 'compose.yaml': `${WEB}volumes: {} # none yet\n  # data:\n` },
});

describe('invalid-configuration at a key without keys', () => {
  for (const written of ['~', 'null', '&none', '\n  - data']) {
    it(`names no fix where "${written.trim()}" is written`, async () => {
      const folder = new CheckedFolder({ 'compose.yaml': `${WEB}volumes: ${written}\n` });
      try {
        const { findings } = await folder.check();
        const refused = findings.filter(({ code }) => code === 'invalid-configuration');
        const line = WEB.split('\n').length;
        assert.deepEqual(folder.lines(refused), [`error invalid-configuration compose.yaml:${line} (dev)`]);
        assert.deepEqual(refused[0]?.fixes, []);
      } finally {
        folder.dispose();
      }
    });
  }
});

describe('what a later Compose knows', () => {
  const says = async (line: string) => {
    const checked = new CheckedFolder({ 'compose.yaml': `${WEB}    ${line}\n` });
    try {
      const { findings } = await checked.check();
      return [findings[0]?.code, findings[0]?.remedy?.split(', and')[0]];
    } finally {
      checked.dispose();
    }
  };

  it('is said to need that one', async () => {
    assert.deepEqual(
      [await says('provider: { type: x }'), await says('pull_policy: daily')],
      [
        ['unknown-key', '"provider" needs Docker Compose 2.36.0 or later'],
        ['invalid-configuration', '"pull_policy: daily, weekly, every_…" needs Docker Compose 2.34.0 or later'],
      ],
    );
  });
});
