import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Discovery } from '../../../../src/core/discovery/discover';
import { readShell } from '../../../../src/core/discovery/observed/shell';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

const WHOLE = 'services: { db: { image: postgres } }';

describe('bad input', function () {
  // Many files, some of them long: a busy machine takes some seconds.
  this.timeout(60_000);
  let root: string;
  beforeEach(() => {
    root = temporaryFolder('bad-input');
  });
  afterEach(() => removeFolder(root));

  const write = (file: string, text: string | Buffer = WHOLE) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  const relative = (file: string | undefined) => path.relative(root, file ?? '').replaceAll(path.sep, '/');
  /** `dev: compose.yaml` for each environment, and `compose.test.yaml: message` for each problem. */
  const seen = async (discovery = new Discovery(root, {}), changed?: readonly string[]) => {
    const { environments, problems } = await discovery.discover(changed);
    return {
      environments: environments.map(
        ({ definition: { name, files } }) => `${name}: ${files.map(relative).join(' + ')}`,
      ),
      problems: problems.map(({ message, place }) => `${relative(place?.file)}: ${message}`),
    };
  };

  it('files that take in each other are shown, for Compose to say what is wrong with them', async () => {
    write('a/compose.yaml', 'include: [../b/compose.yaml]\nservices: { a: { image: x } }\n');
    write('b/compose.yaml', 'include: [../a/compose.yaml]\nservices: { b: { image: x } }\n');
    assert.deepEqual((await seen()).environments, ['a/dev: a/compose.yaml', 'b/dev: b/compose.yaml']);
  });

  it('of files that are nested deeper than can be read: those that have to be there are named once', async () => {
    write('compose.yaml');
    const brackets = '['.repeat(20_000) + ']'.repeat(20_000);
    const dashes = `${'- '.repeat(20_000)}a`;
    const steps = Array.from({ length: 1_000 }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    write('compose.test.yaml', `services: ${brackets}\n`);
    write('compose.dev.yaml', `services:\n  ${dashes}\n`);
    write('.gitlab-ci.yml', steps);
    write('.vscode/tasks.json', `{ "tasks": ${brackets} }`);
    write('.devcontainer/devcontainer.json', `{ "x": ${brackets} }`);
    write('package.json', `{ "scripts": { "up": "docker compose up" }, "x": ${brackets} }`);
    write('berth.yaml', `environments: ${brackets}\n`);
    const { environments, problems } = await seen();
    assert.deepEqual(environments, ['dev: compose.yaml']);
    const files = ['berth.yaml', 'compose.dev.yaml', 'compose.test.yaml'];
    const named = files.map((file) => `${file}: ${file} can't be read: it is nested too deep.`);
    assert.deepEqual([...problems].sort(), named);
  });

  it('of compose files: what can’t be read is named once, the others are found', async function () {
    if (process.platform === 'win32') this.skip();
    write('compose.yaml');
    fs.mkdirSync(path.join(root, 'compose.dev.yaml'));
    fs.symlinkSync('gone.yaml', path.join(root, 'compose.test.yaml'));
    write('compose.large.yaml', `${WHOLE}\n${'# more\n'.repeat(1_500_000)}`);
    write('compose.binary.yaml', Buffer.from([0x73, 0, 0xff, 0xfe]));
    fs.mkdirSync(path.join(root, 'berth.yaml'));
    const expected = {
      environments: ['dev: compose.yaml'],
      problems: [
        "berth.yaml: berth.yaml can't be read: it is no file.",
        "compose.binary.yaml: compose.binary.yaml can't be read: it is no text.",
        "compose.dev.yaml: compose.dev.yaml can't be read: it is no file.",
        "compose.large.yaml: compose.large.yaml can't be read: it is too large.",
        "compose.test.yaml: compose.test.yaml can't be read: it is a link that leads nowhere.",
      ],
    };
    const discovery = new Discovery(root, {});
    assert.deepEqual(await seen(discovery), expected);
    const all = fs.readdirSync(root).map((name) => path.join(root, name));
    assert.deepEqual(await seen(discovery, all), expected, 'the same after a change');
  });

  it('of a compose file that nobody may read', async function () {
    if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
    write('compose.yaml');
    fs.chmodSync(path.join(root, 'compose.yaml'), 0);
    const { problems } = await seen();
    assert.deepEqual(problems, ["compose.yaml: compose.yaml can't be read: you may not read it."]);
  });

  it('of a repository without compose files', async () => {
    write('Makefile', 'up:\n\tdocker compose up\n');
    write('README.md', '```sh\ndocker compose up\n```\n');
    assert.deepEqual(await seen(), { environments: [], problems: [] });
  });

  it('of makefiles that take in each other, themselves, folders and pipes', async function () {
    if (process.platform === 'win32') this.skip();
    write('compose.yaml');
    write('Makefile', '-include other.mk sub pipe Makefile\nup:\n\tdocker compose -f compose.yaml $(A0) up\n');
    write('other.mk', 'include Makefile other.mk\n');
    const doubling = Array.from({ length: 30 }, (_, index) => `A${index} = $(A${index + 1})$(A${index + 1})`);
    write('third.mk', `${doubling.join('\n')}\nA30 = $(A0)\nx:\n\tdocker compose -f compose.yaml $(A0) up\n`);
    fs.mkdirSync(path.join(root, 'sub'));
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    assert.deepEqual((await seen()).environments, ['dev: compose.yaml']);
  });

  it('of long lines that could be read in a great many ways', async () => {
    const long = (text: string, length: number) => text.repeat(length / text.length);
    write('compose.yaml');
    write('Makefile', `up:\n\tdocker compose up -d\ntest: up\n\tcargo${long(' --aa', 10_000)} build-test\n`);
    write('justfile', `up:\n  docker compose up -d\n${long(`a: (${long('-', 19_900)}\n`, 600_000)}`);
    write('README.md', `\`\`\`sh\ndocker compose up\n\`\`\`\n${long('~~~\r', 300_000)}${long('~', 300_000)}`);
    assert.deepEqual(await seen(), { environments: ['dev: compose.yaml'], problems: [] });
  });

  it('of package.json, tasks, dev containers, workflows and Taskfiles that are broken', async () => {
    write('compose.yaml');
    const broken = [
      '{ "compose": [',
      '[]',
      'null',
      '"compose"',
      '- compose: [',
      '{ "scripts": 5, "tasks": {}, "jobs": [1] }',
    ];
    const files = ['package.json', '.vscode/tasks.json', '.devcontainer/devcontainer.json', '.github/workflows/ci.yml'];
    for (const text of broken) {
      for (const file of [...files, 'Taskfile.yml', '.gitlab-ci.yml', 'justfile']) write(file, text);
      assert.deepEqual(await seen(), { environments: ['dev: compose.yaml'], problems: [] }, text);
    }
  });

  it('of texts that would be read for minutes, as what they say is long, or deep, or very often said', async () => {
    write('compose.yaml');
    const times = (count: number, text: string) => text.repeat(count);
    const chain = (index: number) =>
      `j${index}: { extends: [j${index + 1}, j${index + 2}], script: [docker compose up] }\n`;
    write(
      'justfile',
      `a := ${times(150_000, '"a" + ')}\nb := "xxxxx"\n${times(60, 'b := b + b\n')}up:\n  docker compose up\n`,
    );
    write('README.md', times(80_000, '```\ncompose\n'));
    write('run.sh', `docker compose up\n${times(100_000, '$(')}\n`);
    write('more.sh', `docker compose up\n${times(100_000, '<<A ')}\n`);
    write('functions.sh', `docker compose up\n${times(50_000, 'a() ')}\n`);
    write('.gitlab-ci.yml', Array.from({ length: 3_000 }, (_, index) => chain(index)).join(''));
    const growing = times(15, '$(subst a,aaaaaaaaaaaaaaaaaaaa,');
    write(
      'Makefile',
      `A := ${growing}${times(1_000, 'a')}${times(15, ')')}\n${times(50, `B := ${times(9_000, '$(')}\n`)}${times(200_000, 'x\\\n')}\nup:\n\tdocker compose up\n`,
    );
    const { environments, problems } = await seen();
    assert.deepEqual({ environments, problems }, { environments: ['dev: compose.yaml'], problems: [] });
  });

  it('of makefiles that would be read for minutes, as they have patterns and variables of targets by the thousand', async () => {
    write('compose.yaml');
    const lines = (line: (index: number) => string) => Array.from({ length: 2_000 }, (_, i) => line(i)).join('');
    const rules = `up:\n\tdocker compose up\n${lines((i) => `t${i}:\n\tdocker ps\n`)}`;
    write('Makefile', lines((i) => `%${i}: V${i}=1\n`) + rules);
    write('rules.mk', lines((i) => `%${i}: a${i}\n\tdocker ps\n`) + rules);
    write('variables.mk', lines((i) => `%: V${i}=1\n`) + rules);
    const { environments, problems } = await seen();
    assert.deepEqual({ environments, problems }, { environments: ['dev: compose.yaml'], problems: [] });
  });

  it('of names of files with blanks, quotes, dollars, letters of any language and leading dashes', async () => {
    const names = ['compose.a b.yaml', "compose.it's.yaml", 'compose.$x.yaml', 'compose.prüfung.yaml', '-f.yaml'];
    for (const name of names) write(name);
    write('Makefile', 'up:\n\tdocker compose -f "compose.a b.yaml" -f ./-f.yaml up\n');
    const { environments, problems } = await seen();
    assert.deepEqual(problems, []);
    assert.deepEqual(environments.sort(), [
      '$x: compose.$x.yaml',
      'f: compose.a b.yaml + -f.yaml',
      "it's: compose.it's.yaml",
      'prüfung: compose.prüfung.yaml',
    ]);
  });

  describe('of shell scripts ends', () => {
    const lines = (count: number, line: (index: number) => string) =>
      Array.from({ length: count }, (_, i) => line(i)).join('\n');
    const twelve = '1 2 3 4 5 6 7 8 9 10 11 12';
    const cases: readonly [title: string, script: string][] = [
      ['with quotes that are never closed', `docker compose up\necho "it's`],
      ['where functions call each other', 'a() { b 1; b 2; }\nb() { a 1; a 2; docker compose up; }\na'],
      ['with 10,000 lines', `${lines(10_000, (i) => `V${i}=a${i}`)}\ndocker compose up`],
      ['with 10,000 exports', `${lines(10_000, (i) => `export V${i}=a${i}`)}\ndocker compose up`],
      [
        'with 100 patterns',
        `case "$1" in\n${lines(100, (i) => `p${i}) F=${i}; docker compose -f ${i}.yml up ;;`)}\nesac`,
      ],
      ['where a variable doubles itself', `A=x\n${lines(60, () => 'A="$A$A"')}\ndocker compose up`],
      ['where a list doubles itself', `A=(x)\n${lines(60, () => `A=("\${A[@]}" "\${A[@]}")`)}\ndocker compose up`],
      [
        'with loops in loops',
        `docker compose up\n${['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `for ${name} in ${twelve}; do`).join(' ')} X=$a$h${'; done'.repeat(8)}`,
      ],
      ['where substitutions stand in each other', `docker compose up\necho ${'$('.repeat(500)}${')'.repeat(500)}`],
    ];
    for (const [title, script] of cases) {
      it(title, async () => {
        const found = await readShell(script, { folder: '/repo', root: '/repo' });
        assert.equal(
          found.some(({ words }) => words[0] === 'docker' && words.includes('up')),
          true,
        );
        assert.ok(found.length <= 2_500, `${found.length} commands`);
      });
    }
  });
});
