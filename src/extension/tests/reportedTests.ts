import { setImmediate } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TestCase } from '../../core/model/testCase';
import { patternsFor, SourceFiles, type ToldPlace, toldPlaces } from './sourceFiles';
import { caseWords } from './testWords';

/** Where no test of somebody's own stands. */
const NOT_SEARCHED = '**/{node_modules,.venv,venv,.git,.berth,target,dist}/**';
/** How many files are found at most, for a pattern. */
const MOST_FILES = 10_000;
/** How many tests are gone through before something else has its turn. */
const TESTS_AT_ONCE = 100;

/**
 * Shows the tests that a command's report told beneath it, in the place of those of before, each with how it ended, and with links to
 * where it stands in a workspace folder.
 * @param folder absolute path of the workspace folder.
 */
export async function showReported(
  controller: vscode.TestController,
  run: vscode.TestRun,
  command: vscode.TestItem,
  cases: readonly TestCase[],
  folder: string,
): Promise<void> {
  const told = [];
  const named = new Set<string>();
  for await (const one of inTurns(cases)) {
    const places = toldPlaces(one);
    told.push({ one, ...places });
    for (const { file } of [...places.own, ...places.failure]) named.add(file);
  }
  const files = await filesIn(folder, patternsFor(named));
  command.children.replace([]);
  const items = new ReportItems(controller, command);
  for await (const { one, own, failure } of inTurns(told)) {
    const isFound = ({ file }: ToldPlace) => files.meantBy(file) !== undefined;
    const standsIn = own.find(isFound) ?? failure.find(isFound);
    const file = standsIn && files.meantBy(standsIn.file);
    const item = items.add(one, file);
    if (standsIn?.line !== undefined) item.range = rangeAt(standsIn.line);
    const failedAt = failure.find((place) => isFound(place) && files.meantBy(place.file) === file) ?? standsIn;
    showOutcome(run, item, one, failedAt?.line);
  }
}

/** What there may be very much of, so that nothing else waits until all of it is done. */
async function* inTurns<T>(many: readonly T[]): AsyncGenerator<T> {
  for (const [index, one] of many.entries()) {
    if (index % TESTS_AT_ONCE === 0) await setImmediate();
    yield one;
  }
}

/** The items of the tests of one report. */
class ReportItems {
  /** How many tests there are so far of a suite and a name: reports may tell of several that are called alike. */
  private readonly namesakes = new Map<string, number>();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly command: vscode.TestItem,
  ) {}

  /** Adds the item of a test, beneath that of what it belongs to. @param file absolute path. */
  add({ name, suite }: TestCase, file: string | undefined): vscode.TestItem {
    const above = suite === undefined ? this.command : this.suiteItem(suite);
    const called = `${above.id}\n${name}`;
    const number = (this.namesakes.get(called) ?? 0) + 1;
    this.namesakes.set(called, number);
    const id = `${above.id}\ntest ${number} ${name}`;
    const item = this.controller.createTestItem(id, name, file === undefined ? undefined : vscode.Uri.file(file));
    item.sortText = String(above.children.size).padStart(6, '0');
    above.children.add(item);
    return item;
  }

  private suiteItem(suite: string): vscode.TestItem {
    const id = `${this.command.id}\nsuite ${suite}`;
    const known = this.command.children.get(id);
    if (known) return known;
    const item = this.controller.createTestItem(id, suite);
    this.command.children.add(item);
    return item;
  }
}

/** @param line where a message of it is shown, in the item's own file. */
function showOutcome(run: vscode.TestRun, item: vscode.TestItem, one: TestCase, line: number | undefined): void {
  const failure = () => {
    const message = new vscode.TestMessage(caseWords(one));
    if (item.uri && line !== undefined) message.location = new vscode.Location(item.uri, rangeAt(line));
    return message;
  };
  switch (one.outcome) {
    case 'passed':
      run.passed(item, one.ms);
      break;
    case 'failed':
      run.failed(item, failure(), one.ms);
      break;
    case 'errored':
      run.errored(item, failure(), one.ms);
      break;
    case 'skipped':
      if (one.message) run.appendOutput(`${l10n.t('Skipped: {0}', one.message)}\r\n`, undefined, item);
      run.skipped(item);
      break;
  }
}

function rangeAt(line: number): vscode.Range {
  return new vscode.Range(line - 1, 0, line - 1, 0);
}

/** The files of a folder that fit patterns, which are looked for one after another. */
async function filesIn(folder: string, patterns: readonly string[]): Promise<SourceFiles> {
  const files = [];
  for (const pattern of patterns) {
    const relative = new vscode.RelativePattern(folder, pattern);
    files.push(...(await vscode.workspace.findFiles(relative, NOT_SEARCHED, MOST_FILES)));
  }
  return new SourceFiles(files.map(({ fsPath }) => fsPath));
}
