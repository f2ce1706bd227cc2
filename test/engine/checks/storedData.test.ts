import { describeCase } from '../support/checkCases';

const DATABASE = 'services:\n  db:\n    image: postgres:16-alpine\n';

describeCase({
  about: 'in a volume of the overlay, and in one of the base',
  code: 'test-data-kept',
  has: {
    'compose.yaml': `${DATABASE}    volumes: ["data:/var/lib/postgresql/data"]\n  cache:\n    image: redis:7-alpine\n    volumes: [cache:/data]\nvolumes: { data: , cache: }\n`,
    'compose.test.yaml':
      'services:\n  db:\n    volumes:\n      - type: volume # ours\n        source: tests\n        target: /var/lib/postgresql/data\n  cache:\n    environment: { A: b }\nvolumes:\n  tests:\n',
  },
  found: ['info test-data-kept compose.test.yaml:3 (test)', 'info test-data-kept compose.yaml:7 (test)'],
  nearly: [
    { 'compose.test.yaml': `${DATABASE}    tmpfs: [/var/lib/postgresql/data]\n` },
    {
      'compose.test.yaml': `${DATABASE}    tmpfs: ["/var/lib/postgresql/data:size=1g"]\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n`,
    },
    { 'compose.test.yaml': DATABASE },
    { 'compose.test.yaml': `${DATABASE}    volumes: [backups:/backups]\nvolumes:\n  backups:\n` },
    {
      'compose.test.yaml': `${DATABASE}    command: [psql, --file, /seed.sql]\n    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n`,
    },
    // Removed after each run.
    {
      'compose.yaml': `${DATABASE}    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n`,
      'berth.yaml': 'environments:\n  e2e: { files: [compose.yaml], purpose: test, ephemeral: true }\n',
    },
    { 'compose.yaml': `${DATABASE}    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n` },
  ],
  fixed: {
    'compose.test.yaml':
      'services:\n  db:\n    volumes:\n      - { type: tmpfs, target: /var/lib/postgresql/data }\n  cache:\n    environment: { A: b }\n    volumes:\n      - { type: tmpfs, target: /data }\nvolumes:\n  tests:\n',
  },
});

describeCase({
  about: 'of a database that has nothing mounted, or a volume without a name',
  code: 'data-not-kept',
  has: {
    'compose.yaml': `${DATABASE}    environment:\n      POSTGRES_PASSWORD: x # of development\n  other:\n    image: mariadb:11\n    volumes:\n      - ./backups:/backups\n\n# end\n`,
  },
  found: ['info data-not-kept compose.yaml:3 (dev)', 'info data-not-kept compose.yaml:7 (dev)'],
  nearly: [
    { 'compose.yaml': `${DATABASE}    volumes: [data:/var/lib/postgresql/data]\nvolumes:\n  data:\n` },
    { 'compose.yaml': `${DATABASE.replace('16', '18')}    volumes: ["./data:/var/lib/postgresql"]\n` },
    { 'compose.yaml': 'services:\n  db:\n    image: bitnami/mariadb:11\n    volumes: ["./data:/bitnami/mariadb"]\n' },
    { 'compose.yaml': `${DATABASE}    environment: { PGDATA: /pg/data }\n    volumes: ["./data:/pg"]\n` },
    { 'compose.yaml': `${DATABASE}    tmpfs: [/var/lib/postgresql/data]\n` },
    { 'compose.yaml': `${DATABASE}    profiles: [tools]\n` },
    { 'compose.yaml': `${DATABASE}    entrypoint: [psql]\n` },
    { 'compose.yaml': 'services:\n  cache:\n    image: redis:7-alpine\n' },
    { 'compose.test.yaml': DATABASE },
  ],
  fixed: {
    'compose.yaml': `${DATABASE}    environment:\n      POSTGRES_PASSWORD: x # of development\n    volumes:\n      - db_data:/var/lib/postgresql/data\n  other:\n    image: mariadb:11\n    volumes:\n      - ./backups:/backups\n      - other_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n  other_data:\n\n# end\n`,
  },
});

describeCase({
  about: 'of the last service of a file without volumes',
  code: 'data-not-kept',
  has: { 'compose.yaml': `services:\n  web:\n    image: nginx:1.27\n${DATABASE.replace('services:\n', '')}` },
  found: ['info data-not-kept compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `services:\n  web:\n    image: nginx:1.27\n${DATABASE.replace('services:\n', '')}    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n`,
  },
});

for (const [volumes, filled] of [
  ['volumes: {} # none', 'volumes: { db_data: {} } # none'],
  ['volumes: { other: {} }', 'volumes: { other: {}, db_data: {} }'],
] as const) {
  describeCase({
    about: `where the file has "${volumes}"`,
    code: 'data-not-kept',
    has: { 'compose.yaml': `${volumes}\n${DATABASE}    volumes: []\n` },
    found: ['info data-not-kept compose.yaml:4 (dev)'],
    fixed: { 'compose.yaml': `${filled}\n${DATABASE}    volumes: [db_data:/var/lib/postgresql/data]\n` },
  });
}

for (const [where, text] of [
  ['what comes by a merge key', `x-db: &db\n  volumes: ["./init:/init"]\n${DATABASE}    <<: *db\n`],
  ['a list that an anchor shares', `x-all: &all ["./init:/init"]\n${DATABASE}    volumes: *all\n`],
  ['a service in braces', 'services: { db: { image: postgres:16 } }\n'],
] as const) {
  describeCase({
    about: `has no fix in ${where}`,
    code: 'data-not-kept',
    has: { 'compose.yaml': text },
    found: [
      `info data-not-kept compose.yaml:${text.split('\n').findIndex((line) => line.includes('image')) + 1} (dev)`,
    ],
    isOffered: false,
  });
}

describeCase({
  about: 'goes by PGDATA',
  code: 'data-not-kept',
  has: { 'compose.yaml': `volumes:\n  v:\n${DATABASE}    environment: { PGDATA: /pg/data }\n` },
  found: ['info data-not-kept compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `volumes:\n  v:\n  db_data:\n${DATABASE}    environment: { PGDATA: /pg/data }\n    volumes:\n      - db_data:/pg/data\n`,
  },
});

for (const [why, image, mount] of [
  ['another image has its data there', 'postgres:18-alpine', 'pg:/var/lib/postgresql/data'],
  ['Compose takes its name for a drive', 'mysql:8.4', 'd:/var/lib/mysql'],
] as const) {
  describeCase({
    about: `in spite of a volume, as ${why}`,
    code: 'data-not-kept',
    has: {
      'compose.yaml': `services:\n  db:\n    image: ${image}\n    volumes:\n      - ${mount}\nvolumes:\n  ${mount.replace(/:.*/, '')}:\n`,
    },
    found: ['info data-not-kept compose.yaml:4 (dev)'],
    isOffered: false,
  });
}

describeCase({
  about: 'has no fix where nobody knows where an image keeps data',
  code: 'data-not-kept',
  has: { 'compose.yaml': DATABASE.replace('postgres:', 'team/postgres:') },
  found: ['info data-not-kept compose.yaml:3 (dev)'],
  isOffered: false,
});

describeCase({
  about: 'is left to people where tests are made of the same file',
  code: 'data-not-kept',
  has: { 'compose.yaml': DATABASE, 'compose.test.yaml': 'services:\n  db:\n    ports: ["5433:5432"]\n' },
  found: ['info data-not-kept compose.yaml:3 (dev)'],
});
