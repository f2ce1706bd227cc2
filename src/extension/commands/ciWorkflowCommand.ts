import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { UserError } from '../../core/common/errors';
import type { EnvironmentStore } from '../../core/environmentStore';
import { allCommands, commandsOf } from '../../core/model/command';
import { type EnvironmentSnapshot, projectOf } from '../../core/model/snapshot';
import { ciSurroundings } from '../../core/runs/ciSurroundings';
import { type CiWay, ciWorkflowFile, ciWorkflowText } from '../../core/runs/ciWorkflow';
import { PURPOSE_ICONS } from '../views/icons';
import { themeIcon } from '../views/treeItem';
import { commandDetail } from '../words';
import { folderName, pick } from './picker';

/** Opens a GitHub workflow that runs the tests of an environment, for the user to look through and save. */
export class CiWorkflowCommand {
  constructor(private readonly store: EnvironmentStore) {}

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
    if (!projectOf(resolution)) await this.store.whenResolved(definition.id);
    const command = await pick(
      testsOf(environment).map((one) => ({ label: one.name, description: commandDetail(one), value: one })),
      l10n.t('Which tests?'),
    );
    const way = command && (await pick(waysToRun(), l10n.t('What is it to run them with?')));
    if (!command || !way) return;
    const current = this.store.find(definition.id) ?? environment;
    const content = await ciWorkflowText({ environment: current, command, way, ...(await ciSurroundings(current)) });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'yaml', content }));
    void vscode.window.showInformationMessage(l10n.t('Save it as {0}.', ciWorkflowFile(definition)));
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
