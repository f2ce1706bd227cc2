import assert from 'node:assert/strict';
import path from 'node:path';
import type { Log } from 'sarif';
import { berth } from './support/berthCommand';
import { CheckedFolder, type Files } from './support/checkCases';

const WEB = 'services:\n  web:\n    image: busybox:1.36\n';
const OLD = `version: "3"\n${WEB}`;

describe('berth check', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());
  const run = async (files: Files, ...args: string[]) => {
    folder = new CheckedFolder(files);
    return berth(['check', ...args], { cwd: folder.folder });
  };

  it('says that nothing is wrong, and ends well', async () => {
    const { stdout, exitCode } = await run({ 'compose.yaml': WEB });
    assert.equal(stdout, '✔ Nothing is wrong, as far as files tell.\n');
    assert.equal(exitCode, 0);
  });

  it('shows a finding with its place, code and fix, and ends well when it is no error', async () => {
    const { stdout, exitCode } = await run({ 'compose.yaml': OLD });
    assert.equal(
      stdout,
      `· info  compose.yaml:1:1: "version" has no effect: Compose ignores it, and warns of it each time.  obsolete-version
    Remove it.
    Try: berth check --fix  # Remove "version"

1 remark. 1 with a safe fix: berth check --fix
More about a code: berth check --explain obsolete-version
`,
    );
    assert.equal(exitCode, 0);
  });

  it('names no fix that Compose would not accept', async () => {
    const { stdout } = await run({ 'compose.yaml': `version: &v "3"\nx-version: *v\n${WEB}` });
    assert.match(stdout, /obsolete-version\n {4}Remove it\.\n\n1 remark\.\nMore about/);
    assert.ok(folder);
    const { findings } = JSON.parse((await berth(['check', '--json'], { cwd: folder.folder })).stdout);
    assert.deepEqual(findings[0].fixes, []);
  });

  it('ends with 1 when there is an error, also as JSON and as SARIF', async () => {
    const files = { 'compose.yaml': `${WEB}    ports: 5\n`, '.git/HEAD': '' };
    const { stdout, exitCode } = await run(files);
    assert.match(stdout, /^✖ error {2}compose\.yaml:4:5: .* {2}invalid-configuration$/m);
    assert.match(stdout, /^1 error\.$/m);
    assert.equal(exitCode, 1);
    assert.ok(folder);
    const inFolder = { cwd: folder.folder };

    const json = await berth(['check', '--json'], inFolder);
    const { findings, mended, written } = JSON.parse(json.stdout);
    assert.deepEqual([findings.length, mended, written, json.exitCode], [1, [], [], 1]);
    const { code, page, severity, environments, places, fixes } = findings[0];
    assert.equal(page, 'docs/checks/invalid-configuration.md');
    assert.deepEqual([code, severity, environments, fixes], ['invalid-configuration', 'error', ['dev'], []]);
    const range = { line: 4, column: 5, endLine: 4, endColumn: 10 };
    assert.deepEqual(places, [{ file: path.join(folder.folder, 'compose.yaml'), ...range }]);

    const sarif = await berth(['check', '--sarif'], inFolder);
    const [log] = (JSON.parse(sarif.stdout) as Log).runs;
    assert.equal(sarif.exitCode, 1);
    const inVain = await berth(['check', '--sarif', '--code', 'port-taken'], inFolder);
    assert.equal(inVain.stderr, 'Only --live looks for port-taken.\n');
    assert.equal(log?.tool.driver.rules?.[0]?.id, 'invalid-configuration');
    const [result] = log?.results ?? [];
    assert.deepEqual([result?.ruleId, result?.ruleIndex, result?.level], ['invalid-configuration', 0, 'error']);
    assert.deepEqual(result?.locations?.[0]?.physicalLocation, {
      artifactLocation: { uri: 'compose.yaml' },
      region: { startLine: 4, startColumn: 5, endLine: 4, endColumn: 10 },
    });
  });

  it('writes what is safe with --fix, of the environments and codes that are named', async () => {
    const test = `version: "3"\nservices:\n  web:\n    environment: { MODE: test }\n`;
    const files = { 'compose.yaml': OLD, 'compose.test.yaml': test };
    const other = await run(files, '--fix', '--code', 'same-port');
    assert.equal(other.stdout, '✔ Nothing of same-port was found, as far as files tell.\n');
    assert.deepEqual([folder?.read('compose.yaml'), folder?.read('compose.test.yaml')], [OLD, test]);
    assert.ok(folder);
    const one = await berth(['check', 'dev', '--fix'], { cwd: folder.folder });
    assert.equal(one.stdout, '✔ Wrote compose.yaml.\nMended: 1 remark.\n\n✔ Nothing is wrong, as far as files tell.\n');
    assert.deepEqual([folder.read('compose.yaml'), folder.read('compose.test.yaml')], [WEB, test]);
    const all = await berth(['check', '--fix', '--json'], { cwd: folder.folder });
    assert.deepEqual(JSON.parse(all.stdout).written, [path.join(folder.folder, 'compose.test.yaml')]);
    assert.ok(!folder.read('compose.test.yaml').includes('version'));
  });

  it('names the fix that is not sure to be meant, and then writes it', async () => {
    const db = (port: number) => `services:\n  db:\n    image: busybox:1.36\n    ports: ["127.0.0.1:${port}:80"]\n`;
    const { stdout } = await run({ 'compose.dev.yaml': db(15432), 'compose.test.yaml': db(15432) }, 'dev');
    assert.match(stdout, /^ {4}Try: berth check dev --fix --code same-port {2}# \S.*15433.*$/m);
    assert.doesNotMatch(stdout, /with a safe fix/);
    assert.ok(folder);
    const fixed = await berth(['check', 'dev', '--fix', '--code', 'same-port'], { cwd: folder.folder });
    assert.match(fixed.stdout, /✔ Wrote compose\.(?:dev|test)\.yaml\./);
    assert.match(fixed.stdout, /^✔ Nothing of same-port was found/m);
  });

  it('writes nothing that only leaves a value empty', async () => {
    const own = { 'backend/.env': 'API_KEY=abc\nPORT=90\n' };
    const used = `${WEB}    environment: ["K=$API_KEY", "P=\${PORT:-80}"]\n`;
    for (const files of [{ 'compose.yaml': used, ...own }, { 'compose.yaml': `${WEB}    container_name: x-$TAG\n` }]) {
      const { stdout } = await run(files, '--fix', '--code', 'unset-variable');
      assert.match(stdout, /^1 warning\.$/m);
      assert.doesNotMatch(stdout, /Wrote|Try: berth/);
      assert.equal('backend/.env' in files, /^ {4}Try: cp backend\/\.env \.env$/m.test(stdout));
      folder?.dispose();
    }
    const example = { 'compose.yaml': WEB, '.env': 'A=1\n', '.env.example': 'A=\nB=\n' };
    const { stdout } = await run(example, '--fix', '--code', 'env-variable-missing');
    assert.match(stdout, /^1 remark\.$/m);
  });

  it('says of what it could not mend that it left it', async () => {
    const files = { 'compose.yaml': `${WEB}    prots: 5\n` };
    const { stdout } = await run(files, '--fix');
    assert.match(stdout, /^ {4}--fix leaves it: with that fix, Compose would not accept/m);
    assert.doesNotMatch(stdout, /Try: .*--fix/);
    assert.equal(folder?.read('compose.yaml'), files['compose.yaml']);
  });

  it('says of what it could not mend that Compose refuses the files for something else, which comes first', async () => {
    const files = { 'compose.yaml': `${OLD}    env_file: web.conf\n`, 'compose.test.yaml': 'services: {}\n' };
    const { stdout } = await run(files, 'dev', '--fix');
    assert.match(
      stdout,
      /obsolete-version\n {4}Remove it\.\n {4}--fix leaves it: Compose refuses the files of "dev", "test" for another reason, which has/,
    );
    assert.match(stdout, /missing-env-file\n(?! +--fix leaves it)/);
    assert.equal(folder?.read('compose.yaml'), files['compose.yaml']);
  });

  it('names no copy that does not give what is missing a value', async () => {
    const used = `${WEB}    environment: ["A=$API_KEY", "B=$OTHER_KEY", "P=\${PORT:-80}"]\n`;
    const example = { 'backend/.env.example': 'API_KEY=\nOTHER_KEY=abc\nPORT=90\n' };
    const { stdout } = await run({ 'compose.yaml': used, ...example }, '--code', 'unset-variable');
    const lines = stdout.split('\n').filter((line) => /The variable|Give it|Copy|Try: cp/.test(line));
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/^.*The variable/, 'The variable')),
      [
        'The variable API_KEY is not set, and so counts as empty.  unset-variable',
        'Give it a value in .env, or a default: ${API_KEY:-…}.',
        'The variable OTHER_KEY is not set, and so counts as empty.  unset-variable',
        'Copy backend/.env.example to .env: it has the variable, and Compose does not read it.',
        'Try: cp backend/.env.example .env',
      ],
    );
  });

  it('says how a service of one of several environments is limited', async () => {
    const files = { 'compose.yaml': WEB, 'compose.prod.yaml': 'services:\n  web:\n    restart: always\n' };
    const { stdout } = await run(files, '--code', 'no-limits');
    const [, command = ''] = /^ {4}Limit it: berth (.*)$/m.exec(stdout) ?? [];
    assert.equal(command, 'limit prod web --memory 512M');
    assert.ok(folder);
    const inFolder = { cwd: folder.folder };
    const limited = await berth(command.split(' '), inFolder);
    assert.equal(limited.exitCode, 0, limited.stderr);
    assert.match((await berth(['check', '--code', 'no-limits'], inFolder)).stdout, /✔ Nothing of no-limits was found/);
  });

  it('explains a code, wherever it is', async () => {
    const { stdout, exitCode } = await run({}, '--explain', 'same-port');
    assert.match(stdout, /^# same-port: Environments with the same port\n\nTwo environments that can be up/);
    assert.match(stdout, /the fix is that of appended-list\. By hand/);
    assert.equal(exitCode, 0);
    assert.ok(folder);
    const json = JSON.parse(
      (await berth(['check', '--explain', 'same-port', '--json'], { cwd: folder.folder })).stdout,
    );
    assert.deepEqual([json.code, json.markdown], ['same-port', stdout]);
    const unknown = await berth(['check', '--explain', 'same-prot'], { cwd: folder.folder });
    assert.match(unknown.stderr, /no code "same-prot".\n.*Did you mean same-port\?/);
    assert.equal(unknown.exitCode, 2);
  });

  it('leaves out what berth.yaml does, and takes the severity from there', async () => {
    const at = (levels: string) => ({ 'compose.yaml': OLD, 'berth.yaml': levels });
    const off = await run(at('checks: { obsolete-version: "off" }\n'));
    assert.match(off.stdout, /Nothing is wrong/);
    folder?.dispose();
    const error = await run(at('checks: { obsolete-version: error }\n'));
    assert.match(error.stdout, /^✖ error .* obsolete-version$/m);
    assert.equal(error.exitCode, 1);
    assert.ok(folder);
    const { findings } = JSON.parse((await berth(['check', '--json'], { cwd: folder.folder })).stdout);
    assert.ok(!('checkedSeverity' in findings[0]));
    folder?.dispose();
    const one = await run(
      at('checks: { obsolete-version: error }\nenvironments: { dev: { checks: { obsolete-version: "off" } } }\n'),
    );
    assert.match(one.stdout, /Nothing is wrong/);
    folder?.dispose();
    const wrong = await run(at('checks: { obsolete: "off", obsolete-version: never }\n'));
    assert.match(wrong.stdout, /berth\.yaml:1:11: There is no key "obsolete" here/);
    assert.match(
      wrong.stdout,
      /"obsolete-version" can't be "never"\..*\n +It has to be one of: error, warning, info, off\./,
    );
  });

  it('says what is wrong with its arguments', async () => {
    const said = async (...args: string[]) => {
      const { stdout, stderr, exitCode } = await run({ 'compose.yaml': WEB }, ...args);
      folder?.dispose();
      assert.equal(exitCode, 2);
      return stdout + stderr;
    };
    assert.match(await said('--code', 'same-prot'), /no code "same-prot".\n.*Did you mean same-port\?/);
    assert.match(await said('--json', '--sarif'), /Either --json or --sarif, not both/);
    assert.match(await said('nope'), /no environment "nope"/);
  });

  it('asks the engine only with --live, and says what to type', async () => {
    const external = `${WEB}    networks: [x]\nnetworks: { x: { external: true, name: berth-none-of-these } }\n`;
    const plain = await run({ 'compose.yaml': external });
    assert.doesNotMatch(plain.stdout, /missing-network/);
    assert.ok(folder);
    const inFolder = { cwd: folder.folder };
    const { stdout, exitCode } = await berth(['check', 'dev', '--live', '--code', 'missing-network'], inFolder);
    assert.equal(
      stdout,
      `✖ error  compose.yaml:5:13: The network "berth-none-of-these" is not there.  missing-network
    Make it first: docker network create berth-none-of-these

1 error.
More about a code: berth check --explain missing-network
`,
    );
    assert.equal(exitCode, 1);
    const fixing = await berth(['check', '--fix', '--live', '--code', 'missing-network'], inFolder);
    assert.match(
      fixing.stdout,
      /Make it first: docker network create berth-none-of-these\n +--fix leaves it: it changes files alone, .* to run\./,
    );
    const inFiles = await berth(['check', '--fix', '--code', 'missing-network'], inFolder);
    assert.equal(inFiles.stderr, 'Only --live looks for missing-network.\n');
    const json = JSON.parse((await berth(['check', '--live', '--json'], inFolder)).stdout);
    assert.ok(json.findings.some(({ code }: { code: string }) => code === 'missing-network'));
    assert.deepEqual(json.notes, []);
  });

  it('says with --live what was not looked at, and not that all is well', async () => {
    const files = { 'compose.yaml': `${WEB}    env_file: x.env\n    ports: ["127.0.0.1:1:80"]\n` };
    const codes = ['--live', '--code', 'port-taken', '--code', 'name-taken'];
    const { stdout, stderr } = await run(files, ...codes);
    assert.equal(stdout, 'Nothing of port-taken, name-taken was found in what could be looked at.\n');
    assert.match(stderr, /^dev: could not be looked at, since Compose refuses its files: .*x\.env not found/);
    assert.ok(folder);
    const inFolder = { cwd: folder.folder };
    const { notes } = JSON.parse((await berth(['check', ...codes, '--json'], inFolder)).stdout);
    assert.deepEqual(notes, [stderr.trim()]);
    assert.equal((await berth(['check', ...codes, '--sarif'], inFolder)).stderr, stderr);
    folder.write('x.env', '');
    const whole = await berth(['check', ...codes], inFolder);
    assert.deepEqual(
      [whole.stdout, whole.stderr],
      ['✔ Nothing of port-taken, name-taken was found, as far as can be told.\n', ''],
    );
  });
});
