import { describeCase } from '../support/checkCases';

const WHOLE = 'services:\n  web:\n    image: busybox:1.36\n';
const MAKEFILE = `up:
	docker compose -f compose/dev.yml up -d
test-up:
	docker compose -f compose/test.yml up -d
`;

describeCase({
  about: 'is given to each by its file',
  code: 'same-project',
  has: {
    Makefile: MAKEFILE,
    'compose/dev.yml': WHOLE,
    'compose/test.yml': `# tests\r\n\r\n${WHOLE.replaceAll('\n', '\r\n')}`,
  },
  found: ['warning same-project Makefile:4 (test)'],
  nearly: [
    { Makefile: MAKEFILE, 'compose/dev.yml': WHOLE, 'compose/test.yml': `name: shop-test\n${WHOLE}` },
    {
      Makefile: MAKEFILE.replace('compose -f compose/test', 'compose -p shop-test -f compose/test'),
      'compose/dev.yml': WHOLE,
      'compose/test.yml': WHOLE,
    },
    { 'compose.yaml': WHOLE, 'compose.test.yaml': WHOLE },
  ],
  fixed: { 'compose/test.yml': `# tests\r\n\r\nname: compose-test\r\n\r\n${WHOLE.replaceAll('\n', '\r\n')}` },
});

describeCase({
  about: 'of what is run instead of each other is a remark',
  code: 'same-project',
  has: {
    Makefile: 'up:\n\tdocker compose -f dev.yml up -d\nprod-up:\n\tdocker compose -f prod.yml up -d\n',
    'dev.yml': WHOLE,
    'prod.yml': WHOLE,
  },
  found: ['info same-project Makefile:4 (prod)'],
});
