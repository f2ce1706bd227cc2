import { describeCase, type Files } from '../support/checkCases';

const NEARLY: readonly Files[] = [
  { 'compose.yaml': 'services:\n  web:\n    image: web:1\n' },
  {
    'compose.prod.yaml':
      'services:\n  web:\n    image: web:1\n    mem_limit: 512M\n    logging: { driver: local }\n    depends_on: { migrate: { condition: service_completed_successfully } }\n  migrate:\n    image: web:1\n    command: migrate\n',
  },
  {
    'compose.prod.yaml':
      'services:\n  web:\n    image: web:1\n    deploy: { resources: { limits: { memory: 512M } } }\n    logging: { driver: json-file, options: { max-size: 10m } }\n',
  },
];
const ROTATION =
  '\n    logging:\n      driver: json-file\n      options:\n        max-size: 10m\n        max-file: "3"';

describeCase({
  about: 'one finding for all services',
  code: 'no-log-rotation',
  has: {
    'compose.yaml': 'services:\n  api: { image: "api:1" }\n  web:\n    image: web:1\n',
    'compose.prod.yaml': 'services:\n  web:\n    restart: always # and ever\n# end\n',
  },
  found: ['info no-log-rotation compose.yaml:2 (prod)'],
  nearly: NEARLY,
  fixed: {
    'compose.yaml':
      'services:\n  api: { image: "api:1", logging: { driver: json-file, options: { max-size: 10m, max-file: "3" } } }\n  web:\n    image: web:1\n',
    'compose.prod.yaml': `services:\n  web:\n    restart: always # and ever${ROTATION}\n# end\n`,
  },
});

describeCase({
  about: 'one finding for all services',
  code: 'no-limits',
  has: {
    'compose.prod.yaml':
      'services:\n  api: { image: "api:1" }\n  db: { image: "db:1", mem_limit: 1G }\n  web:\n    image: web:1\n',
  },
  found: ['info no-limits compose.prod.yaml:2 (prod)'],
  nearly: NEARLY,
  isOffered: false,
});
