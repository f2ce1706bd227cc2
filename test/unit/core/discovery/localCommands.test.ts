import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Discovery } from '../../../../src/core/discovery/discover';
import { localTest } from '../../../../src/core/discovery/observed/localTest';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const WHOLE = 'services: { db: { image: postgres } }';
const COMPOSE = { 'compose.yaml': WHOLE, 'compose.test.yaml': 'services: { db: { ports: ["5433:5432"] } }' };
const UP = 'docker compose up -d --wait';
const TEST_UP = 'docker compose -f compose.yaml -f compose.test.yaml up -d';

/** `dev test: cargo test in backend with A=b`, for each command of each environment. */
async function commandsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = temporaryFolder('commands');
  try {
    for (const [file, text] of Object.entries({ ...COMPOSE, ...files })) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    const { environments } = await new Discovery(root, {}).discover();
    return environments.flatMap(({ definition: { name, knowledge } }) =>
      (knowledge?.commands ?? []).map((one) => {
        const folder = path.relative(root, one.directory ?? root);
        const env = Object.entries(one.env ?? {}).map(([variable, value]) => ` with ${variable}=${value}`);
        const where = one.service === undefined ? folder && ` in ${folder}` : ` in service ${one.service}`;
        return `${name} ${one.name}: ${one.command.join(' ')}${where}${env.join('')}`;
      }),
    );
  } finally {
    removeFolder(root);
  }
}

describe('tests that are run on this machine', () => {
  const cases: readonly [title: string, files: Readonly<Record<string, string>>, expected: readonly string[]][] = [
    [
      'in a target that needs another one which brings an environment up',
      { Makefile: `up:\n\t${UP}\ntest: up\n\tcd backend && A=b cargo test --locked\n` },
      ['dev test: cargo test --locked in backend with A=b'],
    ],
    [
      'in a target without a recipe of its own, and by what leads to them most directly',
      { Makefile: `ci: up unit\nall: ci\nunit:\n\tpytest -q\nup:\n\t${UP}\n` },
      ['dev ci: pytest -q'],
    ],
    [
      'in a target that runs make, with what it gives it, and before it is taken down again',
      {
        Makefile: `up:\n\tdocker compose -f compose.yaml -f compose.$(E).yaml up -d\ndown:\n\tdocker compose down\n
test:\n\t$(MAKE) up E=test\n\tgo test ./... $(ARGS)\n\t$(MAKE) down\n\tnpm test\n`,
      },
      ['test test: go test ./...'],
    ],
    [
      'in scripts of a package.json, with programs that only these find',
      {
        'package.json': JSON.stringify({
          scripts: {
            up: TEST_UP,
            'test:e2e': 'npm run up && playwright test',
            pretest: 'yarn up',
            test: 'jest --runInBand',
            'test:watch': 'npm run up && jest --watch',
          },
        }),
      },
      ['test test:e2e: npx playwright test', 'test test:watch: npx jest --watch'],
    ],
    [
      'in recipes of a justfile, with what those need',
      {
        justfile: `up:\n  ${UP}\nclean:\n  rm -rf out\ntest *args: clean (up) && report\n  cargo nextest run {{args}}\nreport:\n  pytest\n`,
      },
      ['dev test: cargo nextest run'],
    ],
    [
      'in tasks of a Taskfile',
      {
        'Taskfile.yml': `tasks:
  up: ${UP}
  test: { deps: [up], dir: api, env: { RUST_LOG: info }, cmds: [cargo test] }
  e2e: { cmds: [{ task: up }, npm run e2e] }
`,
      },
      ['dev test: cargo test in api with RUST_LOG=info', 'dev e2e: npm run e2e'],
    ],
    [
      'in functions of a shell script that bring it up first, and not beside those that do',
      {
        'dev.sh': `start() { ${UP}; }
unit() { start; export B=c; (cd api && poetry run pytest "$@"); }
case "$1" in up) start ;; lint) cargo test ;; unit) unit ;; esac
`,
      },
      ['dev unit: poetry run pytest in api with B=c'],
    ],
    [
      'by another script, for what it is given',
      {
        'scripts/env.sh': `case "$1" in up) ${TEST_UP};; down) docker compose down;; esac`,
        'check.sh': './scripts/env.sh up\nbash -c "cd web && npm test"\n./scripts/env.sh down\ncargo test\n',
      },
      ['test check: npm test in web'],
    ],
    [
      'in steps of a job',
      {
        Makefile: `up:\n\t${UP}\n`,
        '.github/workflows/ci.yml': `jobs:
  unit: { steps: [{ run: cargo test }] }
  integration:
    env: { DATABASE_URL: postgres://localhost/app }
    steps: [{ run: make up }, { run: make test-all, working-directory: api }, { run: docker compose down }, { run: pytest }]
`,
      },
      ['dev integration: make test-all in api with DATABASE_URL=postgres://localhost/app'],
    ],
    [
      'without what a makefile may have taken from an env file, and with what a line sets',
      { '.env': 'TOKEN=secret', Makefile: `include .env\nexport\nup:\n\t${UP}\ntest: up\n\tC=d pytest\n` },
      ['dev test: pytest with C=d'],
    ],
    [
      'after what goes on in front of them are none, nor what only a shell can run or nobody knows',
      {
        Makefile: `a:\n\tdocker compose up\n\tpytest\nb:\n\t${UP}\n\tpytest tests/*.py\n\tpytest $(X)/y\n\tpip install pytest\n`,
      },
      [],
    ],
  ];
  for (const [title, files, expected] of cases) {
    it(title, async () => assert.deepEqual(await commandsOf(files), expected));
  }
});

describe('a program that runs tests', () => {
  const isTest = (command: string) => localTest(command.split(' '), false) !== undefined;
  for (const command of [
    ...['cargo test', 'cargo +nightly test', './gradlew :api:integrationTest', 'mvn -B verify', 'python3 -m pytest -x'],
    ...['uv run pytest', 'bundle exec rspec', 'npm --prefix web test', 'pnpm exec vitest run', 'npx playwright test'],
    ...['env A=b timeout 60 pytest', 'dotenv -e .env.test -- jest', 'npm run test:unit', 'yarn e2e', './run-tests.sh'],
    ...['php artisan test', 'python manage.py test', 'node --test', 'dotnet test', 'make test', 'time go test ./...'],
    ...[
      'cargo -q --color always nextest run',
      'make -C web -j4 e2e',
      'yarn --cwd web run --silent unit-tests',
      'npm t',
    ],
  ]) {
    it(command, () => assert.ok(isTest(command)));
  }
  for (const command of [
    ...['pip install pytest', 'npm install jest', 'echo npm test', 'npm run test:watch', 'make test-up', 'cargo build'],
    ...['git commit -m test', 'npm ci', 'make', 'npm run build', 'docker build -t test .', 'rm -rf test'],
    ...['npm run build test', 'make all test', `cargo${' --aa'.repeat(100)} build-test`],
  ]) {
    it(`is not ${command}`, () => assert.ok(!isTest(command)));
  }
});
