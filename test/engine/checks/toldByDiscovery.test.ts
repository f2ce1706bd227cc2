import { describeCase } from '../support/checkCases';

const WEB = 'services:\n  web:\n    image: busybox:1.36\n';
const OVERLAY = 'services:\n  web:\n    ports: ["80:80"]\n';

describeCase({
  about: 'called like a compose file, or berth.yaml',
  code: 'unreadable-file',
  has: { 'compose.yaml': WEB, 'compose.test.yaml': `${WEB}\0`, 'web/berth.yaml': 'environments: {}\0' },
  found: ['warning unreadable-file compose.test.yaml: ()', 'warning unreadable-file web/berth.yaml: ()'],
  nearly: [
    // What nobody takes for one of these, and what is text.
    { 'compose.yaml': WEB, 'compose.test.yaml.bak': `${WEB}\0`, 'data.yaml': '\0' },
    { 'compose.yaml': WEB, 'compose.test.yaml': `${WEB}# ünïcödé\r\n` },
  ],
});

const up = (...commands: readonly string[]) => `up:\n${commands.map((command) => `\t${command}\n`).join('')}`;

describeCase({
  about: 'that only running something would tell, or on an engine that is named by its address',
  code: 'unclear-command',
  has: {
    'compose.yaml': WEB,
    Makefile: up(
      'docker compose -f $(shell ./which) up -d',
      'docker -H tcp://10.0.0.1:2375 compose -f compose.yaml up -d',
    ),
  },
  found: ['warning unclear-command Makefile:2 ()', 'warning unclear-command Makefile:3 ()'],
  nearly: [
    { 'compose.yaml': WEB, Makefile: `FILE = compose.yaml\n${up('docker compose -f $(FILE) up -d')}` },
    { 'compose.yaml': WEB, Makefile: up('docker compose up -d $(shell ./services)') },
    { 'compose.yaml': WEB, Makefile: up('docker --context default compose up -d', 'docker ps -f $(shell ./which)') },
    {
      'compose.yaml': WEB,
      Makefile: up('# docker compose -f $(shell ./which) up -d', 'docker compose up -d'),
    },
  ],
});

describeCase({
  about: 'with nothing beside it',
  code: 'overlay-without-base',
  has: { 'compose.debug.yaml': OVERLAY, 'deploy/compose.yaml': WEB },
  found: ['warning overlay-without-base compose.debug.yaml: ()'],
  nearly: [
    { 'compose.debug.yaml': OVERLAY, 'compose.yaml': WEB },
    { 'compose.debug.yaml': WEB },
    // Somebody says what it is laid over, or it is taken in.
    {
      'compose.debug.yaml': OVERLAY,
      'deploy/compose.yaml': WEB,
      'berth.yaml': 'environments:\n  debug: { files: [deploy/compose.yaml, compose.debug.yaml] }\n',
    },
    {
      'compose.debug.yaml': OVERLAY,
      'deploy/compose.yaml': WEB,
      Makefile: up('docker compose -f deploy/compose.yaml -f compose.debug.yaml up -d'),
    },
    {
      'part/compose.web.yaml': OVERLAY,
      'compose.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    extends: { file: part/compose.web.yaml, service: web }\n',
    },
  ],
});

describeCase({
  about: 'that commands name, in a recipe, a script and a workflow',
  code: 'missing-compose-file',
  has: {
    'compose.yaml': WEB,
    Makefile: up('docker compose -f compose.yaml -f compose.e2e.yaml up -d'),
    'scripts/up.sh': '#!/bin/sh\ndocker compose -f deploy/compose.yaml up -d\n',
    '.github/workflows/ci.yml': 'jobs:\n  e2e:\n    steps:\n      - run: docker compose -f ci/compose.yaml up -d\n',
  },
  found: [
    'warning missing-compose-file .github/workflows/ci.yml:4 ()',
    'warning missing-compose-file Makefile:2 ()',
    'warning missing-compose-file scripts/up.sh:2 ()',
  ],
  isOffered: false,
  nearly: [
    // There, asked for first, made by the recipe, or on another machine.
    {
      'compose.yaml': WEB,
      'compose.e2e.yaml': OVERLAY,
      Makefile: up('docker compose -f compose.yaml -f compose.e2e.yaml up -d'),
    },
    {
      'compose.yaml': WEB,
      'up.sh': 'if [ -f compose.local.yaml ]; then\n  docker compose -f compose.yaml -f compose.local.yaml up -d\nfi\n',
    },
    { 'compose.yaml': WEB, Makefile: up('docker compose -f ../elsewhere/compose.yaml up -d') },
    { 'compose.yaml': WEB, Makefile: up('docker compose -f ~/shop/compose.yaml up -d') },
    { 'compose.yaml': WEB, Makefile: up('# docker compose -f compose.e2e.yaml up -d', 'docker compose up -d') },
    // The script's own folder, where it changes to that.
    {
      'deploy/compose.yaml': WEB,
      'deploy/up.sh': 'cd "$(dirname "$0")"\ndocker compose -f compose.yaml up -d\n',
    },
  ],
});

