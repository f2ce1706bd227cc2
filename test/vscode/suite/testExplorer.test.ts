import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import { Emitter, waitFor } from '../../../src/core/common/event';
import type { Internals } from '../../../src/extension/extension';
import { HostProject } from './support/hostProject';

const COMPOSE = `name: PROJECT
services:
  app:
    image: busybox:1-musl
    init: true
    command: sleep 1000
    working_dir: /app
    volumes: [".:/app"]
`;

const SICK = `services:
  app:
    healthcheck: { test: ["CMD-SHELL", "echo no database here; exit 1"], interval: 1s, retries: 1 }
`;

const DECLARATION = `environments:
  test:
    files: [compose.yaml, compose.test.yaml]
    commands:
      unit: { kind: test, service: app, run: [sh, suite, "0"], collect: [/tmp/report.xml] }
      broken: { kind: test, service: app, run: [sh, suite, "3"], collect: [/tmp/report.xml] }
      long: { kind: test, service: app, run: [sh, -c, "echo begun; sleep 1000"] }
      many: { kind: test, service: app, run: [sh, many], collect: [/tmp/many.xml] }
  third:
    files: [compose.yaml, compose.third.yaml]
    purpose: test
    commands:
      unit: { kind: test, service: app, run: [sh, suite, "0"] }
  sick:
    files: [compose.yaml, compose.sick.yaml]
    purpose: test
    commands:
      unit: { kind: test, service: app, run: [sh, suite, "0"] }
`;

/** Tests as they are in a container: they print in colour when asked to, and leave a report as pytest does. */
const SUITE = `echo "colour $FORCE_COLOR"
printf '\\033[32mgreen\\033[0m\\n'
if [ "$1" = 0 ]; then failure=; else failure='<failure message="assert 1 == 2">def test_fails():
tests/test_cart.py:4: AssertionError</failure>'; fi
cat >/tmp/report.xml <<END
<testsuites><testsuite name="pytest"><testcase classname="tests.test_cart" name="test_works" time="0.002"/><testcase classname="tests.test_cart" name="test_sums" time="0.004">$failure</testcase><testcase classname="tests.test_cart" name="test_later"><skipped message="not yet"/></testcase></testsuite></testsuites>
END
exit "$1"
`;

/** A report of so many tests that are called alike, and in so many files, that one argument of a program can't name them all. */
const MANY = `awk 'BEGIN {
  print "<testsuites><testsuite name=\\"all\\">"
  for (i = 0; i < 12000; i++) print "<testcase classname=\\"alike\\" name=\\"same\\"/>"
  for (i = 0; i < 5000; i++) print "<testcase name=\\"one " i "\\" file=\\"tests/a_file_with_a_rather_long_name_" i "_test.js\\"/>"
  print "<testcase name=\\"last\\" file=\\"tests/test_cart.py\\"/></testsuite></testsuites>"
}' >/tmp/many.xml
`;

const PYTHON = `def test_works(): pass

def test_sums():
    assert 1 == 2
`;

/** What a test run told VS Code. */
interface Told {
  readonly how: 'enqueued' | 'started' | 'passed' | 'failed' | 'errored' | 'skipped' | 'output' | 'end';
  readonly item?: vscode.TestItem;
  readonly text?: string;
  readonly message?: vscode.TestMessage;
}

