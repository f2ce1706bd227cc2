import { describeCase } from '../support/checkCases';

const CHECK = 'healthcheck: { test: ["CMD", "true"] }';
const DB = `  db:\n    image: postgres:16-alpine\n    ${CHECK}\n`;
const CACHE = '  cache:\n    image: redis:7-alpine\n';

describeCase({
  about: 'a list in lines, of which one has no health check',
  code: 'dependency-not-awaited',
  has: {
    'compose.yaml': `services:\r\n  web:\r\n    image: shop\r\n    depends_on: # both\r\n      - db # the data\r\n      # not so important\r\n      - "cache"\r\n${(DB + CACHE).replaceAll('\n', '\r\n')}`,
  },
  found: ['warning dependency-not-awaited compose.yaml:5 (dev)'],
  nearly: [
    // Nothing to wait for, waited for, a console of the store, and health that only another environment checks.
    { 'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on: [cache]\n${CACHE}` },
    {
      'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on: { db: { condition: service_healthy } }\n${DB}`,
    },
    { 'compose.yaml': `services:\n  console:\n    image: adminer:4\n    depends_on: [db]\n${DB}` },
    {
      'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on: [db]\n${DB.replace(CHECK, 'healthcheck: { disable: true }')}`,
    },
    // Something that ends, and is waited for until it has.
    {
      'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on: { db: { condition: service_completed_successfully } }\n${DB}`,
    },
  ],
  fixed: {
    'compose.yaml': `services:\r\n  web:\r\n    image: shop\r\n    depends_on: # both\r\n      db: # the data\r\n        condition: service_healthy\r\n      # not so important\r\n      "cache":\r\n        condition: service_started\r\n${(DB + CACHE).replaceAll('\n', '\r\n')}`,
  },
});

describeCase({
  about: 'a list in lines that begins in the column of its key',
  code: 'dependency-not-awaited',
  has: { 'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on:\n    - db\n    command: run\n${DB}` },
  found: ['warning dependency-not-awaited compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on:\n      db:\n        condition: service_healthy\n    command: run\n${DB}`,
  },
});

describeCase({
  about: 'a list in brackets',
  code: 'dependency-not-awaited',
  has: { 'compose.yaml': `services:\n  web: { image: shop, depends_on: [cache, 'db'] } # ours\n${DB}${CACHE}` },
  found: ['warning dependency-not-awaited compose.yaml:2 (dev)'],
  fixed: {
    'compose.yaml': `services:\n  web: { image: shop, depends_on: {cache: { condition: service_started }, 'db': { condition: service_healthy }} } # ours\n${DB}${CACHE}`,
  },
});

describeCase({
  about: 'a condition that is written out is only worth a hint',
  code: 'dependency-not-awaited',
  has: {
    'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on:\n      db:\n        condition: service_started # soon\n        restart: true\n${DB}`,
  },
  found: ['info dependency-not-awaited compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on:\n      db:\n        condition: service_healthy # soon\n        restart: true\n${DB}`,
  },
});

describeCase({
  about: 'a list of an overlay is mended there',
  code: 'dependency-not-awaited',
  has: {
    'compose.yaml': `services:\n  web:\n    image: shop\n    depends_on: { db: { condition: service_healthy } }\n${DB}`,
    'compose.test.yaml': 'services:\n  web:\n    depends_on: [db]\n',
  },
  found: ['warning dependency-not-awaited compose.test.yaml:3 (test)'],
  fixed: { 'compose.test.yaml': 'services:\n  web:\n    depends_on: {db: { condition: service_healthy }}\n' },
});

describeCase({
  about: 'a list that several services share is not changed',
  code: 'dependency-not-awaited',
  has: {
    'compose.yaml': `x-app: &app\n  image: shop\n  depends_on: [db]\nservices:\n  web:\n    <<: *app\n  worker:\n    <<: *app\n${DB}`,
  },
  found: ['warning dependency-not-awaited compose.yaml:3 (dev)', 'warning dependency-not-awaited compose.yaml:3 (dev)'],
  isOffered: false,
});

describeCase({
  about: 'no fix where another environment with the same file has no health check',
  code: 'dependency-not-awaited',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: shop\n    depends_on: [db]\n  db:\n    image: postgres:16-alpine\n',
    'compose.test.yaml': `services:\n  db:\n    ${CHECK}\n`,
  },
  found: ['warning dependency-not-awaited compose.yaml:4 (test)'],
  isOffered: false,
});

const WAITING = 'services:\n  web:\n    image: shop\n    depends_on: { db: { condition: service_healthy } }\n';

describeCase({
  about: 'postgres is asked as the user and for the database that it is given',
  code: 'dependency-without-health-check',
  has: {
    'compose.yaml': `${WAITING}  db:\n    image: postgres:16-alpine # pinned\n    environment:\n      POSTGRES_USER: shop\n      POSTGRES_DB: orders\n\n# below\nvolumes: {}\n`,
  },
  found: ['error dependency-without-health-check compose.yaml:5 (dev)'],
  nearly: [
    // With a health check, one that the image may bring, and one that is not waited for.
    { 'compose.yaml': `${WAITING}${DB}` },
    { 'compose.yaml': `${WAITING}  db: { image: "bitnami/postgresql:16" }\n` },
    { 'compose.yaml': `${WAITING}  db: { build: . }\n`, Dockerfile: 'FROM postgres:16\nHEALTHCHECK CMD pg_isready\n' },
    {
      'compose.yaml': WAITING.replace('service_healthy', 'service_started').concat('  db: { image: "postgres:16" }\n'),
    },
  ],
  fixed: {
    'compose.yaml': `${WAITING}  db:\n    image: postgres:16-alpine # pinned\n    environment:\n      POSTGRES_USER: shop\n      POSTGRES_DB: orders\n    healthcheck:\n      test: ["CMD-SHELL", "pg_isready -U $$POSTGRES_USER -d $$POSTGRES_DB"]\n      interval: 5s\n      timeout: 5s\n      retries: 5\n      start_period: 30s\n\n# below\nvolumes: {}\n`,
  },
});

describeCase({
  about: 'a service in braces',
  code: 'dependency-without-health-check',
  has: { 'compose.yaml': `${WAITING}  db: { image: "redis:7-alpine" }\n` },
  found: ['error dependency-without-health-check compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `${WAITING}  db: { image: "redis:7-alpine", healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 5s, timeout: 5s, retries: 5, start_period: 30s } }\n`,
  },
});

describeCase({
  about: 'a health check that an overlay switches off',
  code: 'dependency-without-health-check',
  has: {
    'compose.yaml': `${WAITING}${DB}`,
    'compose.test.yaml': 'services:\n  db:\n    healthcheck:\n      disable: true\n',
  },
  found: ['error dependency-without-health-check compose.test.yaml:3 (test)'],
  isOffered: false,
});
