// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase, type Files } from '../support/checkCases';

const compose = (...environment: string[]) =>
  [
    'services:',
    '  web:',
    '    image: busybox:1.36',
    '    environment:',
    ...environment.map((one) => `      ${one}`),
    '',
  ].join('\n');
const given = (written: string) => `services:\n  web:\n    image: busybox:1.36\n    env_file${written}\n`;

describeCase({
  about: 'gets a line in the env file',
  code: 'unset-variable',
  has: { 'compose.yaml': compose('A: ${APP_NAME}', 'B: $APP_NAME'), '.env': 'OTHER=1\r\n' },
  found: ['warning unset-variable compose.yaml:5 (dev)'],
  nearly: [
    { 'compose.yaml': compose('A: ${APP_NAME}'), '.env': 'APP_NAME=\n' },
    { 'compose.yaml': compose('A: ${APP_NAME:-}', 'B: $$APP_NAME # ${OTHER_NAME}') },
  ],
  fixed: { '.env': 'OTHER=1\r\nAPP_NAME=\r\n' },
});

describeCase({
  about: 'gets a line in an env file that is made',
  code: 'unset-variable',
  has: { 'compose.yaml': compose('A: ${APP_NAME}') },
  found: ['warning unset-variable compose.yaml:5 (dev)'],
  fixed: { '.env': 'APP_NAME=\n' },
});

describeCase({
  about: 'of several environments gets a line in the env file of each that lacks it',
  code: 'unset-variable',
  has: {
    'compose.yaml': compose('A: ${APP_NAME}'),
    'compose.test.yaml': 'services:\n  web: { restart: "no" }\n',
    'compose.ci.yaml': 'services:\n  web: { restart: "no" }\n',
    '.env': 'OTHER=1\n',
    '.env.test': 'OTHER=1\n',
    '.env.ci': 'APP_NAME=ci\n',
  },
  found: ['warning unset-variable compose.yaml:5 (dev, test)'],
  fixed: { '.env': 'OTHER=1\nAPP_NAME=\n', '.env.test': 'OTHER=1\nAPP_NAME=\n', '.env.ci': 'APP_NAME=ci\n' },
});

describeCase({
  about: 'without which Compose refuses',
  code: 'unset-variable',
  has: { 'compose.yaml': compose('A: ${APP_NAME:?give it}') },
  found: ['warning unset-variable compose.yaml:5 (dev)'],
  nearly: [{ 'compose.yaml': compose('A: ${APP_NAME:?give it}'), '.env': 'APP_NAME=web\n' }],
});

describeCase({
  about:
    'without which Compose refuses, beside others of that kind, is told at the first place, whichever Compose names',
  code: 'unset-variable',
  has: {
    'compose.yaml': compose('# ${Z_NAME:?}', 'A: "${GIVEN:?}${Z_NAME:?give it}"', 'B: ${A_NAME?}', 'C: ${M_NAME:?}'),
    '.env': 'GIVEN=1\nM_NAME=\n',
  },
  found: ['warning unset-variable compose.yaml:6 (dev)'],
});

describeCase({
  about: 'in lines',
  code: 'missing-env-file',
  has: {
    'compose.yaml': given(
      ':\n      - web.env # ours\n      - path: "other.env"\n      - path: last.env\n        required: true',
    ),
  },
  found: [5, 6, 7].map((line) => `warning missing-env-file compose.yaml:${line} (dev)`),
  nearly: [
    { 'compose.yaml': given(': [web.env]'), 'web.env': '' },
    { 'compose.yaml': given(':\n      - path: web.env\n        required: false') },
  ],
  fixed: {
    'compose.yaml': given(
      ':\n      - path: web.env\n        required: false # ours\n      - path: "other.env"\n        required: false\n      - path: last.env\n        required: false',
    ),
  },
});