const declared = (more: string) => `environments:\n  dev:\n    files: [deploy/compose.yaml]\n    ${more}\n`;

describeCase({
  about: 'of what is declared',
  code: 'missing-project-directory',
  has: { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('projectDirectory: deployment # or so') },
  found: ['warning missing-project-directory berth.yaml:2 (dev)'],
  nearly: [
    { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('projectDirectory: deploy') },
    { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('purpose: development') },
    { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('projectDirectory: .') },
  ],
});

describeCase({
  about: 'of a command',
  code: 'missing-project-directory',
  has: {
    'compose.yaml': WEB,
    Makefile: up('docker compose -f compose.yaml --project-directory deployment up -d'),
  },
  found: ['warning missing-project-directory Makefile:2 (dev)'],
  nearly: [
    {
      'compose.yaml': WEB,
      'deployment/README': '',
      Makefile: up('docker compose -f compose.yaml --project-directory deployment up -d'),
    },
  ],
});

describeCase({
  about: 'in the phases of a start-up',
  code: 'unknown-service',
  has: { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('startup: [[db], [web]]') },
  found: ['warning unknown-service berth.yaml:2 (dev)'],
  nearly: [
    { 'deploy/compose.yaml': WEB, 'berth.yaml': declared('startup: [[web]]') },
    {
      'deploy/compose.yaml': `${WEB}  db:\n    image: busybox:1.36\n    profiles: [db]\n`,
      'berth.yaml': declared('startup: [[db], [web]]'),
    },
    // What is taken in, Compose has to tell.
    {
      'deploy/compose.yaml': `include: [db.yaml]\n${WEB}`,
      'deploy/db.yaml': 'services:\n  db:\n    image: busybox:1.36\n',
      'berth.yaml': declared('startup: [[db], [web]]'),
    },
  ],
});

describeCase({
  about: 'keys and values that there are not, no YAML, and nothing to make an environment of',
  code: 'invalid-declaration',
  has: {
    'shop/compose.yaml': WEB,
    'shop/berth.yaml':
      'environments:\n  dev: { fles: [compose.yaml] }\n  test: { files: [compose.yaml], purpose: testing }\n',
    'none/berth.yaml': 'environments:\n  dev: { purpose: development }\n',
    'broken/berth.yaml': 'environments:\n  dev: [\n',
    'both/compose.yaml': WEB,
    'both/berth.yaml': 'environments:\n  dev: { files: [compose.yaml] }\n',
    'both/berth.yml': 'environments:\n  dev: { files: [compose.yaml] }\n',
  },
  found: [
    'error invalid-declaration both/berth.yml: ()',
    'error invalid-declaration broken/berth.yaml:3 ()',
    'error invalid-declaration none/berth.yaml:2 ()',
    'error invalid-declaration shop/berth.yaml:2 ()',
    'error invalid-declaration shop/berth.yaml:3 ()',
  ],
  isOffered: false,
  nearly: [
    { 'compose.yaml': WEB, 'berth.yaml': 'environments:\n  dev: { files: [compose.yaml], purpose: test }\n' },
    { 'compose.yaml': WEB, 'berth.yml': 'environments:\n  dev: { files: [compose.yaml] }\n' },
    // Without "files", those of its folder.
    { 'compose.yaml': WEB, 'berth.yaml': 'environments:\n  dev: { purpose: development }\n' },
  ],
});

const OF_FILES = 'environments:\n  dev:\n    files: [compose.yaml, compose.local.yaml]\n    envFiles: [dev.env]\n';

describeCase({
  about: 'files that are not there, made of their examples',
  code: 'invalid-declaration',
  has: {
    'compose.yaml': WEB,
    'compose.local.yaml.example': OVERLAY,
    'dev.env.example': 'A=1\n',
    'berth.yaml': OF_FILES,
  },
  found: ['error invalid-declaration berth.yaml:3 ()', 'error invalid-declaration berth.yaml:4 ()'],
  nearly: [{ 'compose.yaml': WEB, 'compose.local.yaml': OVERLAY, 'dev.env': '', 'berth.yaml': OF_FILES }],
  fixed: { 'compose.local.yaml': OVERLAY, 'dev.env': 'A=1\n' },
});

describeCase({
  about: 'files that are not there, without an example',
  code: 'invalid-declaration',
  has: { 'compose.yaml': WEB, 'berth.yaml': OF_FILES },
  found: ['error invalid-declaration berth.yaml:3 ()', 'error invalid-declaration berth.yaml:4 ()'],
  isOffered: false,
});
