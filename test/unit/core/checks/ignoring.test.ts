import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { ignoring } from '../../../../src/core/checks/ignoring';
import { isSuppressed } from '../../../../src/core/checks/suppression';
import { applyEdits } from '../../../../src/core/compose/composeEdit';
import type { FindingCode } from '../../../../src/core/model/findingCodes';

const COMPOSE = `services:
  web:
    image: nginx
    ports: ["80:80"]
`;

/** The text with the comment in it; undefined where there can be none. It leaves the finding out, or the test fails. */
async function ignored(
  text: string,
  line: number | undefined,
  { code = 'image-not-pinned', file = '/w/compose.yaml' }: { code?: FindingCode; file?: string } = {},
): Promise<string | undefined> {
  const place = { file, line };
  const made = await ignoring(code, place, text);
  if (!made) return undefined;
  const after = applyEdits(text, [made.edit]);
  const finding = { code, severity: 'info', message: '', remedy: '', environments: [], fixes: [] } as const;
  // The comment above it has moved its line on by one, unless it was there.
  const moved = after.split('\n').length - text.split('\n').length;
  const places = [{ file, line: line === undefined ? undefined : line + moved }];
  assert.ok(
    isSuppressed({ ...finding, places }, () => after, new Map()),
    after,
  );
  return after;
}