describeCase({
  about: 'of a command, with an example and without',
  code: 'missing-env-file',
  has: {
    'compose.yaml': given(': []'),
    'other/compose.yaml': given(': []'),
    'web.env.example': 'A=1\n',
    'up.sh':
      'docker compose --env-file web.env up -d\ndocker compose -f other/compose.yaml --env-file other/o.env up -d\n',
  },
  found: ['warning missing-env-file up.sh:1 (dev)', 'warning missing-env-file up.sh:2 (other/dev)'],
});

describeCase({
  about: 'that leaves a port, a volume or an image empty is what Compose refuses the files for, without naming it',
  code: 'unset-variable',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: ["${API_PORT}:${API_PORT}"]\n',
    '.env.example': 'API_PORT=5000\n',
    'data/compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    volumes:\n      - ${FILE}:${MOUNT}:ro\n',
    'e2e/compose.yaml': 'services:\n  a: { image: "x:${TAG-}" }\n  web:\n    image: ${IMAGE}\n',
  },
  found: [
    'warning unset-variable compose.yaml:4 (dev)',
    'warning unset-variable data/compose.yaml:5 (data/dev)',
    'warning unset-variable e2e/compose.yaml:4 (e2e)',
  ],
  nearly: [
    {
      'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: ["${API_PORT:-1}:80"]\n',
      'data/compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    volumes: ["/x:/y:ro"]\n',
    },
  ],
});

const PORTS = 'services:\n  web:\n    image: busybox:1.36\n    ports: ["${API_PORT}:${API_PORT}"]\n';
const deploy = (run: string, host = '') =>
  `jobs:\n  deploy:\n    env: { API_PORT: 8080${host} }\n    steps:\n      - run: |\n          ${run}\n`;

describe('unset-variable: that leaves a port empty', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());
  const remedies = async (files: Files) => {
    folder = new CheckedFolder(files);
    const { findings } = await folder.check();
    return findings.flatMap(({ code, environments, remedy }) =>
      code === 'unset-variable' ? [`${environments.map((id) => id.split('#').at(-1))}: ${remedy}`] : [],
    );
  };

  it('says which command gives it a value to the same file', async () => {
    const overlay = 'services:\n  web:\n    environment: { A: b }\n';
    const script = 'API_PORT=5000\nAPI_PORT=${API_PORT} docker compose up -d\n';
    assert.deepEqual(await remedies({ 'compose.yaml': PORTS, 'compose.test.yaml': overlay, 'up.sh': script }), [
      'dev,test: "up.sh" gives it. Give it in .env, and it works without that, too.',
    ]);
  });

  it('says which workflow gives it a value on another engine', async () => {
    const copies =
      'mkdir shop && cp compose.prod.yaml shop && cd shop\n          docker-compose -H ${{ secrets.SERVER }} -f compose.prod.yaml up -d';
    const files = {
      'compose.prod.yaml': PORTS,
      'a/compose.yaml': PORTS,
      'b/compose.yaml': PORTS,
      '.github/workflows/prod.yml': deploy(copies),
      '.github/workflows/a.yml': deploy('cd a && docker compose up -d', ', DOCKER_HOST: "ssh://far"'),
      '.github/workflows/b.yml': deploy('cd b && docker compose pull', ', DOCKER_HOST: "ssh://far"'),
    };
    assert.deepEqual(await remedies(files), [
      'dev: "a.yml: deploy" gives it. Give it in a/.env, and it works without that, too.',
      'dev: Give it a value in b/.env.',
      'prod: "prod.yml: deploy" gives it. Give it in .env, and it works without that, too.',
    ]);
  });
});

describeCase({
  about: 'in brackets',
  code: 'missing-env-file',
  has: { 'compose.yaml': given(': [./web.env, "other.env"]') },
  found: ['warning missing-env-file compose.yaml:4 (dev)', 'warning missing-env-file compose.yaml:4 (dev)'],
  fixed: {
    'compose.yaml': given(': [{ path: ./web.env, required: false }, { path: "other.env", required: false }]'),
  },
});