describe('the Test Explorer, inside VS Code', () => {
  const project = new HostProject('tests');
  let internals: Internals;
  let told: Told[] = [];
  const onTold = new Emitter<Told>();

  before(async () => {
    const extension = vscode.extensions.getExtension<Internals>('berth.berth');
    assert.ok(extension);
    internals = await extension.activate();
    listenToRuns();
    fs.mkdirSync(project.path('tests'), { recursive: true });
    project.write({
      'compose.yaml': COMPOSE,
      'compose.test.yaml': 'services: { app: { labels: { a: b } } }\n',
      'compose.third.yaml': 'services: { app: { labels: { c: d } } }\n',
      'compose.sick.yaml': SICK,
      'berth.yaml': DECLARATION,
      suite: SUITE,
      many: MANY,
      'tests/test_cart.py': PYTHON,
    });
    await waitFor(internals.berth.store.onDidChange, () => item('test', 'long') && item('sick', 'unit'));
  });

  beforeEach(() => {
    told = [];
  });

  after(async () => {
    onTold.dispose();
    await project.docker('compose', '--project-name', `${project.name}-sick`, 'down', '--timeout', '1');
    await project.dispose();
  });

  /** Hears all that the controller's runs tell VS Code, which hears it, too. */
  function listenToRuns(): void {
    const { controller } = internals.testExplorer;
    const create = controller.createTestRun.bind(controller);
    const tell = (one: Told) => {
      told.push(one);
      onTold.fire(one);
    };
    controller.createTestRun = (...args) => {
      const run = create(...args);
      return new Proxy(run, {
        get: (_, name: keyof vscode.TestRun) => {
          const value = run[name];
          if (typeof value !== 'function') return value;
          return (...given: unknown[]) => {
            (value as (...words: unknown[]) => unknown).apply(run, given);
            const [first, second, third] = given;
            if (name === 'appendOutput') tell({ how: 'output', text: String(first), item: third as vscode.TestItem });
            else if (name === 'failed' || name === 'errored') {
              tell({ how: name, item: first as vscode.TestItem, message: second as vscode.TestMessage });
            } else tell({ how: name as Told['how'], item: first as vscode.TestItem });
          };
        },
      });
    };
  }

  /** The item of an environment of the project, or of a command of it. */
  function item(environment: string, command?: string): vscode.TestItem | undefined {
    const found = [...internals.testExplorer.controller.items].find(([id]) => {
      const definition = internals.berth.store.find(id)?.definition;
      return definition?.projectDirectory === project.folder && path.basename(definition.name) === environment;
    })?.[1];
    if (command === undefined) return found;
    return [...(found?.children ?? [])].find(([, { label }]) => label === command)?.[1];
  }

  /** Runs an item as its button does, and waits until that is over. */
  async function run(wanted: vscode.TestItem | undefined): Promise<void> {
    assert.ok(wanted);
    await begin(wanted);
    await waitFor(onTold.event, () => told.at(-1)?.how === 'end' || undefined);
  }

  async function begin(wanted: vscode.TestItem): Promise<void> {
    const { profiles } = internals.testExplorer;
    const cancelling = new vscode.CancellationTokenSource();
    const request = new vscode.TestRunRequest([wanted], [], profiles[0]);
    void profiles[0]?.runHandler(request, cancelling.token);
    cancelled = cancelling;
  }
  let cancelled: vscode.CancellationTokenSource | undefined;

  /** How the items ended, by name: `unit passed`. */
  const ends = () =>
    told
      .filter(({ how }) => ['passed', 'failed', 'errored', 'skipped'].includes(how))
      .map(({ how, item }) => `${item?.label} ${how}`);
  const output = () => told.map(({ text = '' }) => text).join('');
  const messageOf = (label: string) => told.find(({ item, message }) => message && item?.label === label)?.message;
  const leftOf = (name: string) =>
    project.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`);

  it('lists the environments that have test commands, and these', () => {
    assert.deepEqual(
      [...(item('test')?.children ?? [])].map(([, { label }]) => label),
      ['unit', 'broken', 'long', 'many'],
    );
    assert.equal(item('test')?.uri?.fsPath, project.path('berth.yaml'));
  });

  it('runs a command in a container, shows its output in colours, and the tests of its report', async () => {
    await run(item('test', 'unit'));
    assert.deepEqual(ends(), ['unit passed', 'test_works passed', 'test_sums passed', 'test_later skipped']);
    assert.ok(output().includes('colour 1\r\n\u001b[32mgreen\u001b[0m\r\n'), output());
    assert.equal(await leftOf(`${project.name}-test`), '');
    const [suite] = [...(item('test', 'unit')?.children ?? [])].map(([, one]) => one);
    assert.equal(suite?.label, 'tests.test_cart');
    assert.deepEqual(
      [...suite.children].map(([, one]) => one.uri?.fsPath),
      Array(3).fill(project.path('tests/test_cart.py')),
    );
  });

  it('tells of one that fails why, and where', async () => {
    await run(item('test', 'broken'));
    assert.deepEqual(ends(), ['broken failed', 'test_works passed', 'test_sums failed', 'test_later skipped']);
    const message = messageOf('test_sums');
    assert.match(String(message?.message), /^assert 1 == 2\n\ndef test_fails\(\):/);
    assert.equal(message?.location?.uri.fsPath, project.path('tests/test_cart.py'));
    assert.equal(message?.location?.range.start.line, 3);
    assert.match(String(messageOf('broken')?.message), /ended with exit code 3\.\n1 of 3 tests failed\./);
  });

  it('shows all tests of a large report, and lets others have their turn meanwhile', async () => {
    let turns = 0;
    let isShowing = false;
    const count = () => {
      turns++;
      if (isShowing) setImmediate(count);
    };
    const listening = onTold.event(({ item: { label } = {} }) => {
      if (label === 'same' && !isShowing) {
        isShowing = true;
        setImmediate(count);
      } else if (label === 'last') isShowing = false;
    });
    await run(item('test', 'many'));
    listening.dispose();
    assert.equal(ends().length, 17_002);
    assert.deepEqual(
      ends().filter((end) => !end.endsWith(' passed')),
      [],
    );
    assert.ok(turns >= 100, `${turns} turns`);
    const suites = [...(item('test', 'many')?.children ?? [])].map(([, one]) => one);
    const alike = suites.find(({ label }) => label === 'alike');
    assert.equal(alike?.children.size, 12_000);
    const [last] = [...(suites.find(({ label }) => label === 'all')?.children ?? [])].slice(-1);
    assert.equal(last?.[1].uri?.fsPath, project.path('tests/test_cart.py'));
  });

  it('tells what kept the tests from being run, with what the health check printed', async () => {
    await run(item('sick'));
    assert.deepEqual(ends(), ['unit errored']);
    assert.match(String(messageOf('unit')?.message), /app.*unhealthy.*no database here/s);
    assert.equal(await leftOf(`${project.name}-sick`), '');
  });

  it('removes what a run made that is cancelled', async () => {
    const long = item('test', 'long');
    assert.ok(long);
    await begin(long);
    await waitFor(onTold.event, () => output().includes('begun') || undefined);
    cancelled?.cancel();
    await waitFor(onTold.event, () => told.some(({ how }) => how === 'end') || undefined);
    assert.deepEqual(ends(), []);
    assert.match(stripVTControlCharacters(output()), /Removing "[^"]*test" …/);
    assert.equal(await leftOf(`${project.name}-test`), '');
  });

  it("is cancelled by the button of the run in the test results, which VS Code tells that run's own token only", async () => {
    const long = item('test', 'long');
    assert.ok(long);
    await begin(long);
    await waitFor(onTold.event, () => output().includes('begun') || undefined);
    await vscode.commands.executeCommand('testing.cancelRun');
    await waitFor(onTold.event, () => told.some(({ how }) => how === 'end') || undefined);
    assert.deepEqual(ends(), []);
    assert.equal(await leftOf(`${project.name}-test`), '');
  });

  it('runs the main command of each environment for tests at "Run All Tests", two at once, but what is excluded', async () => {
    await vscode.commands.executeCommand('testing.runAll');
    await waitFor(onTold.event, () => told.some(({ how }) => how === 'end') || undefined);
    const begun = told.flatMap(({ how, item: { label, parent } = {} }) =>
      how === 'started' ? `${path.basename(parent?.label ?? '')} ${label}` : [],
    );
    assert.deepEqual(begun.sort(), ['sick unit', 'test unit', 'third unit']);
    let going = 0;
    let most = 0;
    for (const { how, item: one } of told) {
      if (one?.label !== 'unit') continue;
      if (how === 'started') going++;
      else if (how === 'passed' || how === 'errored') going--;
      most = Math.max(most, going);
    }
    assert.equal(most, 2);
    const { profiles } = internals.testExplorer;
    told = [];
    const excluded = [item('sick'), item('third'), item('test', 'unit')].filter((one) => one !== undefined);
    await profiles[0]?.runHandler(
      new vscode.TestRunRequest(undefined, excluded, profiles[0]),
      new vscode.CancellationTokenSource().token,
    );
    assert.deepEqual(
      told.map(({ how }) => how),
      ['end'],
    );
  });

  it('runs two commands of one environment at once, in a project for each, and shows neither in the views', async () => {
    const long = item('test', 'long');
    assert.ok(long);
    await begin(long);
    const first = cancelled;
    await waitFor(onTold.event, () => output().includes('begun') || undefined);
    await run(item('test', 'unit'));
    assert.ok(ends().includes('unit passed'));
    first?.cancel();
    await waitFor(onTold.event, () => told.filter(({ how }) => how === 'end').length === 2 || undefined);
    assert.equal(await leftOf(`${project.name}-test`), '');
    const definition = internals.berth.store.find(long.parent?.id ?? '')?.definition;
    assert.equal(definition?.runFile, undefined);
  });

  it('keeps how tests ended while files change, and lets go what is gone', async () => {
    const unit = item('test', 'unit');
    project.write({ 'berth.yaml': DECLARATION.replace(/ {6}long:.*\n/, '') });
    await internals.berth.store.filesChanged();
    assert.equal(item('test', 'long'), undefined);
    assert.equal(item('test', 'unit'), unit);
    assert.equal(unit?.children.size, 1);
  });

  it('keeps it also when the order of commands changes, and has them in the new one', async () => {
    const unit = item('test', 'unit');
    const before = unit?.sortText ?? '';
    const broken = /^ {6}broken:.*\n/m.exec(DECLARATION)?.[0] ?? '';
    const others = DECLARATION.replace(broken, '');
    project.write({ 'berth.yaml': others.replace(/^ {6}unit:/m, `${broken}      unit:`) });
    await internals.berth.store.filesChanged();
    assert.equal(item('test', 'unit'), unit);
    assert.ok((unit?.sortText ?? '') > before, `${before} ${unit?.sortText}`);
    assert.ok((item('test', 'broken')?.sortText ?? '') < (unit?.sortText ?? ''));
  });
});
