// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

/** What is told of without what Compose makes of it. */
const WEB = [
  'version: "3"',
  'services:',
  '  web:',
  '    image: shop:${TAG}',
  '    env_file: web.env',
  '    environment: { A: "${A_TEXT}" }',
  '  db:',
  '    image: postgres',
  '  own:',
  '    image: own',
  '    build: .',
  'secrets:',
  '  key: { file: ./key.txt }',
  '',
].join('\n');

const OTHERS = [
  'warning unset-variable compose.yaml:4 (dev)',
  'warning missing-env-file compose.yaml:5 (dev)',
  'warning unset-variable compose.yaml:6 (dev)',
  'warning secret-file-not-ignored key.txt: (dev)',
  'info obsolete-version compose.yaml:1 (dev)',
  'info image-not-pinned compose.yaml:8 (dev)',
];

/** What Compose refuses the files for, with what is found of it. */
const REFUSALS = [
  ['  x: { image: "shop:1", ports: 5 }', 'error invalid-configuration compose.yaml:9 (dev)'],
  ['  x: { image: "shop:1", depends_on: [none] }', 'error invalid-configuration compose.yaml:9 (dev)'],
  ['  x: { image: "shop:${X:?has to be}" }', 'warning unset-variable compose.yaml:9 (dev)'],
  ['  x: { image: "shop:1", prots: [] }', 'error unknown-key compose.yaml:9 (dev)'],
] as const;

describe('files that Compose refuses for one thing', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  for (const [line, refusal] of REFUSALS) {
    it(`are told the rest of as well: ${line.trim()}`, async () => {
      const text = WEB.replace('  own:', () => `${line}\n  own:`);
      folder = new CheckedFolder({ 'compose.yaml': text, 'key.txt': 'kR8vTq2LmZx9WpYb4N\n', Dockerfile: '' }, []);
      const { findings } = await folder.check();
      assert.deepEqual(folder.lines(findings).toSorted(), [refusal, ...OTHERS].toSorted());
    });
  }
});

describeCase({
  about: 'is a warning where Compose has not come to it yet',
  code: 'missing-env-file',
  has: {
    'compose.yaml': `services:\n  web: { image: shop, ports: 5, env_file: web.env }\n  api: { image: shop, env_file: web.env }\n`,
  },
  found: ['warning missing-env-file compose.yaml:2 (dev)'],
});

describe('missing-env-file: what is not sure while Compose has not come to it', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  it('is not told', async () => {
    const base =
      'services:\n  web: { image: shop, ports: 5, env_file: web.env }\n  api: { image: shop, env_file: "${X}.env" }\n';
    const overlay = 'services:\n  web: { env_file: !reset [] }\n';
    folder = new CheckedFolder({ 'compose.yaml': base, 'compose.override.yaml': overlay });
    const { findings } = await folder.check();
    assert.deepEqual(
      findings.filter(({ code }) => code === 'missing-env-file'),
      [],
    );
  });
});

describeCase({
  about: 'is told where Compose refuses the files, as it is where it accepts them',
  code: 'secret-file-tracked',
  tracked: ['key.txt'],
  has: {
    'compose.yaml': 'services:\n  web: { image: "shop:1" }\nsecrets:\n  key: { file: ./key.txt }\n',
    'key.txt': 'kR8vTq2LmZx9WpYb4N\n',
  },
  found: ['warning secret-file-tracked key.txt: (dev)'],
});

describeCase({
  about: 'is that which the last file names of a secret that no service uses',
  code: 'secret-file-not-ignored',
  tracked: [],
  has: {
    'compose.yaml': 'services:\n  web: { image: "shop:1" }\nsecrets:\n  key: { file: ./key.txt }\n',
    'compose.override.yaml': 'secrets:\n  key: { file: ./other.txt }\n',
    'key.txt': 'kR8vTq2LmZx9WpYb4N\n',
    'other.txt': 'kR8vTq2LmZx9WpYb4N\n',
  },
  found: ['warning secret-file-not-ignored other.txt: (dev)'],
});

describeCase({
  about: 'loses a part in the env file of an environment whose files Compose refuses',
  code: 'unset-variable',
  has: { 'compose.yaml': 'services:\n  web: { image: "shop:${X:?}" }\n', '.env': 'PASSWD=ab$cd\n' },
  found: ['warning unset-variable .env:1 (dev)', 'warning unset-variable compose.yaml:2 (dev)'],
});

describe('unset-variable: many without an env file', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  const compose = `services:\n  web:\n    image: "shop:\${TAG:?has to be}"\n    environment:\n${names.map((name) => `      ${name}: $B_${name}\n`).join('')}`;

  it('are told as one thing, and each by itself once there is an env file', async () => {
    folder = new CheckedFolder({ 'compose.yaml': compose });
    const told = async () => {
      const { findings } = (await folder?.check()) ?? { findings: [] };
      return findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
    };
    const required = 'The variable TAG is not set, and Compose refuses to go on without it.';
    assert.deepEqual(await told(), [required, '7 variables have no value: B_A, B_B, B_C, B_D, B_E and 2 more.']);
    folder.write('.env', 'OTHER=1\n');
    assert.equal((await told()).length, names.length + 1);
  });

  it('are told as one thing in files that Compose accepts, too', async () => {
    folder = new CheckedFolder({ 'compose.yaml': compose.replace(':?has to be', ':-1') });
    const { findings } = await folder.check();
    assert.deepEqual(
      findings.map(({ message }) => message),
      ['7 variables have no value: B_A, B_B, B_C, B_D, B_E and 2 more.'],
    );
  });

  it('are told with all their places, without what a comment leaves out and what a shell is to have', async () => {
    const shell = '    command: sh -c "for i in 1 2; do echo $i; done"\n';
    const text = compose.replace('A: $B_A', 'A: $B_A # berth-ignore unset-variable') + shell;
    folder = new CheckedFolder({ 'compose.yaml': text });
    const { findings } = await folder.check();
    assert.deepEqual(
      findings
        .filter(({ message }) => !message.includes('TAG'))
        .map(({ message, places }) => [message, ...places.map(({ line }) => line)]),
      [
        ['6 variables have no value: B_B, B_C, B_D, B_E, B_F and 1 more.', 6, 7, 8, 9, 10, 11],
        ['The variable i is not set, and so counts as empty.', 12],
      ],
    );
  });
});