describeCase({
  about: 'alone, for two services by an anchor',
  code: 'missing-env-file',
  has: { 'compose.yaml': `${given(': &file web.env')}  app:\n    image: busybox:1.36\n    env_file: *file\n` },
  found: ['warning missing-env-file compose.yaml:4 (dev)'],
  fixed: {
    'compose.yaml': `${given(': &file [{ path: web.env, required: false }]')}  app:\n    image: busybox:1.36\n    env_file: *file\n`,
  },
});

describeCase({
  about: 'gets what the example has, and nothing where that is only to be replaced',
  code: 'env-variable-missing',
  has: {
    'compose.yaml': compose('A: ${APP_KEY}', 'B: ${APP_PORT:-80}'),
    '.env': '# ours\nOTHER=1',
    '.env.example': "OTHER=\nAPP_KEY=change-me\nAPP_PORT='8080' # of the web\nCOMPOSE_PROFILES=\n",
  },
  found: ['warning env-variable-missing .env:1 (dev)'],
  nearly: [
    { 'compose.yaml': compose('A: 1'), '.env': 'A=1\nexport B=2\n', '.env.example': 'A=\n# C=\nB=\n' },
    { 'compose.yaml': compose('A: 1'), 'web/.env': 'A=1\n', 'web/.env.example': 'A=\nB=\n' },
    { 'compose.test.yaml': compose('A: 1'), '.env.test': 'A=1\n', '.env.example': 'A=\nB=\n' },
  ],
  fixed: { '.env': "# ours\nOTHER=1\nAPP_KEY=\nAPP_PORT='8080'\n" },
});

describeCase({
  about: 'is looked for in the example of each own name, in each folder',
  code: 'env-variable-missing',
  has: {
    'a/compose.yaml': compose('A: 1'),
    'a/.env': 'A=1\n',
    'a/env.sample': 'B=\nA=\n',
    'b/compose.dev.yaml': compose('A: 1'),
    'b/.env.dev': 'A=1\n',
    'b/.env.dev.example': 'C=\nA=\n',
    'b/.env.example': 'D=\n',
    'c/compose.yaml': compose('A: 1'),
    'c/.env': 'A=1\n',
    'c/example.env': 'E=\n',
  },
  found: [
    'info env-variable-missing a/.env:1 (a/dev)',
    'info env-variable-missing b/.env.dev:1 (b/dev)',
    'info env-variable-missing c/.env:1 (c/dev)',
  ],
  nearly: [
    // In another order, commented out in either, or of another folder or name.
    {
      'a/compose.yaml': compose('A: 1'),
      'a/.env': 'B=1\n# D=x\nA=1\n',
      'a/.env.example': 'A=\nB=\n#C=\n# export E =\nD=\n',
      'b/compose.yaml': compose('A: 1'),
      'b/.env': 'A=1\n',
      'b/.env.dev.example': 'B=\n',
    },
  ],
  fixed: { 'a/.env': 'A=1\nB=\n', 'b/.env.dev': 'A=1\nC=\n', 'c/.env': 'A=1\nE=\n' },
});

describeCase({
  about: 'is only told where another env file has it',
  code: 'env-variable-missing',
  has: {
    'compose.test.yaml': compose('A: ${A}', 'B: ${B}'),
    '.env': 'A=1\n',
    '.env.test': 'B=1\n',
    '.env.test.example': 'A=\nB=\n',
  },
  found: ['info env-variable-missing .env.test:1 (test)'],
});

describeCase({
  about: 'is only told where everything has a default',
  code: 'env-variable-missing',
  has: { 'compose.yaml': compose('B: ${APP_PORT:-80}'), '.env': 'A=1\n', '.env.example': 'A=\nAPP_PORT=8080\n' },
  found: ['info env-variable-missing .env:1 (dev)'],
});

