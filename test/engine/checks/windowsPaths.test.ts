import assert from 'node:assert/strict';
import { CheckedFolder, type Files } from '../support/checkCases';

/** What a team writes whose machines run Windows; checked there and on others, as its CI is. */
const FILES: Files = {
  'compose.yaml': String.raw`version: "3.8"
services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${'$'}{DB_PASSWORD}
      APP_HOME: C:\Program Files\app
    volumes:
      - C:\Users\me\data:/var/lib/postgresql/data
      - .\init:/docker-entrypoint-initdb.d:ro
      - D:\shop\app.conf:/etc/app.conf
      - type: bind
        source: D:\certs
        target: /certs
        bind: { create_host_path: false }
      - ${'$'}{DATA}:/backup
      - data:C:\data
    healthcheck: { test: ["CMD", "pg_isready -U me"] }
  web:
    image: nginx:1.27
    env_file: .\web.env
    depends_on: [db]
volumes: { data: {} }
`,
  'compose.test.yaml': String.raw`services:
  db:
    volumes:
      - C:\Users\me\test:/var/lib/postgresql/data
`,
  '.env': 'DB_PASSWORD=changeme\nDATA=C:\\Users\\me\\backup\n',
  // Elsewhere than on Windows, backslashes are part of the name.
  '.\\web.env': 'A=C:\\a\n',
  'package.json': JSON.stringify({
    scripts: { 'test:up': 'docker compose -f .\\compose.yaml -f .\\compose.test.yaml up' },
  }),
};

const MENDED = String(FILES['compose.yaml'])
  .replace('version: "3.8"\n', '')
  .replace('"CMD"', '"CMD-SHELL"')
  .replace('[db]', '{db: { condition: service_healthy }}');

const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const inCrlf = (files: Files) => Object.fromEntries(Object.entries(files).map(([file, text]) => [file, crlf(text)]));

describe('paths of Windows and its ends of lines, in files that are checked', () => {
  let folder: CheckedFolder | undefined;
  const before = process.cwd();
  afterEach(() => {
    process.chdir(before);
    folder?.dispose();
  });

  it('tell nothing that is not so', async () => {
    folder = new CheckedFolder(inCrlf(FILES));
    // What is not taken for an absolute path would be looked for from where the command line was called.
    process.chdir(folder.folder);
    const { findings, facts } = await folder.check();
    assert.deepEqual(
      facts.environments.flatMap(({ error }) => error?.message ?? []),
      [],
    );
    assert.deepEqual(folder.lines(findings), [
      'error broken-health-check compose.yaml:18 (dev, test)',
      'warning dependency-not-awaited compose.yaml:22 (dev, test)',
      'info test-data-kept compose.test.yaml:3 (test)',
      'info obsolete-version compose.yaml:1 (dev, test)',
      'info missing-bind-source compose.yaml:10 (dev, test)',
    ]);
  });

  it('stay as they are where the rest is mended', async () => {
    folder = new CheckedFolder(inCrlf(FILES));
    await folder.check();
    const { files } = await folder.berth.fixing.mend(() => true);
    assert.equal(files.length, 1);
    assert.equal(folder.read('compose.yaml'), crlf(MENDED));
    assert.equal(folder.read('.env'), crlf(String(FILES['.env'])));
  });

  it('have every fix that is offered leave the ends of lines', async () => {
    folder = new CheckedFolder(inCrlf(FILES));
    const checked = await folder.check();
    for (const finding of checked.findings) {
      for (const fix of await folder.berth.fixing.offered(finding, checked)) {
        if (fix.kind !== 'edit') continue;
        const proposal = await folder.berth.fixing.proposal([[finding, fix]], checked);
        for (const text of proposal?.texts.values() ?? []) assert.doesNotMatch(text, /(?<!\r)\n/, fix.title);
      }
    }
  });
});
