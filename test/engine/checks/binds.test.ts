import { describeCase } from '../support/checkCases';

const mounting = (...mounts: readonly string[]) =>
  `services:\n  web:\n    image: web:1\n    volumes:\n${mounts.map((one) => `      - ${one}\n`).join('')}`;

describeCase({
  about: 'files, folders that are only read, and such that must be there',
  code: 'missing-bind-source',
  has: {
    'compose.yaml': mounting(
      './app.conf:/etc/app.conf',
      '"./pages:/pages:ro"',
      './uploads:/uploads',
      './cache:/cache',
      '{ type: bind, source: ./keys, target: /keys, bind: { create_host_path: false } }',
    ),
  },
  found: [
    'warning missing-bind-source compose.yaml:5 (dev)',
    'warning missing-bind-source compose.yaml:9 (dev)',
    'info missing-bind-source compose.yaml:6 (dev)',
    'info missing-bind-source compose.yaml:7 (dev)',
  ],
  nearly: [
    // There, made by builds or as it is brought up, and matters of the whole machine.
    {
      'compose.yaml': mounting('./app.conf:/etc/app.conf', '.:/src', './web/dist:/dist:ro', '/nowhere/x.conf:/x.conf'),
      'app.conf': '',
    },
    { 'compose.yaml': 'services:\n  db:\n    image: postgres:16\n    volumes: ["./data:/var/lib/postgresql/data"]\n' },
    {
      'compose.prod.yaml': mounting('./uploads:/uploads', '/run/app.sock:/run/app.sock', 'named:/x').concat(
        'volumes: { named: {} }\n',
      ),
    },
  ],
});

describeCase({
  about: 'what production has elsewhere',
  code: 'missing-bind-source',
  has: { 'compose.prod.yaml': mounting('./app.conf:/etc/app.conf', './uploads:/uploads') },
  found: ['info missing-bind-source compose.prod.yaml:5 (prod)'],
});

describeCase({
  about: 'files that there is an example of, one of them for two services',
  code: 'missing-bind-source',
  has: {
    'compose.yaml': `${mounting('./conf/app.conf:/etc/app.conf:ro', './job.yml:/job.yml')}  worker:\n    image: web:1\n    volumes: ["./conf/app.conf:/etc/app.conf:ro"]\n`,
    'conf/app.conf.example': 'port = 80\n',
    'job.dist.yml': 'job: none\n',
  },
  found: ['warning missing-bind-source compose.yaml:5 (dev)', 'warning missing-bind-source compose.yaml:6 (dev)'],
  fixed: { 'conf/app.conf': 'port = 80\n', 'job.yml': 'job: none\n' },
});

describeCase({
  about: 'the file of a secret, without which nothing is started',
  code: 'missing-bind-source',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: web:1\n    secrets: [key]\nsecrets:\n  key:\n    file: ./key.txt\n',
    'key.example.txt': 'example\n',
  },
  found: ['warning missing-bind-source compose.yaml:7 (dev)'],
  fixed: { 'key.txt': 'example\n' },
  nearly: [
    {
      'compose.yaml':
        'services:\n  web:\n    image: web:1\nsecrets:\n  key:\n    file: ./key.txt\n  other: { environment: KEY }\n',
    },
  ],
});

describeCase({
  about: 'a folder in the place of a file',
  code: 'mount-of-wrong-kind',
  has: {
    'compose.yaml': mounting(
      './nginx.conf:/etc/nginx/nginx.conf:ro',
      `"\${CONFIG:-./config}:\${TARGET:-/app}/config.yml"`,
    ),
    'nginx.conf/keep': '',
    'config/keep': '',
  },
  found: ['error mount-of-wrong-kind compose.yaml:5 (dev)', 'warning mount-of-wrong-kind compose.yaml:6 (dev)'],
  nearly: [
    {
      'compose.yaml': mounting('./nginx.conf:/etc/nginx/nginx.conf', './conf.d:/etc/nginx/conf.d', './v1.2:/app/v1.2'),
      'nginx.conf': '',
      'conf.d/keep': '',
      'v1.2/keep': '',
    },
  ],
});

describeCase({
  about: 'a file in the place of a folder',
  code: 'mount-of-wrong-kind',
  has: {
    'compose.yaml': mounting(
      './init.sql:/docker-entrypoint-initdb.d:ro # once',
      "'./app.conf:/etc/app/'",
      '{ type: bind, source: ./app.conf, target: /etc/nginx/conf.d }',
    ),
    'init.sql': '',
    'app.conf': '',
  },
  found: [
    'error mount-of-wrong-kind compose.yaml:5 (dev)',
    'error mount-of-wrong-kind compose.yaml:7 (dev)',
    'warning mount-of-wrong-kind compose.yaml:6 (dev)',
  ],
  nearly: [
    {
      'compose.yaml': mounting('./init.sql:/docker-entrypoint-initdb.d/init.sql', './app.conf:/etc/app', './db/:/db/'),
      'init.sql': '',
      'app.conf': '',
      'db/keep': '',
    },
  ],
  fixed: {
    'compose.yaml': mounting(
      './init.sql:/docker-entrypoint-initdb.d/init.sql:ro # once',
      "'./app.conf:/etc/app/app.conf'",
      '{ type: bind, source: ./app.conf, target: /etc/nginx/conf.d/app.conf }',
    ),
  },
});