describe('a comment that leaves a finding out', () => {
  it('stands above its line, as far in as that', async () => {
    assert.equal(
      await ignored(COMPOSE, 3),
      COMPOSE.replace('    image', '    # berth-ignore image-not-pinned\n    image'),
    );
    const tabbed = 'services:\r\n  web:\r\n    image: nginx\r\n';
    assert.equal(
      await ignored(tabbed, 3),
      'services:\r\n  web:\r\n    # berth-ignore image-not-pinned\r\n    image: nginx\r\n',
    );
  });

  it('is one for several codes, with what is said for people behind them', async () => {
    const above = COMPOSE.replace('    image', '    # berth-ignore no-limits: it is small\n    image');
    assert.equal(await ignored(above, 4), above.replace('no-limits:', 'no-limits, image-not-pinned:'));
    const beside = COMPOSE.replace('nginx', 'nginx # berth-ignore no-limits, no-log-rotation');
    assert.equal(await ignored(beside, 3), beside.replace('rotation', 'rotation, image-not-pinned'));
    const ofFile = `# berth-ignore-file no-limits\n${COMPOSE}`;
    assert.equal(
      await ignored(ofFile, 4),
      ofFile.replace('    image', '    # berth-ignore image-not-pinned\n    image'),
    );
  });

  it('stands above the key that a text of several lines is in, as it would be part of that', async () => {
    const block = `services:\n  web:\n    command: |\n      if true; then\n        echo \${NAME}\n      fi\n`;
    const above = '    # berth-ignore image-not-pinned\n    command';
    assert.equal(await ignored(block, 5), block.replace('    command', above));
    const plain = 'services:\n  web:\n    command: echo a\n      b\n';
    assert.equal(await ignored(plain, 4), plain.replace('    command', above));
  });

  it('is for the whole file where there is no line, or no place above it', async () => {
    assert.equal(await ignored(COMPOSE, undefined), `# berth-ignore-file image-not-pinned\n${COMPOSE}`);
    const quoted = '"a: {\n\nb": c\n';
    assert.equal(await ignored(quoted, 3), `# berth-ignore-file image-not-pinned\n${quoted}`);
    const already = `# berth-ignore-file no-limits: small\n${quoted}`;
    assert.equal(await ignored(already, 4), already.replace('no-limits', 'no-limits, image-not-pinned'));
  });

  it('stands behind a byte order mark', async () => {
    const text = '\uFEFFversion: "3"\n';
    const after = '\uFEFF# berth-ignore obsolete-version\nversion: "3"\n';
    assert.equal(await ignored(text, 1, { code: 'obsolete-version' }), after);
  });

  it('stands in env files as well', async () => {
    const text = 'A=1\nPASSWORD=x';
    assert.equal(
      await ignored(text, 2, { code: 'env-variable-missing', file: '/w/.env' }),
      'A=1\n# berth-ignore env-variable-missing\nPASSWORD=x',
    );
  });

  const command = { code: 'same-project' } as const;

  it('stands in a makefile so that make does the very same', async function () {
    const text = 'up:\n\t@cd . && \\\n\tdocker compose up -d\n\tdocker compose ps\n\nall: up\n\t-@echo done\n';
    const make = (makefile: string) => {
      const { stdout, error } = spawnSync('make', ['-n', '-f', '-', 'all'], { input: makefile, encoding: 'utf8' });
      return error ? this.skip() : stdout;
    };
    for (const line of [1, 2, 3, 4, 7]) {
      const after = await ignored(text, line, { ...command, file: '/w/Makefile' });
      assert.match(after ?? '', /^# berth-ignore same-project$/m);
      assert.equal(make(after ?? ''), make(text));
    }
    const first = await ignored(text, 3, { ...command, file: '/w/Makefile' });
    assert.equal(first, text.replace('\t@cd', '# berth-ignore same-project\n\t@cd'), 'not within a command');
  });

  it('stands in scripts, and not above what is to run them', async () => {
    const file = '/w/bin/up.sh';
    const text = '#!/bin/sh\nup() {\n  docker compose \\\n    -f test.yml up -d\n}\n';
    assert.equal(
      await ignored(text, 4, { ...command, file }),
      text.replace('  docker', '  # berth-ignore same-project\n  docker'),
    );
    assert.equal(
      await ignored(text, undefined, { ...command, file }),
      text.replace('up()', '# berth-ignore-file same-project\nup()'),
    );
  });

  it('stands in workflows outside of what is run, and in tasks behind slashes', async () => {
    const run = 'jobs:\n  test:\n    steps:\n      - run: |\n          set -e\n          docker compose up -d\n';
    assert.equal(
      await ignored(run, 6, { ...command, file: '/w/.github/workflows/ci.yml' }),
      run.replace('      - run', '      # berth-ignore same-project\n      - run'),
    );
    const tasks = '{ "tasks": [\n  {\n    "command": "docker compose up" // up\n  },\n] }\n';
    assert.equal(
      await ignored(tasks, 3, { ...command, file: '/w/.vscode/tasks.json' }),
      tasks.replace('    "command"', '    // berth-ignore same-project\n    "command"'),
    );
  });

  it('stands in no file that has no comments, or shows them', async () => {
    for (const file of ['/w/package.json', '/w/README.md'])
      assert.equal(await ignored('{}\n', 1, { ...command, file }), undefined);
  });

  it('does not break on a file that is half typed', async () => {
    for (let end = 0; end <= COMPOSE.length; end++)
      await ignoring('no-limits', { file: '/w/c.yaml', line: 3 }, COMPOSE.slice(0, end));
  });
});

describe('a comment above a key', () => {
  const isLeftOut = (text: string, line: number, code: FindingCode = 'same-port') => {
    const finding = { code, severity: 'info', message: '', remedy: '', environments: [], fixes: [] } as const;
    return isSuppressed({ ...finding, places: [{ file: '/w/compose.yaml', line }] }, () => text, new Map());
  };
  const leftOut = (text: string) =>
    text.split('\n').flatMap((_, index) => (isLeftOut(text, index + 1) ? [index + 1] : []));

  it('leaves out what is in it', () => {
    const service =
      'services:\n  # berth-ignore same-port\n  d:\n    image: x\n\n    ports:\n      - 80\n  e:\n    ports: [81]\n';
    assert.deepEqual(leftOut(service), [3, 4, 5, 6, 7]);
    const ports =
      'd:\r\n  # berth-ignore same-port: both\r\n  # are meant\r\n  ports:\r\n  - 80\r\n  - 81\r\n  image: x\r\n';
    assert.deepEqual(leftOut(ports), [4, 5, 6]);
    const item = 'ports:\n  # berth-ignore same-port\n  - target: 80\n    published: 80\n  - 81\n';
    assert.deepEqual(leftOut(item), [3, 4]);
  });

  it('leaves out what is in it also at the end of its line, and all of a command that goes on in further lines', () => {
    assert.deepEqual(leftOut('up: # berth-ignore same-port\n\ta\n\tb\ndown:\n\tc\n'), [1, 2, 3]);
    assert.deepEqual(leftOut('ports: # berth-ignore same-port\n- 80\nimage: x\n'), [1, 2]);
    assert.deepEqual(leftOut('a \\\r\n  b \\\r\n  c # berth-ignore same-port\r\nd\r\n'), [1, 2, 3]);
    assert.deepEqual(leftOut('\t@# berth-ignore same-port\n\ta \\\n\tb\n\tc\n'), [2, 3]);
    assert.deepEqual(leftOut(`a "it's" 'a"b' # berth-ignore same-port\nb\n`), [1]);
  });

  it('has the form of JSON and Markdown, too', () => {
    assert.deepEqual(leftOut('{\n  // berth-ignore same-port\n  "a": 1,\n  "b": 2\n}\n'), [3]);
    assert.deepEqual(leftOut('A\n\n<!-- berth-ignore-file same-port -->\n').length, 4);
    assert.deepEqual(leftOut("It's meant: <!-- berth-ignore same-port -->\nA\n"), [1]);
  });

  it('is about the next line alone in an env file', () => {
    assert.deepEqual(leftOut('A=1\n# berth-ignore same-port\nB=1\nC=1\n'), [3]);
  });

  it('may have a colon first', () => {
    assert.ok(isLeftOut('# berth-ignore: same-port, no-limits\nports: [80]\n', 2, 'no-limits'));
    assert.ok(isLeftOut('a:\n  b: c\n# berth-ignore-file: same-port\n', 1));
  });
});
