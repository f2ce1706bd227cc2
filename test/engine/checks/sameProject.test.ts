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

const COMMENT = '# berth-ignore same-project';
const TEST = 'docker compose -f compose/test.yml up -d';

describeCase({
  about: 'is left out by comments in a makefile',
  code: 'same-project',
  has: { Makefile: MAKEFILE, 'compose/dev.yml': WHOLE, 'compose/test.yml': WHOLE },
  found: ['warning same-project Makefile:4 (test)'],
  nearly: [
    MAKEFILE.replace(`\t${TEST}`, `${COMMENT}\n\t${TEST}`),
    MAKEFILE.replace(TEST, `${TEST} ${COMMENT}`),
    MAKEFILE.replace('test-up:', `${COMMENT}\ntest-up:`),
    MAKEFILE.replace('test-up:', `test-up: ${COMMENT}`),
    `# berth-ignore-file same-project\n${MAKEFILE}`,
  ].map((text) => ({ Makefile: text, 'compose/dev.yml': WHOLE, 'compose/test.yml': WHOLE })),
});

/** What the command is written in elsewhere: the file, the line that it is told at, and the text with a comment or none. */
const ELSEWHERE: readonly (readonly [file: string, line: number, text: (comment: string) => string])[] = [
  ['test.sh', 4, (comment) => `#!/bin/sh\nset -e\n${comment}\n${TEST}\n`],
  ['justfile', 3, (comment) => `test:\n  ${comment}\n  ${TEST}\n`],
  ['Taskfile.yml', 4, (comment) => `version: "3"\ntasks:\n  ${comment}\n  test:\n    cmds:\n      - ${TEST}\n`],
  ['README.md', 3, (comment) => `\`\`\`sh\n${comment}\n${TEST}\n\`\`\`\n`],
  [
    '.vscode/tasks.json',
    3,
    (comment) => `{ "tasks": [{\n  //${comment.slice(1)}\n  "label": "test",\n  "command": "${TEST}"\n}] }\n`,
  ],
];

for (const [file, line, text] of ELSEWHERE) {
  const rest = {
    'compose/dev.yml': WHOLE,
    'compose/test.yml': WHOLE,
    Makefile: 'up:\n\tdocker compose -f compose/dev.yml up -d\n',
  };
  describeCase({
    about: `is left out by a comment in ${file}`,
    code: 'same-project',
    has: { ...rest, [file]: text('# one of them at a time') },
    found: [`warning same-project ${file}:${line} (test)`],
    nearly: [{ ...rest, [file]: text(COMMENT) }],
  });
}

const OTHER = 'services:\n  tests:\n    image: busybox:1.36\n';
for (const [what, dev, test, severity] of [
  ['nothing in common', '', '', 'info'],
  ['a port', '    ports: ["8080:80"]\n', '    ports: ["8080:80"]\n', 'warning'],
  ['the name of a container', '    container_name: shop\n', '    container_name: shop\n', 'warning'],
  [
    'a volume',
    '    volumes: ["data:/data"]\nvolumes: { data: {} }\n',
    '    volumes: ["data:/a"]\nvolumes: { data: {} }\n',
    'warning',
  ],
] as const) {
  describeCase({
    about: `of tests with other services, and ${what}`,
    code: 'same-project',
    has: { Makefile: MAKEFILE, 'compose/dev.yml': `${WHOLE}${dev}`, 'compose/test.yml': `${OTHER}${test}` },
    found: [`${severity} same-project Makefile:4 (test)`],
  });
}