describeCase({
  about: 'gets its name into the example, without the value',
  code: 'env-variable-not-in-example',
  has: {
    'compose.yaml': given(': web.env'),
    'web.env': 'A=1\nB=green\nC=3\n',
    'web.example.env': 'A=\r\n',
  },
  found: ['info env-variable-not-in-example web.env:2 (dev)'],
  nearly: [
    { 'compose.yaml': given(': web.env'), 'web.env': 'A=1\nDOCKER_HOST=x\n', 'web.env.example': 'A=\nB=\n' },
    { 'compose.yaml': given(': web.env'), 'web.env': 'A=1\n' },
    { 'compose.yaml': given(': web.env'), 'web.env': 'B=1\nA=1\n', 'web.env.example': 'A=\n# B=\n' },
  ],
  fixed: { 'web.example.env': 'A=\r\nB=\r\nC=\r\n' },
});

const USES = compose('A: ${APP_NAME:-x}', 'B: ${APP_PORT:-1}');
const VARIABLES = 'APP_NAME=web\nAPP_PORT=80\nOTHER=\n';

describeCase({
  about: 'is found below the project',
  code: 'env-file-not-read',
  has: { 'compose.yaml': USES, 'backend/.env': VARIABLES, 'backend/.env.example': VARIABLES },
  found: ['warning env-file-not-read backend/.env:1 (dev)'],
  nearly: [
    // There is one in the right place, or the example of one.
    { 'compose.yaml': USES, 'backend/.env': VARIABLES, '.env': '' },
    { 'compose.yaml': USES, 'backend/.env': VARIABLES, '.env.example': VARIABLES },
    // A service is given it.
    { 'compose.yaml': `${USES}    env_file: backend/.env\n`, 'backend/.env': VARIABLES },
    { 'compose.yaml': USES, 'backend/.env': VARIABLES, 'compose.tools.yaml': `${USES}    env_file: backend/.env\n` },
    // It is another project's.
    { 'compose.yaml': USES, 'backend/.env.example': VARIABLES, 'backend/compose.yaml': USES },
    // It has hardly anything to do with it.
    { 'compose.yaml': USES, 'backend/.env': 'APP_NAME=web\nA=\n' },
    { 'compose.yaml': USES, 'backend/.env': `${VARIABLES}A=\nB=\nC=\nD=\n` },
    // It is not for this project alone.
    { 'docker/compose.yaml': USES, '.env': VARIABLES },
  ],
  fixed: { '.env': VARIABLES },
});

describeCase({
  about: 'is found below the project as an example alone, which is copied to where it is read',
  code: 'env-file-not-read',
  has: { 'compose.yaml': USES, 'backend/.env.example': VARIABLES },
  found: ['warning env-file-not-read backend/.env.example:1 (dev)'],
  fixed: { '.env': VARIABLES },
});

describeCase({
  about: 'of a service and of a command, each made of its example',
  code: 'missing-env-file',
  has: {
    'compose.yaml': given(': web.env'),
    'other/compose.yaml': compose('A: b'),
    'web.env.example': 'A=1\n',
    'other/o.env.sample': 'B=2\n',
    'up.sh': 'docker compose -f other/compose.yaml --env-file other/o.env up -d\n',
  },
  found: ['warning missing-env-file compose.yaml:4 (dev)', 'warning missing-env-file up.sh:1 (other/dev)'],
  fixed: { 'web.env': 'A=1\n', 'other/o.env': 'B=2\n' },
});

describeCase({
  about: 'that leaves a port empty, or that has to be given, has a value in the example',
  code: 'unset-variable',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: ["127.0.0.1:${API_PORT}:${API_PORT}"]\n',
    '.env.example': 'API_PORT=5000\n',
    'data/compose.yaml': compose('A: ${APP_NAME:?give it}'),
    'data/.env.example': 'APP_NAME=shop\n',
  },
  found: ['warning unset-variable compose.yaml:4 (dev)', 'warning unset-variable data/compose.yaml:5 (data/dev)'],
  fixed: { '.env': 'API_PORT=5000\n', 'data/.env': 'APP_NAME=shop\n' },
});

/** The fixes of a code that copy an example. */
async function copies(files: Files, code: string): Promise<readonly string[]> {
  const folder = new CheckedFolder(files);
  try {
    const checked = await folder.check();
    const findings = checked.findings.filter((one) => one.code === code);
    const offered = await Promise.all(findings.map((one) => folder.berth.fixing.offered(one, checked)));
    return offered.flat().map(({ title }) => title);
  } finally {
    folder.dispose();
  }
}

