import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { TestCase } from '../../core/model/testCase';
import { fileMeant, placesIn, type ToldPlace, toldPlaces } from './sourceFiles';
import { caseWords } from './testWords';

/** Where no test of somebody's own stands. */
const NOT_SEARCHED = '**/{node_modules,.venv,venv,.git,.berth,target,dist}/**';
/** How many files are found at most. */
const MOST_FILES = 10_000;

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
  const files = await filesCalled(namesIn(cases), folder);
  const fileOf = ({ file }: ToldPlace) => fileMeant(file, files.get(path.posix.basename(slashes(file))) ?? []);
  command.children.replace([]);
  const namesakes = new Map<string, number>();
  for (const one of cases) {
    const standsIn = toldPlaces(one)
      .map((place) => ({ ...place, file: fileOf(place) }))
      .find(({ file }) => file);
    const item = addItem(controller, command, one, standsIn?.file, namesakes);
    if (standsIn?.line !== undefined) item.range = rangeAt(standsIn.line);
    const failedAt = placesIn(one.details ?? '').find((place) => fileOf(place) === standsIn?.file) ?? standsIn;
    showOutcome(run, item, one, failedAt?.line);
  }
}

/**
 * Adds the item of a test, beneath that of what it belongs to.
 * @param namesakes how many tests there are so far of a suite and a name: reports may tell of several that are called alike.
 */
function addItem(
  controller: vscode.TestController,
  command: vscode.TestItem,
  { name, suite }: TestCase,
  file: string | undefined,
  namesakes: Map<string, number>,
): vscode.TestItem {
  const above = suite === undefined ? command : suiteItem(controller, command, suite);
  const called = `${above.id}\n${name}`;
  const number = (namesakes.get(called) ?? 0) + 1;
  namesakes.set(called, number);
  const id = `${above.id}\ntest ${number} ${name}`;
  const item = controller.createTestItem(id, name, file === undefined ? undefined : vscode.Uri.file(file));
  item.sortText = String(above.children.size).padStart(6, '0');
  above.children.add(item);
  return item;
}

function suiteItem(controller: vscode.TestController, command: vscode.TestItem, suite: string): vscode.TestItem {
  const id = `${command.id}\nsuite ${suite}`;
  const known = command.children.get(id);
  if (known) return known;
  const item = controller.createTestItem(id, suite);
  command.children.add(item);
  return item;
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

function namesIn(cases: readonly TestCase[]): ReadonlySet<string> {
  return new Set(cases.flatMap(toldPlaces).map(({ file }) => path.posix.basename(slashes(file))));
}

/** The files of a folder that are called so, by name: absolute paths. */
async function filesCalled(names: ReadonlySet<string>, folder: string): Promise<ReadonlyMap<string, string[]>> {
  const found = new Map([...names].map((name): [string, string[]] => [name, []]));
  if (names.size === 0) return found;
  // What means something in a pattern stands for any character.
  const patterns = [...names].map((name) => name.replaceAll(/[[\]{}*,!]/g, '?'));
  const pattern = new vscode.RelativePattern(folder, `**/{${patterns.join(',')}}`);
  for (const { fsPath } of await vscode.workspace.findFiles(pattern, NOT_SEARCHED, MOST_FILES)) {
    found.get(path.basename(fsPath))?.push(fsPath);
  }
  return found;
}

function slashes(file: string): string {
  return file.replaceAll('\\', '/');
}
