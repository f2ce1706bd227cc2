import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../src/core/common/event';
import type { EditFix } from '../../src/core/findings/fixing';
import { gitStates } from '../../src/core/findings/gitStates';
import type { FileEdit, Finding } from '../../src/core/model/finding';
import { runOrFail } from '../support/processes';
import { withTemporaryFolder } from '../support/temporary';
import { CheckedFolder } from './support/checkCases';

const WEB = 'services:\n  web:\n    image: busybox:1.36\n';
const OLD = `version: "3"\n${WEB}`;
/** How long a test waits for what should come at once, in milliseconds. */
const LIMIT = 30_000;

describe('findings', () => {
  let folder: CheckedFolder;
  afterEach(() => folder?.dispose());

  it('follow files as they are saved, and as they stand in editors', async () => {
    folder = new CheckedFolder({ 'compose.yaml': WEB });
    const { store, findings } = folder.berth;
    const signal = AbortSignal.timeout(LIMIT);
    const until = (...codes: string[]) =>
      waitFor(
        findings.onDidChange,
        () => findings.all.map(({ code }) => code).join() === codes.join() || undefined,
        signal,
      );
    const file = path.join(folder.folder, 'compose.yaml');
    findings.watch();
    await store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await store.whenResolved();
    folder.write('compose.yaml', OLD);
    await store.filesChanged([file]);
    await until('obsolete-version');
    findings.setText(file, WEB);
    await until();
    assert.equal(findings.facts?.textOf(file), WEB);
    // What Compose refuses is told as of the file, although it was given another one.
    findings.setText(file, `${WEB}    ports: 5\n`);
    await until('invalid-configuration');
    assert.deepEqual(findings.all[0]?.places, [{ file, line: 4, column: 5, endLine: 4, endColumn: 10 }]);
    assert.doesNotMatch(findings.all[0]?.message ?? '', /berth-texts|0-compose/);
    // So is what it only warns of.
    findings.setText(file, `${WEB}    command: \${NAME}\n`);
    await until('unset-variable');
    assert.deepEqual(
      findings.all.flatMap(({ places }) => places.map((place) => [place.file, place.line])),
      [[file, 4]],
    );
    findings.setText(file, undefined);
    await until('obsolete-version');
    assert.equal(folder.read('compose.yaml'), OLD);
  });

  it('have no fix that Compose would not accept, or that leaves them', async () => {
    folder = new CheckedFolder({
      'compose.yaml': OLD,
      'compose.test.yaml': 'services: { web: { command: "true" } }\n',
    });
    const file = path.join(folder.folder, 'compose.yaml');
    const checked = await folder.check();
    const [finding] = checked.findings;
    assert.equal(finding?.code, 'obsolete-version');
    const offered = async (edit: Partial<FileEdit>) => {
      const fix: EditFix = {
        kind: 'edit',
        title: 'it',
        isSafe: true,
        edits: [{ file, start: 0, end: 0, text: '', ...edit }],
      };
      return (await folder.berth.fixing.offered({ ...(finding as Finding), fixes: [fix] }, checked)).length;
    };
    assert.equal(await offered({ end: 'version: "3"\n'.length }), 1);
    assert.equal(await offered({ text: '# nothing\n' }), 0, 'it would stay');
    assert.equal(await offered({ end: 'version: "3"\nservices:'.length }), 0, 'the overlay would have no base');
    assert.equal(await offered({ end: OLD.length, text: '{' }), 0, 'it would be no YAML');
  });

  it('are not mended in a file that was changed meanwhile, of which nothing is lost', async () => {
    folder = new CheckedFolder({ 'compose.yaml': OLD });
    const checked = await folder.check();
    const [finding] = checked.findings;
    const [fix] = finding?.fixes ?? [];
    const proposal = await folder.berth.fixing.proposal([[finding as Finding, fix as EditFix]], checked);
    assert.ok(proposal);
    folder.write('compose.yaml', `${OLD}# mine\n`);
    await assert.rejects(folder.berth.fixing.write(proposal, checked), {
      kind: 'failed',
      message: /changed meanwhile/,
    });
    assert.equal(folder.read('compose.yaml'), `${OLD}# mine\n`);
    assert.deepEqual(fs.readdirSync(folder.folder), ['compose.yaml']);
  });

  it('are mended in all files or in none, and a secret is nowhere lost', async () => {
    const SECRET = 'kJ82sLq2Zx9Pw4Vt7Ym';
    const text = `services:\n  db:\n    image: busybox:1.36\n    environment:\n      A_PASSWORD: ${SECRET}\n`;
    folder = new CheckedFolder({
      'compose.yaml': text,
      'compose.test.yaml': 'services: { db: { command: "true" } }\n',
    });
    const checked = await folder.check();
    const finding = checked.findings.find(({ code }) => code === 'secret-in-file');
    const fix = finding?.fixes.find((one) => one.kind === 'edit');
    const proposal = await folder.berth.fixing.proposal([[finding as Finding, fix as EditFix]], checked);
    assert.ok(proposal);
    const [file] = [...proposal.texts.keys()].filter((one) => one.endsWith('compose.yaml'));
    assert.ok(file && proposal.texts.size > 1);
    // What is written beside it, to be put in its place, can't be made there.
    const texts = new Map([...proposal.texts].map(([one, after]) => [one, after]));
    const broken = { ...proposal, texts: new Map([...texts, [path.join(file, 'in-a-file', 'compose.yaml'), 'x']]) };
    await assert.rejects(folder.berth.fixing.write(broken, checked), { kind: 'failed', message: /can't be written/ });
    assert.equal(folder.read('compose.yaml'), text);
    assert.deepEqual(fs.readdirSync(folder.folder).sort(), ['compose.test.yaml', 'compose.yaml']);
    await folder.berth.fixing.write(proposal, checked);
    assert.ok(!folder.read('compose.yaml').includes(SECRET));
    assert.ok(folder.read('.env').includes(SECRET));
  });
});

describe('fixes that Compose judges', () => {
  let folder: CheckedFolder;
  afterEach(() => folder?.dispose());
  /** What stays of some codes, once everything safe is mended. */
  const mendAll = async () => {
    await folder.check();
    return folder.berth.fixing.mend(() => true);
  };

  it('are done in files that others take in, with all paths in them as they were', async () => {
    folder = new CheckedFolder({
      'compose.yaml':
        'include: [parts/db.yaml]\nservices:\n  web:\n    extends: { file: base/web.yaml, service: web }\n',
      'parts/db.yaml': 'services:\n  db:\n    image: busybox:1.36\n    volums: ["../data:/data"]\n',
      'base/web.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    build: ./src\n    env_file: [web.env]\n    comand: "true"\n',
      'base/web.env': 'A=1\n',
      'data/a': '',
    });
    const { mended, checked } = await mendAll();
    assert.deepEqual(
      mended.map(({ code }) => code),
      ['unknown-key', 'unknown-key'],
    );
    assert.match(folder.read('parts/db.yaml'), /volumes:/);
    assert.match(folder.read('base/web.yaml'), /command:/);
    assert.deepEqual(
      checked.facts.environments.map(({ error }) => error),
      [undefined],
    );
    // Judged in memory, Compose says the same as of the files.
    const texts = new Map([[path.join(folder.folder, 'base/web.yaml'), `${folder.read('base/web.yaml')}# more\n`]]);
    const then = await folder.berth.findings.checkTexts(texts);
    const [project, judged] = [checked, then].map(({ facts }) => facts.environments[0]?.project?.config.content);
    assert.deepEqual(judged, project);
    assert.equal(JSON.stringify(project).includes('berth-texts'), false);
  });

  it('are not offered in a file that others take in where Compose would refuse that', async () => {
    folder = new CheckedFolder({
      'compose.yaml': 'include: [parts/db.yaml]\nservices:\n  web: { image: "busybox:1.36", depends_on: [db] }\n',
      'parts/db.yaml': 'version: "3"\nservices:\n  db:\n    image: busybox:1.36\n',
    });
    const checked = await folder.check();
    const [finding] = checked.findings.filter(({ code }) => code === 'obsolete-version');
    assert.ok(finding);
    const file = path.join(folder.folder, 'parts/db.yaml');
    const offered = async (end: number, text: string) => {
      const fix: EditFix = { kind: 'edit', title: 'it', isSafe: true, edits: [{ file, start: 0, end, text }] };
      return (await folder.berth.fixing.offered({ ...finding, fixes: [fix] }, checked)).length;
    };
    assert.equal(await offered('version: "3"\n'.length, ''), 1);
    assert.equal(await offered(folder.read('parts/db.yaml').length, 'services: { other: { image: a } }\n'), 0);
  });

  it('are not offered in what is taken in by a path that only Compose knows', async () => {
    folder = new CheckedFolder({
      'compose.yaml': `include: ["\${PARTS:-parts}/more.yaml", parts/db.yaml]\n${WEB}`,
      'parts/db.yaml': 'version: "3"\nservices:\n  db:\n    image: busybox:1.36\n',
      'parts/more.yaml': 'services: { more: { image: "busybox:1.36" } }\n',
    });
    const checked = await folder.check();
    const [finding] = checked.findings.filter(({ code }) => code === 'obsolete-version');
    assert.ok(finding);
    assert.deepEqual(await folder.berth.fixing.offered(finding, checked), []);
  });

  it('are offered of each mistake where there are several, though Compose tells of one at a time', async () => {
    const text =
      'services:\n  web:\n    imge: busybox:1.36\n    enviroment:\n      A: b\n  db:\n    image: busybox:1.36\n    prots: []\n';
    folder = new CheckedFolder({ 'compose.yaml': text });
    const checked = await folder.check();
    const [first] = checked.findings;
    assert.ok(first);
    assert.equal((await folder.berth.fixing.offered(first, checked)).length, 1);
    const { mended } = await mendAll();
    assert.equal(mended.length, 3);
    assert.equal(
      folder.read('compose.yaml'),
      text.replace('imge', 'image').replace('enviro', 'environ').replace('prots', 'ports'),
    );
  });

  it('are not offered where what Compose refuses next comes of them', async () => {
    for (const text of [
      `${WEB}    prots: 5\n`,
      `${WEB}    prots:\n      a: b\n`,
      `${WEB}    enviroment:\n      - A=1\n      - { b: c }\n`,
    ]) {
      folder = new CheckedFolder({ 'compose.yaml': text });
      const checked = await folder.check();
      const [finding] = checked.findings;
      assert.equal(finding?.code, 'unknown-key');
      assert.deepEqual(await folder.berth.fixing.offered(finding as Finding, checked), [], text);
      folder.dispose();
    }
  });

  it('are not offered where there would be an error that there was not, be it no matter to Compose', async () => {
    const several = '    ports: ["8080:80"]\n    deploy: { replicas: 2 }\n';
    for (const [text, by, count] of [
      [OLD, `${WEB}${several}`, 0],
      [OLD + several, (WEB + several).replace('8080', '8081'), 1],
      // Compose did not tell of it before.
      [`${WEB}    comand: x\n${several}`, `${WEB}    command: x\n${several}`, 1],
    ] as const) {
      folder = new CheckedFolder({ 'compose.yaml': text });
      const checked = await folder.check();
      const finding = checked.findings.find(({ code }) => code === 'obsolete-version' || code === 'unknown-key');
      const edits = [{ file: path.join(folder.folder, 'compose.yaml'), start: 0, end: text.length, text: by }];
      const fixes = [{ kind: 'edit', title: 'it', isSafe: true, edits } as const];
      const offered = await folder.berth.fixing.offered({ ...(finding as Finding), fixes }, checked);
      assert.equal(offered.length, count, by);
      folder.dispose();
    }
  });

  it('are not offered where another environment would have an error, be it of a code that mostly is a warning', async () => {
    const db = (port: string, image = '') => `services:\n  db:\n${image}    ports: ["${port}"]\n`;
    const base = db('6379:6379', '    image: redis:7\n');
    for (const [inTest, isOffered] of [
      ['6379:6379', 0],
      ['127.0.0.1:6379:6379', 1],
    ] as const) {
      folder = new CheckedFolder({ 'compose.yaml': base, 'compose.test.yaml': db(inTest) });
      const checked = await folder.check();
      const isOfDev = ({ code, places }: Finding) => code === 'port-on-all-interfaces' && places.length === 1;
      const offered = await folder.berth.fixing.offered(checked.findings.find(isOfDev) as Finding, checked);
      assert.equal(offered.length, isOffered, inTest);
      folder.dispose();
    }
  });

  it('are done to the last one, though each takes a look of its own', async () => {
    const services = Array.from({ length: 14 }, (_, number) => `  s${number}:\n    image: busybox:1.36\n    imge: x\n`);
    folder = new CheckedFolder({
      'compose.yaml': `services:\n${services.join('').replaceAll('imge: x', 'comand: x')}`,
    });
    const { mended } = await mendAll();
    assert.equal(mended.length, 14);
    assert.doesNotMatch(folder.read('compose.yaml'), /comand/);
  });

  it('are offered of each of two that are told in the same words, and both done', async () => {
    const text = `services:
  web:
    build: { context: ., args: { API_TOKEN: kR8vTq2LmZx9WpYb4NfG } }
    environment: { API_TOKEN: Zx9WpYb4NkR8vTq2LmQd }
`;
    folder = new CheckedFolder({ 'compose.yaml': text, Dockerfile: 'FROM busybox:1.36\n' });
    const checked = await folder.check();
    const findings = checked.findings.filter(({ code }) => code === 'secret-in-file');
    assert.deepEqual(findings[0]?.message, findings[1]?.message);
    for (const finding of findings) assert.equal((await folder.berth.fixing.offered(finding, checked)).length, 1);
    const { mended } = await folder.berth.fixing.mend(({ code }) => code === 'secret-in-file', { isAnyFix: true });
    assert.equal(mended.length, 2);
    for (const secret of ['kR8vTq2LmZx9WpYb4NfG', 'Zx9WpYb4NkR8vTq2LmQd']) {
      assert.ok(!folder.read('compose.yaml').includes(secret));
      assert.ok(folder.read('.env').includes(secret));
    }
  });

  it('are done together where they do the very same', async () => {
    folder = new CheckedFolder({ 'compose.yaml': OLD });
    const checked = await folder.check();
    const [finding] = checked.findings as [Finding];
    const asFound = (message: string): Finding => ({ ...finding, message });
    const proposed = await folder.berth.fixing.proposalOfAll([asFound('one'), asFound('two')], checked);
    assert.deepEqual(
      proposed?.mended.map(({ message }) => message),
      ['one', 'two'],
    );
    assert.deepEqual([...(proposed?.texts.values() ?? [])], [WEB]);
  });

  it('are done where one of many is not accepted, without asking about each', async () => {
    const files = Array.from({ length: 12 }, (_, number) => [`compose.e${number}.yaml`, OLD] as const);
    folder = new CheckedFolder(Object.fromEntries(files));
    const checked = await folder.check();
    const findings = checked.findings.filter(({ code }) => code === 'obsolete-version');
    assert.equal(findings.length, 12);
    const [bad, ...good] = findings as [Finding, ...Finding[]];
    const [place] = bad.places;
    const breaking: EditFix = {
      kind: 'edit',
      title: 'it',
      isSafe: true,
      edits: [{ file: place?.file ?? '', start: 0, end: OLD.length, text: '{' }],
    };
    let asked = 0;
    const { findings: all } = folder.berth;
    const checkTexts = all.checkTexts.bind(all);
    all.checkTexts = (...args) => {
      asked++;
      return checkTexts(...args);
    };
    const proposed = await folder.berth.fixing.proposalOfAll(
      [...good.slice(0, 6), { ...bad, fixes: [breaking] }, ...good.slice(6)],
      checked,
    );
    assert.equal(proposed?.mended.length, 11);
    assert.ok(asked < 12, `${asked} times`);
  });
});

describe('how files stand to git', () => {
  it('is told of files that are tracked, ignored, neither, or not there', async () => {
    await withTemporaryFolder('git', async (root) => {
      const git = (...args: string[]) => runOrFail('git', args, { cwd: root });
      await git('init', '--quiet');
      fs.mkdirSync(path.join(root, 'a [b]'));
      fs.writeFileSync(path.join(root, '.gitignore'), '.env\n');
      for (const file of ['tracked', 'a [b]/tracked', 'other', '.env']) fs.writeFileSync(path.join(root, file), '');
      await git('add', 'tracked', 'a [b]/tracked');
      const files = ['tracked', 'a [b]/tracked', 'other', '.env', 'gone'].map((file) => path.join(root, file));
      const states = await gitStates([...files, path.join(path.dirname(root), 'nowhere')]);
      assert.deepEqual(
        [...states].map(([file, { isTracked, isIgnored }]) => [path.relative(root, file), isTracked, isIgnored]),
        [
          ['tracked', true, false],
          ['a [b]/tracked', true, false],
          ['other', false, false],
          ['.env', false, true],
          ['gone', false, false],
        ],
      );
    });
  });

  it('runs nothing that a repository names', async () => {
    await withTemporaryFolder('git', async (root) => {
      await runOrFail('git', ['init', '--quiet'], { cwd: root });
      const trace = path.join(root, 'ran');
      const hook = path.join(root, 'hook');
      fs.writeFileSync(hook, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
      await runOrFail('git', ['config', 'core.fsmonitor', hook], { cwd: root });
      await runOrFail('git', ['status', '--short'], { cwd: root });
      assert.ok(fs.existsSync(trace), 'git runs it where it is not told otherwise');
      fs.rmSync(trace);
      await gitStates([path.join(root, '.env')]);
      assert.ok(!fs.existsSync(trace));
    });
  });
});