describeCase({
  about: 'that leaves a port empty, with an example that has only some, or no value',
  code: 'unset-variable',
  has: {
    'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: ["${P1}:${P2}"]\n',
    '.env.example': 'P1=80\nP2=\n',
  },
  found: ['warning unset-variable compose.yaml:4 (dev)'],
});

const SEVERAL = ['a', 'b', 'c'].map((name) => `  ${name}: { image: "busybox:1.36", env_file: ${name}.env }\n`).join('');

describeCase({
  about: 'beside others, of which Compose names one',
  code: 'missing-env-file',
  has: { 'compose.yaml': `services:\n${SEVERAL}`, 'b.env.example': 'A=1\n' },
  found: [
    'warning missing-env-file compose.yaml:2 (dev)',
    'warning missing-env-file compose.yaml:3 (dev)',
    'warning missing-env-file compose.yaml:4 (dev)',
  ],
  nearly: [{ 'compose.yaml': `services:\n${SEVERAL}`, 'a.env': '', 'b.env': '', 'c.env': '' }],
});

const GIVEN_OWN = { 'compose.yaml': compose('A: ${APP:-x}'), '.env.example': 'APP=1\n' };
const packageScript = (up: string) => JSON.stringify({ scripts: { up } });
const up = (options: string) => `up:\n\tdocker compose ${options} up -d\n`;

describeCase({
  about: 'that a command gives, though Compose reads it of itself',
  code: 'missing-env-file',
  has: { ...GIVEN_OWN, Makefile: up('--env-file .env -f compose.yaml'), 'README.md': '`docker compose up`\n' },
  found: ['warning missing-env-file Makefile:2 (dev)'],
  nearly: [
    { ...GIVEN_OWN, Makefile: up('-f compose.yaml') },
    { ...GIVEN_OWN, Makefile: up('--env-file .env -f compose.yaml'), '.env': '' },
    { ...GIVEN_OWN, 'README.md': '```sh\ncp .env.example .env\ndocker compose --env-file .env up\n```\n' },
    { ...GIVEN_OWN, 'up.sh': '[ -f .env ] && docker compose --env-file .env up -d\n' },
    { ...GIVEN_OWN, 'up.sh': 'cat > .env <<EOF\nAPP=1\nEOF\ndocker compose --env-file .env up -d\n' },
    { ...GIVEN_OWN, 'up.sh': '{ echo A=1; echo B=2; } > .env\ndocker compose --env-file .env up -d\n' },
    { ...GIVEN_OWN, 'package.json': packageScript('cp -n .env.example .env && docker compose --env-file .env up -d') },
    { ...GIVEN_OWN, Makefile: `${up('--env-file .env')}up: .env\n.env:\n\t./make-env.sh\n` },
    { ...GIVEN_OWN, Makefile: up('--env-file .env').replace('\t', '\t@test -f .env || cp .env.example .env\n\t') },
    { ...GIVEN_OWN, Makefile: up('--env-file .env').replace('\t', '\tcp -n .env.example .env\n\t') },
    { ...GIVEN_OWN, Makefile: `${up('--env-file .env')}up: env\nenv:\n\t[ -f .env ] || cp .env.example .env\n` },
  ],
});

describeCase({
  about: 'that a command gives, and another one makes',
  code: 'missing-env-file',
  has: { ...GIVEN_OWN, Makefile: `${up('--env-file .env.prod')}other:\n\tcp .env.example .env.prod\n` },
  found: ['warning missing-env-file Makefile:2 (prod)'],
});

