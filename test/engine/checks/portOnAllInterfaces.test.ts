import { describeCase } from '../support/checkCases';

const DB = 'services:\n  db:\n    image: postgres:16-alpine\n';

describeCase({
  about: 'ports in one text, with variables and addresses of their own',
  code: 'port-on-all-interfaces',
  has: {
    'compose.prod.yaml': `${DB}    ports:\n      - "\${DB_PORT:-5432}:5432" # for us\n      - 5433:5432\n      - '0.0.0.0:5434:5432/tcp'\n      - 10.0.0.1:5435:5432\n`,
  },
  found: ['warning port-on-all-interfaces compose.prod.yaml:5 (prod)'],
  nearly: [
    { 'compose.yaml': `${DB}    ports: ["127.0.0.1:5432:5432", "10.0.0.1:5433:5432"]\n` },
    { 'compose.yaml': `${DB}    expose: [5432]\n` },
    { 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    ports: ["80:80"]\n' },
  ],
  fixed: {
    'compose.prod.yaml': `${DB}    ports:\n      - "127.0.0.1:\${DB_PORT:-5432}:5432" # for us\n      - 127.0.0.1:5433:5432\n      - '127.0.0.1:5434:5432/tcp'\n      - 10.0.0.1:5435:5432\n`,
  },
});

describeCase({
  about: 'ports in maps, and one that the engine chooses',
  code: 'port-on-all-interfaces',
  has: {
    'compose.yaml': `${DB}    ports:\n      - target: 5432\n        published: "5432"\n      - { target: 5432, published: "5433" }\n      - target: 5432\n        published: "5434"\n        host_ip: 0.0.0.0\n      - 5432\n`,
  },
  found: ['info port-on-all-interfaces compose.yaml:5 (dev)'],
  fixed: {
    'compose.yaml': `${DB}    ports:\n      - target: 5432\n        published: "5432"\n        host_ip: 127.0.0.1\n      - { target: 5432, published: "5433", host_ip: 127.0.0.1 }\n      - target: 5432\n        published: "5434"\n        host_ip: 127.0.0.1\n      - 127.0.0.1::5432\n`,
  },
});

describeCase({
  about: 'a store of objects, and not its client',
  code: 'port-on-all-interfaces',
  has: {
    'compose.yaml':
      'services:\n  files:\n    image: minio/minio:latest\n    ports: ["9000:9000"]\n  buckets:\n    image: minio/mc:latest\n    ports: ["9002:9002"]\n',
  },
  found: ['info port-on-all-interfaces compose.yaml:4 (dev)'],
});

describeCase({
  about: 'ports of the base and of an overlay',
  code: 'port-on-all-interfaces',
  has: {
    'compose.yaml': `${DB}    ports: ["5432:5432"]\n`,
    'compose.test.yaml': 'services:\n  db:\n    ports: !override ["5433:5432"]\n',
  },
  found: ['info port-on-all-interfaces compose.test.yaml:3 (test)', 'info port-on-all-interfaces compose.yaml:4 (dev)'],
  fixed: {
    'compose.yaml': `${DB}    ports: ["127.0.0.1:5432:5432"]\n`,
    'compose.test.yaml': 'services:\n  db:\n    ports: !override ["127.0.0.1:5433:5432"]\n',
  },
});

describeCase({
  about: 'no fix of ports that services share, or whose address is a variable',
  code: 'port-on-all-interfaces',
  has: {
    'compose.yaml': `x-db: &db\n  image: postgres:16-alpine\n  ports: [5432]\nservices:\n  one:\n    <<: *db\n  two:\n    <<: *db\n  three:\n    image: redis:7\n    ports: ["\${ADDRESS:-0.0.0.0}:6379:6379"]\n`,
  },
  found: [
    'info port-on-all-interfaces compose.yaml:3 (dev)',
    'info port-on-all-interfaces compose.yaml:3 (dev)',
    'info port-on-all-interfaces compose.yaml:11 (dev)',
  ],
  isOffered: false,
});
