import assert from 'node:assert/strict';
import path from 'node:path';
import { applyEdits } from '../../../src/core/compose/composeEdit';
import { run } from '../../support/processes';
import { CheckedFolder } from '../support/checkCases';

/** A compose file of 200 lines with much of what they can have, and trouble of many kinds. */
const TEXT = makeText().join('\r\n');
const ENV = 'DB_PORT=5432\r\nTAG=1.2\r\nPASSWORD=change-me\r\n';
/** How many characters apart the prefixes are of which Compose is asked. */
const STEP = 331;

describe('a compose file that is being typed', () => {
  let folder: CheckedFolder;
  let file: string;

  before(async () => {
    folder = new CheckedFolder({
      'compose.yaml': 'services:\n  web: { image: "busybox:1.36" }\n',
      'compose.test.yaml': 'services:\n  web: { environment: { MODE: test } }\n',
      '.env': ENV,
    });
    file = path.join(folder.folder, 'compose.yaml');
    await folder.check();
  });
  after(() => folder?.dispose());

  it('has 200 lines', () => {
    assert.equal(TEXT.split('\r\n').length, 200);
    assert.ok(TEXT.includes('\t'));
  });

  it('can be checked at every character, without a word from Compose about it', async () => {
    const { findings, store } = folder.berth;
    // Nothing is run in a workspace that is not trusted: the checks go by the text alone.
    await store.setScope({ workspaceFolders: [folder.folder], trusted: false });
    for (let end = 0; end <= TEXT.length; end++) {
      await findings.checkTexts(new Map([[file, TEXT.slice(0, end)]])).catch((error: unknown) => {
        throw new Error(`after ${JSON.stringify(TEXT.slice(Math.max(0, end - 60), end))}`, { cause: error });
      });
    }
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await store.whenResolved();
  });

  it('has at no place a fix that Compose would not accept, or that would change more the second time', async () => {
    const { findings, fixing } = folder.berth;
    const fixed = new Set<string>();
    for (let end = TEXT.length; end > 0; end -= STEP) {
      const text = TEXT.slice(0, end);
      findings.setText(file, text);
      const checked = await findings.check();
      // Of those alike one is enough: each asks Compose.
      const some = [...new Map(checked.findings.map((finding) => [finding.code, finding])).values()];
      for (const finding of some) {
        for (const fix of await fixing.offered(finding, checked)) {
          if (fix.kind !== 'edit' || fix.edits.some((edit) => edit.file !== file)) continue;
          const what = `${finding.code} after ${end} characters`;
          const after = applyEdits(text, fix.edits);
          assert.doesNotMatch(after, /[^\r]\n/, `${what}: another line end`);
          folder.write('compose.yaml', after);
          const accepted = await run('docker', ['compose', 'config', '--quiet'], { cwd: folder.folder });
          assert.equal(accepted.exitCode, 0, `${what}: ${accepted.stderr}`);
          const again = await findings.checkTexts(new Map([[file, after]]));
          const same = again.findings.filter(
            ({ code, message }) => code === finding.code && message === finding.message,
          );
          assert.deepEqual(same, [], `${what}: is found again`);
          fixed.add(finding.code);
        }
      }
    }
    findings.setText(file, undefined);
    assert.ok(fixed.size >= 5, [...fixed].join(', '));
  });
});

function makeText(): string[] {
  const lines = [
    '# Ours.\t',
    'version: "3.8"',
    'name: typed',
    'volumes:',
    '  db-data:',
    'networks:',
    '  default:',
    '    name: typed-net',
    'x-logging: &logging',
    '  driver: json-file',
    'x-base: &base',
    '  restart: unless-stopped',
    '  logging: *logging',
    'services:',
    '  web: { image: nginx, ports: ["8080:80", "443:443"], depends_on: [db, cache] }',
    '  db:',
    '    <<: *base',
    '    image: postgres:16-alpine\t# the store',
    '    container_name: typed-db',
    '    ports:',
    `      - "\${DB_PORT:-5432}:5432"`,
    '    environment:',
    '      POSTGRES_PASSWORD: s3cr3t-Passw0rd-9931',
    `      POSTGRES_USER: \${USER_NAME}`,
    '    volumes:',
    '      - db-data:/var/lib/postgresql/data',
    '      - ./missing/init:/docker-entrypoint-initdb.d:ro',
    '    healthcheck:',
    '      test: ["CMD-SHELL", "pg_isready -U postgres"]',
    '      interval: 5s',
    '  cache:',
    '    image: redis',
    '    ports: [6379:6379]',
    '    privileged: true',
  ];
  for (let number = 0; number < 4; number++) {
    lines.push(
      `  w${number}:`,
      '    <<: *base',
      `    image: "w:\${TAG}"`,
      '    command: |',
      '      echo a: b',
      '      - c',
      '    depends_on:',
      `      ${number % 2 === 0 ? '- db' : 'db: { condition: service_healthy }'}`,
      '    environment:',
      `      - "URL=pg://a:\${PASSWORD}@db/a"`,
      '      - MODE',
    );
  }
  lines.push('  many:', '    image: a:1', '    environment:');
  const filling = Array.from({ length: 200 - lines.length }, (_, number) => `      A${number}: b`);
  return [...lines, ...filling];
}