describe('missing-env-file: that the command makes which gives it', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  const prod = up('--env-file .env.prod');
  const all = {
    'as a prerequisite': { Makefile: `${prod}up: .env.prod\n.env.prod: .env.example\n\tcp $< $@\n` },
    'in a target that the caller makes': {
      Makefile:
        'ENV = prod\nup:\n\tcp a.env .env.$(ENV)\n\tdocker compose --env-file .env.$(ENV) up\ntest: ENV = test\ntest: up\n',
    },
    'in a folder': { 'up.sh': 'install -m 600 conf/.env.prod .\ndocker compose --env-file .env.prod up -d\n' },
    'in a pipeline': { 'up.sh': 'sops -d p.enc | sudo tee .env.prod\ndocker compose --env-file .env.prod up -d\n' },
  };
  for (const [way, files] of Object.entries(all)) {
    it(`is a remark, made ${way}`, async () => {
      folder = new CheckedFolder({ ...GIVEN_OWN, ...files });
      const { facts, findings } = await folder.check();
      assert.ok(facts.environments.some(({ error }) => error?.message.includes('.env.prod')));
      const found = findings.filter(({ code }) => code === 'missing-env-file');
      const lines = folder.lines(found).map((line) => line.replace(/missing-env-file \S+ /, ''));
      assert.ok(lines.includes('info (prod)'), lines.join());
      assert.deepEqual([...new Set(found.map(({ severity }) => severity))], ['info']);
      assert.match(found[0]?.message ?? '', / "(?:make up|up\.sh)" makes it, or asks for it\.$/);
    });
  }

  it('is copied from its example where the script only asks for it', async () => {
    const asking = '[ -f .env.prod ] || { echo "ask the admin"; exit 1; }\n';
    const script = `${asking}docker compose --env-file .env.prod up -d\n`;
    folder = new CheckedFolder({ ...GIVEN_OWN, '.env.prod.example': 'APP=1\n', 'up.sh': script });
    const { findings } = await folder.check();
    assert.deepEqual(
      findings.flatMap(({ code, severity, fixes }) =>
        code === 'missing-env-file' ? [severity, ...fixes.map(({ title }) => title)] : [],
      ),
      ['info', 'Copy .env.prod.example to .env.prod'],
    );
  });
});

describe('missing-env-file: that berth.yaml names', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  it('is told once, there', async () => {
    const declared = 'environments:\n  dev:\n    files: [compose.yaml]\n    envFiles: [gone.env]\n';
    folder = new CheckedFolder({ ...GIVEN_OWN, 'berth.yaml': declared });
    const { findings } = await folder.check();
    const told = findings.filter(({ code }) => /^(?:invalid-declaration|missing-env-file)$/.test(code));
    assert.deepEqual(
      told.map(({ code, message }) => `${code}: ${message}`),
      ['invalid-declaration: There is no file gone.env.'],
    );
  });
});

const FOUR = ['A: ${A}', 'B: ${B}', 'C: ${C}', 'D: ${D} # berth-ignore unset-variable'];

describeCase({
  about: 'beside others that the example has, and one that it lacks',
  code: 'unset-variable',
  has: { 'compose.yaml': compose(...FOUR, 'E: ${E}'), '.env.example': 'A=\nB=\nC=\nD=\n' },
  found: ['warning unset-variable compose.yaml:9 (dev)', 'info unset-variable compose.yaml:5 (dev)'],
});

describeCase({
  about: 'is a remark where the repository says what gives it a value, unless that is what runs the environment here',
  code: 'unset-variable',
  has: {
    'compose.yaml': compose(
      'A: ${FROM_WORKFLOW}',
      'B: ${FROM_README}',
      'C: ${FROM_UP}',
      'D: ${COMPARED}',
      'E: ${SAME}',
    ),
    'README.md': '```sh\necho FROM_README=web >> .env\n```\nCOMPARED=… has to be given. `COMPARED: yours`\n',
    'other.sh': '# COMPARED=1\necho "COMPARED=x $0"\n',
    'api/.env': 'COMPARED=1\n',
    'up.sh': '[ "$COMPARED" == x ] && COMPARED=\nSAME=${SAME}\nFROM_UP=1 docker compose up -d\n',
    '.github/workflows/ci.yml': 'jobs:\n  ci:\n    steps:\n      - env: { FROM_WORKFLOW: "${{ secrets.X }}" }\n',
  },
  found: [
    ...[7, 8, 9].map((line) => `warning unset-variable compose.yaml:${line} (dev)`),
    ...[5, 6].map((line) => `info unset-variable compose.yaml:${line} (dev)`),
  ],
});

