import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { messageOf, UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import type { EnvironmentStore } from '../../core/environmentStore';
import { allCommands, commandsOf } from '../../core/model/command';
import { type EnvironmentSnapshot, projectOf } from '../../core/model/snapshot';
import { ciSurroundings } from '../../core/runs/ciSurroundings';
import { BERTH_FILE, type CiWay, ciWorkflowFile, ciWorkflowText } from '../../core/runs/ciWorkflow';
import type { Feedback } from '../feedback';
import { PURPOSE_ICONS } from '../views/icons';
import { themeIcon } from '../views/treeItem';
import { waitVisibly } from '../waiting';
import { commandDetail } from '../words';
import { mayOverwrite } from './confirmation';
import { folderName, pick } from './picker';

/** Opens a GitHub workflow that runs the tests of an environment, for the user to look through and save. */
export class CiWorkflowCommand {
  /** @param cli absolute path of the command line's bundle. */
  constructor(
    private readonly store: EnvironmentStore,
    private readonly feedback: Feedback,
    private readonly cli: string,
  ) {}

  /**
   * Asks for what is not plain: the environment, the command, and what it is run with.
   * @throws UserError (usage) where no environment has tests; (configuration) where Compose does not accept the files.
   */
  async run(): Promise<void> {
    const tested = this.store.environments.filter((environment) => testsOf(environment).length > 0);
    if (tested.length === 0) {
      throw new UserError('usage', l10n.t('No command that runs tests is known here.'), {
        remedy: l10n.t('Declare one in berth.yaml, with "kind: test".'),
      });
    }
    const environment = await pick(tested.map(environmentChoice), l10n.t('A workflow for which environment?'));
    if (!environment) return;
    const { resolution, definition } = environment;
    if (resolution.kind === 'broken') throw resolution.error;
    if (!projectOf(resolution)) {
      await waitVisibly(l10n.t('Waiting for what {0} contains', definition.name), (signal) =>
        unlessAborted(this.store.whenResolved(definition.id), signal),
      );
    }
    const command = await pick(
      testsOf(environment).map((one) => ({ label: one.name, description: commandDetail(one), value: one })),
      l10n.t('Which tests?'),
    );
    const way = command && (await pick(waysToRun(), l10n.t('What is it to run them with?')));
    if (!command || !way) return;
    const current = this.store.find(definition.id) ?? environment;
    const surroundings = await ciSurroundings(current);
    const { repository } = surroundings;
    const text = await ciWorkflowText({ environment: current, command, way, ...surroundings });
    const file = await showUnsaved(path.join(repository, ciWorkflowFile(definition)), text);
    const saved = l10n.t('Look through the workflow: saving it puts it at {0}.', path.relative(repository, file));
    if (way === 'compose') return this.feedback.inform(saved);
    const needs = l10n.t("It runs Berth's command line, which is to be in the repository as {0}.", BERTH_FILE);
    this.feedback.inform(`${saved} ${needs}`, [
      { title: l10n.t('Copy It There'), run: this.feedback.guarded(() => this.copyBerth(repository)) },
    ]);
  }

  /** Copies the command line into a repository; asks before another file goes for that. */
  private async copyBerth(repository: string): Promise<void> {
    const to = path.join(repository, BERTH_FILE);
    const [own, there] = await Promise.all([fs.readFile(this.cli), fs.readFile(to).catch(() => undefined)]);
    const isOther = there !== undefined && !there.equals(own);
    if (isOther && !(await mayOverwrite(BERTH_FILE, l10n.t('There is something of that name already.')))) return;
    try {
      await fs.mkdir(path.dirname(to), { recursive: true });
      await fs.writeFile(to, own);
    } catch (cause) {
      throw new UserError('failed', l10n.t("{0} can't be written: {1}.", BERTH_FILE, messageOf(cause)), { cause });
    }
    this.feedback.success(l10n.t("Copied Berth's command line to {0}", BERTH_FILE));
  }
}

/**
 * Opens a text as a document that is not saved yet, and that saving puts at a path, or beside what there is at that.
 * @returns the path that it has: absolute.
 */
async function showUnsaved(wanted: string, text: string): Promise<string> {
  const { dir, name, ext } = path.parse(wanted);
  for (let number = 1; ; number++) {
    const file = path.join(dir, `${name}${number === 1 ? '' : `-${number}`}${ext}`);
    const uri = vscode.Uri.file(file).with({ scheme: 'untitled' });
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (isOpen || existsSync(file)) continue;
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showTextDocument(document);
    return file;
  }
}

function testsOf({ definition }: EnvironmentSnapshot) {
  return commandsOf(allCommands(definition), 'test');
}

function environmentChoice(environment: EnvironmentSnapshot) {
  const { name, purpose } = environment.definition;
  const iconPath = themeIcon({ id: PURPOSE_ICONS[purpose] });
  return { label: name, detail: folderName(environment), iconPath, value: environment };
}

function waysToRun(): readonly { readonly label: string; readonly detail: string; readonly value: CiWay }[] {
  return [
    { label: l10n.t('Docker Compose alone'), detail: l10n.t('Needs nothing else on the CI machine'), value: 'compose' },
    { label: 'berth test', detail: l10n.t("With a copy of Berth's command line in the repository"), value: 'berth' },
  ];
}
