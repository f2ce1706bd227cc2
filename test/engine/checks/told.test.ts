import { describeCase } from '../support/checkCases';

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
  about: 'is a warning where only names have told which files belong together, and something is missing in them',
  code: 'invalid-configuration',
  has: {
    'compose.yaml': WEB,
    'compose.part.yaml': 'services:\n  other:\n    ports: ["1:1"]\n  web:\n    environment: { A: b }\n',
  },
  found: ['warning invalid-configuration compose.part.yaml:2 (part)'],
});
