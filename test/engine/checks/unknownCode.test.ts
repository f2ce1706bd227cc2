import { describeCase } from '../support/checkCases';

const web = (comment: string) => `services:\r\n  web: ${comment}\r\n    image: busybox:1.36\r\n`;

describeCase({
  about: 'comments with a code that is misspelt',
  code: 'unknown-code',
  has: {
    'compose.yaml': web('# berth-ignore no-limits, same-prot, same_port: both are meant'),
    '.env': '# berth-ignore-file env-file-not-red\nA=1\n',
  },
  found: [
    'info unknown-code .env:1 (dev)',
    'info unknown-code compose.yaml:2 (dev)',
    'info unknown-code compose.yaml:2 (dev)',
  ],
  nearly: [
    { 'compose.yaml': web('# berth-ignore no-limits, same-port: there is no code "same-prot"') },
    { 'compose.yaml': web('# berth-ignore no-limits.') },
    { 'compose.yaml': web('# what berth-ignore does is told elsewhere') },
    { 'compose.yaml': web('').replace('busybox', '"busybox').replace('1.36', '1.36" # berth-ignore-file no-limits') },
  ],
  fixed: {
    'compose.yaml': web('# berth-ignore no-limits, same-port, same-port: both are meant'),
    '.env': '# berth-ignore-file env-file-not-read\nA=1\n',
  },
});

const UP = 'docker compose -f compose/test.yml up -d';

for (const [file, text] of [
  ['Makefile', (code: string) => `test-up:\n# berth-ignore ${code}\n\t${UP}\n`],
  ['test.sh', (code: string) => `#!/bin/sh\n${UP} # berth-ignore ${code}\n`],
  ['README.md', (code: string) => `It's meant: <!-- berth-ignore-file ${code} -->\n\n\`\`\`sh\n${UP}\n\`\`\`\n`],
] as const) {
  const others = { 'compose/dev.yml': web(''), 'compose/test.yml': web(''), 'dev.sh': UP.replace('test', 'dev') };
  const line = text('same-prjoect').slice(0, text('').indexOf('berth-ignore')).split('\n').length;
  describeCase({
    about: `comments with a code that is misspelt where a command is told of, in ${file}`,
    code: 'unknown-code',
    has: { ...others, [file]: text('same-prjoect') },
    found: [`info unknown-code ${file}:${line} (test)`],
    nearly: [{ ...others, [file]: text('same-project') }],
    fixed: { [file]: text('same-project') },
  });
}
