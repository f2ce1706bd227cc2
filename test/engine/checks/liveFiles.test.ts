import assert from 'node:assert/strict';
import fs from 'node:fs';
import { findOnPath } from '../../support/paths';
import { run } from '../../support/processes';
import { IDLE } from '../support/composeFolder';
import { LiveFolder } from '../support/liveFolder';

/** What is in the files and folders that are mounted. */
describe('live checks of what is mounted', () => {
  let live: LiveFolder;
  afterEach(() => live?.dispose());

  /** Opens an environment `dev` whose service `web` is like this; `certs` is there. */
  const open = async (web: string) => {
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n${web}`,
      'certs/README.md': 'They belong here.\n',
    });
  };
  /** Makes a certificate with its key, which is good for so many days; -1 for one that has expired. */
  const make = async (certificate: string, key: string, days: number) => {
    const files = ['-keyout', live.folder.path(key), '-out', live.folder.path(certificate)];
    // Only `x509` takes negative days.
    const args = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost'];
    const made = await run('openssl', ['req', '-x509', ...args, ...files, '-days', String(Math.max(1, days))]);
    assert.equal(made.exitCode, 0, made.stderr);
    if (days > 0) return;
    const from = ['-in', live.folder.path(certificate), '-signkey', live.folder.path(key)];
    const again = await run('openssl', ['x509', ...from, '-days', String(days), '-out', live.folder.path(certificate)]);
    assert.equal(again.exitCode, 0, again.stderr);
  };
  const certificatesFound = async () =>
    (await live.check()).findings
      .filter(({ code }) => code.startsWith('certificate-'))
      .map(({ code, severity, message }) => `${severity} ${code}: ${message.replaceAll(live.folder.folder, '')}`);

  describe('certificates', () => {
    const MOUNTED = '    volumes: ["./certs:/certs:ro"]\n';
    before(function () {
      if (!findOnPath('openssl')) this.skip();
    });

    it('none where there are to be some', async () => {
      await open(MOUNTED);
      assert.deepEqual(await certificatesFound(), [
        'warning certificate-missing: No certificate is in /certs, which service "web" is given.',
      ]);
      live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace(':ro', ''));
      assert.deepEqual(await certificatesFound(), []);
    });

    it('one that a command names, and that is not there', async () => {
      await open(`    volumes:\n      - ./:/all:ro\n      - source: ./certs\n        target: /certs\n        type: bind\n        read_only: true
    command: idle --cert=/certs/cert.pem --key /certs/key.pem --other /elsewhere/x.pem\n`);
      await make('certs/cert.pem', 'certs/other.pem', 365);
      assert.deepEqual(live.placesOf(await live.only('certificate-missing')), ['compose.yaml:8:9']);
      assert.deepEqual(await certificatesFound(), [
        'error certificate-missing: /certs/key.pem, which service "web" is given, is not there.',
      ]);
      await make('certs/cert.pem', 'certs/key.pem', 365);
      assert.deepEqual(await certificatesFound(), []);
    });

    it('one that a command names from its folder on', async () => {
      const command = 'uvicorn main:app --ssl-keyfile certs/key.pem --ssl-certfile=./certs/cert.pem';
      const text = (more: string) =>
        `    volumes: ["./certs:/app/certs:ro"]\n    working_dir: /app\n    command: ${more}\n`;
      await open(text(command));
      await make('certs/cert.pem', 'certs/other.pem', 365);
      assert.deepEqual(await certificatesFound(), [
        'error certificate-missing: /certs/key.pem, which service "web" is given, is not there.',
      ]);
      live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace('uvicorn', 'sh -c "cd /else"'));
      assert.deepEqual(await certificatesFound(), []);
      live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace('working_dir: /app', 'init: true'));
      assert.deepEqual(await certificatesFound(), []);
    });

    it('one that is mounted by itself, and a folder, which are not there', async () => {
      await open('    volumes: ["./certs/cert.pem:/cert.pem", "./certs/key.pem:/key.pem:ro"]\n');
      await make('certs/cert.pem', 'certs/other.pem', 365);
      assert.deepEqual(await certificatesFound(), [
        'error certificate-missing: /certs/key.pem, which service "web" is given, is not there.',
      ]);
      live.folder.write(
        'compose.yaml',
        `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n    volumes: ["./none/ssl:/ssl:ro"]\n`,
      );
      assert.deepEqual(await certificatesFound(), [
        'warning certificate-missing: No certificate is in /none/ssl, which service "web" is given.',
      ]);
    });

    it('not one that is missing where a service may make it', async () => {
      const command = '    command: idle --cert=/certs/cert.pem --key /certs/key.pem\n';
      await open(`    volumes: ["./certs:/certs"]\n${command}`);
      assert.deepEqual(await certificatesFound(), []);
      const other = `  made:\n    ${IDLE}\n    volumes: ["./certs:/out"]\n`;
      live.folder.write('compose.yaml', `name: PROJECT\nservices:\n  web:\n    ${IDLE}\n${MOUNTED}${command}${other}`);
      assert.deepEqual(await certificatesFound(), []);
      await make('certs/cert.pem', 'certs/key.pem', -1);
      assert.match((await certificatesFound()).join(), /^warning certificate-expired: .* has expired on [\d-]+\.$/);
    });

    it('one that is given as a config or a secret', async () => {
      await open(`    configs: [{ source: cert, target: /etc/cert.pem }]
configs: { cert: { file: ./certs/own } }
`);
      await make('certs/own', 'certs/key', -1);
      assert.match(
        (await certificatesFound()).join(),
        /^error certificate-expired: .*certs\/own has expired on [\d-]+\.$/,
      );
      assert.deepEqual(live.placesOf(await live.only('certificate-expired')), ['compose.yaml:7:20']);
    });

    it('a key of another one, by all the names that pairs have', async () => {
      await open(MOUNTED);
      for (const [certificate, key] of [
        ['cert.pem', 'key.pem'],
        ['server.crt', 'server.key'],
        ['tls-cert.pem', 'tls-key.pem'],
        ['fullchain.pem', 'privkey.pem'],
        ['localhost.pem', 'localhost-key.pem'],
      ] as const) {
        await make(`certs/${certificate}`, `certs/${key}`, 365);
        assert.deepEqual(await certificatesFound(), [], certificate);
        await make('certs/x.txt', `certs/${key}`, 365);
        assert.deepEqual(await certificatesFound(), [
          `error certificate-mismatch: The key ${key} is not that of the certificate /certs/${certificate}.`,
        ]);
        fs.rmSync(live.folder.path(`certs/${certificate}`));
        fs.rmSync(live.folder.path(`certs/${key}`));
      }
    });

    it('not a key beside the certificates of authorities alone, as certbot has them', async () => {
      await open(MOUNTED);
      await make('certs/cert.pem', 'certs/privkey.pem', 365);
      await make('certs/server.crt', 'certs/server.key', 365);
      fs.copyFileSync(live.folder.path('certs/cert.pem'), live.folder.path('certs/fullchain.pem'));
      for (const chain of ['chain.pem', 'server-chain.pem', 'server.chain.crt', 'CHAIN.pem']) {
        await make(`certs/${chain}`, 'certs/x.txt', 365);
      }
      assert.deepEqual(await certificatesFound(), []);
    });

    it('expired, or about to; never with the key', async () => {
      await open('    volumes: ["./certs/cert.pem:/cert.pem:ro", "./certs/key.pem:/key.pem:ro"]\n');
      await make('certs/cert.pem', 'certs/key.pem', 365);
      assert.deepEqual(await certificatesFound(), []);
      await make('certs/cert.pem', 'certs/key.pem', 20);
      const [soon = '', ...others] = await certificatesFound();
      assert.match(
        soon,
        /^warning certificate-expired: The certificate \/certs\/cert\.pem expires on \d{4}-\d\d-\d\d\.$/,
      );
      assert.deepEqual(others, []);
      await make('certs/cert.pem', 'certs/key.pem', -1);
      assert.match(
        (await certificatesFound())[0] ?? '',
        /^error certificate-expired: The certificate .* has expired on /,
      );
      const key = live.folder.read('certs/key.pem').split('\n')[1] ?? '';
      assert.ok(key.length > 20);
      assert.ok(!JSON.stringify(await live.check()).includes(key));
    });

    it('not what is no certificate, or a collection of authorities', async () => {
      await open(MOUNTED);
      await make('certs/ca-certificates.crt', 'certs/ca.txt', -1);
      live.folder.write('certs/broken.pem', '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n');
      live.folder.write(
        'certs/key.pem',
        '-----BEGIN ENCRYPTED PRIVATE KEY-----\nlocked\n-----END ENCRYPTED PRIVATE KEY-----\n',
      );
      await make('certs/cert.pem', 'certs/x.txt', 365);
      assert.deepEqual(await certificatesFound(), []);
    });
  });

  it("a data folder that is another user's than the one that the store runs as", async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n  db:\n    image: postgres:16\n    user: "999"
    environment: { POSTGRES_PASSWORD: x }\n    volumes: ["./data:/var/lib/postgresql/data"]\n`,
      'data/PG_VERSION': '16\n',
    });
    const finding = await live.only('data-folder-owner');
    const folder = live.folder.path('data');
    assert.equal(
      finding.message,
      `The data folder ${folder} is user 0's, and service "db" runs as user 999, who may not write there.`,
    );
    assert.equal(finding.remedy, `Give it to that user: sudo chown -R 999 ${folder}`);
    assert.deepEqual(live.placesOf(finding), ['compose.yaml:7:15']);
    fs.chownSync(folder, 999, 999);
    assert.deepEqual(await live.found('data-folder-owner'), []);
    fs.chownSync(folder, 0, 0);
    // As root it makes the folder its own when it starts.
    live.folder.write('compose.yaml', live.folder.read('compose.yaml').replace('    user: "999"\n', ''));
    assert.deepEqual(await live.found('data-folder-owner'), []);
  });

  it('not a data folder of a store that runs, as whatever user its image has', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    live = await LiveFolder.open({
      'compose.yaml': `name: PROJECT\nservices:\n  db:\n    image: postgres:16-alpine
    environment: { POSTGRES_PASSWORD: x }\n    volumes: ["./data:/var/lib/postgresql/data"]
    healthcheck: { test: ["CMD", "pg_isready", "-U", "postgres"], interval: 1s, retries: 60 }\n`,
    });
    await live.core.do('up');
    assert.deepEqual(await live.found('data-folder-owner'), []);
    const folder = live.folder.path('data');
    const { uid } = fs.statSync(folder);
    fs.chownSync(folder, 4711, 4711);
    const finding = await live.only('data-folder-owner');
    assert.equal(finding.remedy, `Give it to that user: sudo chown -R ${uid} ${folder}`);
    fs.chownSync(folder, uid, uid);
    await live.core.do('down');
  });
});
