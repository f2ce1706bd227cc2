import { describeCase } from '../support/checkCases';

const MIGRATE = '  migrate:\n    image: shop:1\n    command: npx prisma migrate deploy\n';
const FILE = `services:\n  web:\n    image: shop:1\n${MIGRATE}`;
const UP = 'up:\n\tdocker compose up -d --wait --wait-timeout 60\n';

describeCase({
  about: 'migrations that nothing waits for, where the makefile waits for all',
  code: 'one-shot-fails-wait',
  has: { 'compose.yaml': FILE, Makefile: UP },
  found: ['info one-shot-fails-wait compose.yaml:4 (dev)'],
  nearly: [
    { 'compose.yaml': FILE },
    { 'compose.yaml': FILE, Makefile: 'up:\n\tdocker compose up -d --wait web\n' },
    {
      'compose.yaml': `services:\n  web:\n    image: shop:1\n    depends_on: { migrate: { condition: service_completed_successfully } }\n${MIGRATE}`,
      Makefile: UP,
    },
    { 'compose.yaml': `${FILE}    profiles: [tools]\n`, Makefile: UP },
    {
      'compose.yaml': FILE.replace('npx prisma migrate deploy', 'sh -c "npx prisma migrate deploy && npm start"'),
      Makefile: UP,
    },
    { 'compose.yaml': FILE.replace('    command: npx prisma migrate deploy\n', ''), Makefile: UP },
    { 'compose.yaml': FILE.replaceAll('migrate:', 'initial:').replace(' migrate deploy', ''), Makefile: UP },
  ],
  isOffered: false,
});