describeCase({
  about: 'beside others, where git ignores the env file',
  code: 'unset-variable',
  tracked: ['.gitignore'],
  has: {
    'compose.yaml': compose(...FOUR),
    'compose.test.yaml': 'services:\n  web: { restart: "no" }\n',
    '.gitignore': '.env\n',
  },
  found: ['warning unset-variable compose.yaml:5 (dev, test)'],
});

describeCase({
  about: 'beside others, where nothing says that everybody makes the env file, or it is there',
  code: 'unset-variable',
  tracked: ['a/.gitignore'],
  has: {
    'a/compose.yaml': compose('A: ${A}', 'B: ${B}'),
    'a/.env': 'C=1\n',
    'a/.env.example': 'A=\nB=\n',
    'a/.gitignore': '.env\n',
    'b/compose.yaml': compose('A: ${A}', 'B: ${B}'),
  },
  found: [
    'warning unset-variable a/compose.yaml:5 (a/dev)',
    'warning unset-variable a/compose.yaml:6 (a/dev)',
    'warning unset-variable b/compose.yaml:5 (b/dev)',
    'warning unset-variable b/compose.yaml:6 (b/dev)',
  ],
});

describe('variables that have no value since there is no env file yet', () => {
  it('are told with the places of all, and mended by a copy of the example', async () => {
    const folder = new CheckedFolder({ 'compose.yaml': compose(...FOUR), '.env.example': 'A=\nB=\nC=\nD=\n' });
    try {
      const { findings } = await folder.check();
      assert.deepEqual(
        findings.map(({ message, remedy, places, fixes }) => [
          message,
          remedy,
          places.map(({ line }) => line),
          fixes.map(({ title }) => title),
        ]),
        [
          [
            '3 variables have no value, since .env is not there: A, B, C.',
            'Copy .env.example to it, and fill that in.',
            [5, 6, 7],
            ['Copy .env.example to .env'],
          ],
        ],
      );
      const checked = await folder.check();
      const [finding] = checked.findings;
      const [fix] = finding?.fixes ?? [];
      assert.ok(finding && fix?.kind === 'copy-example');
      await folder.fix(finding, fix, checked);
      assert.equal(folder.read('.env'), 'A=\nB=\nC=\nD=\n');
      const after = await folder.check();
      assert.deepEqual([...after.findings, ...after.facts.environments.flatMap(({ error }) => error ?? [])], []);
    } finally {
      folder.dispose();
    }
  });

  it('are told once for all environments that have the same file, and added to it together', async () => {
    const test = compose('A: ${A}', 'E: ${E}').replace('    image: shop\n', '');
    const folder = new CheckedFolder(
      { 'compose.yaml': compose('A: ${A}', 'B: ${B}'), 'compose.test.yaml': test, '.gitignore': '.env\n' },
      ['.gitignore'],
    );
    try {
      const checked = await folder.check();
      assert.deepEqual(folder.lines(checked.findings), ['warning unset-variable compose.yaml:5 (dev, test)']);
      const [finding] = checked.findings;
      assert.equal(finding?.message, '3 variables have no value, since .env is not there: A, B, E.');
      assert.deepEqual(
        finding.fixes.map(({ title }) => title),
        ['Add 3 variables to .env, without values'],
      );
    } finally {
      folder.dispose();
    }
  });

  it('are told with the env file that a service has to have', async () => {
    const text = compose(...FOUR).replace('    image:', '    env_file: .env\n    image:');
    const folder = new CheckedFolder({ 'compose.yaml': text, '.env.example': 'A=\nB=\nC=\nD=\n' });
    try {
      assert.deepEqual(folder.lines((await folder.check()).findings), [
        'warning missing-env-file compose.yaml:3 (dev)',
      ]);
    } finally {
      folder.dispose();
    }
  });
});

describe('an env file that has to be made', () => {
  it('is copied from its example, where that has what is missing', async () => {
    const example = { '.env.example': 'APP_NAME=\n' };
    const name = { 'compose.yaml': compose('A: ${APP_NAME}') };
    assert.deepEqual(await copies({ ...name, ...example }, 'unset-variable'), [
      'Copy .env.example to .env',
      'Add APP_NAME= to .env',
      'Let it be empty by default: ${APP_NAME:-}',
    ]);
    assert.deepEqual(await copies({ ...name, '.env.example': 'OTHER=\n' }, 'unset-variable'), [
      'Add APP_NAME= to .env',
      'Let it be empty by default: ${APP_NAME:-}',
    ]);
    const required = { 'compose.yaml': compose('A: ${APP_NAME:?}') };
    const valued = { '.env.example': 'APP_NAME="shop"\n' };
    assert.deepEqual(await copies({ ...required, ...valued }, 'unset-variable'), ['Copy .env.example to .env']);
    assert.deepEqual(await copies({ ...required, ...example }, 'unset-variable'), []);
    const several = { 'compose.yaml': compose('A: ${APP_NAME:?}', 'B: ${APP_KEY:?}') };
    assert.deepEqual(await copies({ ...several, ...valued }, 'unset-variable'), []);
    const port = {
      'compose.yaml': 'services:\n  web:\n    image: busybox:1.36\n    ports: ["${API_PORT}:${API_PORT}"]\n',
    };
    assert.deepEqual(await copies({ ...port, '.env.example': 'API_PORT=5000\n' }, 'unset-variable'), [
      'Copy .env.example to .env',
    ]);
    assert.deepEqual(await copies({ 'compose.yaml': given(': .env'), ...example }, 'missing-env-file'), [
      'Copy .env.example to .env',
      'Let Compose go on without it: required: false',
    ]);
    assert.deepEqual(await copies({ 'compose.yaml': USES, 'backend/.env.example': VARIABLES }, 'env-file-not-read'), [
      'Copy .env.example to .env',
    ]);
    const prod = { 'compose.prod.yaml': USES, 'b/.env.example': VARIABLES, 'b/.env.prod.example': VARIABLES };
    assert.deepEqual(await copies(prod, 'env-file-not-read'), ['Copy .env.prod.example to .env']);
    const beside = { '.env.example': 'A=\n', '.env.production.example': 'A=\n', '.env.test.example': 'A=\n' };
    const named = { 'compose.prod.yaml': given(': .env'), ...beside };
    assert.equal((await copies(named, 'missing-env-file'))[0], 'Copy .env.production.example to .env');
    const ofTest = { ...named, '.env.production': '' };
    assert.equal((await copies(ofTest, 'missing-env-file'))[0], 'Copy .env.example to .env');
    const elsewhere = { 'compose.yaml': `${USES}      C: $OTHER\n`, 'backend/.env': VARIABLES };
    assert.equal((await copies(elsewhere, 'unset-variable'))[0], 'Add OTHER= to .env');
    const withValue = { ...elsewhere, 'backend/.env': `${VARIABLES}OTHER=1\n` };
    assert.equal((await copies(withValue, 'unset-variable'))[0], 'Copy .env to .env');
  });

  it('is named in a folder that is called as a password is', async () => {
    const compose = `${given(': web.env')}  db:\n    image: busybox:1.36\n    env_file: db.env\n`;
    const folder = new CheckedFolder({ 'sociable/compose.yaml': compose, 'sociable/db.env': 'DB_PASSWORD=sociable\n' });
    try {
      const { findings } = await folder.check();
      const [finding] = findings.filter(({ code }) => code === 'missing-env-file');
      assert.equal(
        finding?.message,
        'The env file sociable/web.env of "web" is not there, and Compose refuses to go on without it.',
      );
    } finally {
      folder.dispose();
    }
  });
});
