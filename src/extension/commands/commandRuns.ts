import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { declareCommand } from '../../core/discovery/declareCommand';
import { allCommands, commandNamed, commandsOf, type EnvironmentCommand, mainTest } from '../../core/model/command';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { describeBelongings } from '../../core/operations/consequences';
import type { Leftover } from '../../core/runs/leftovers';
import type { Feedback } from '../feedback';
import { openPlace } from '../places';
import type { BerthTasks } from '../tasks/taskProvider';
import type { TestChoices } from '../tasks/taskWords';
import { COMMAND_ICONS } from '../views/icons';
import { themeIcon } from '../views/treeItem';
import { waitVisibly } from '../waiting';
import { commandDetail } from '../words';
import { confirm } from './confirmation';
import { type Choice, pick } from './picker';
import { askHowToTest, askTests } from './testChoice';

/** A row of the view that is about a command of an environment. */
interface CommandNode {
  readonly kind: 'command';
  readonly environmentId: string;
  readonly command: string;
}

/** Whether what a command was given is the row of a command of an environment. */
export function isCommandNode(argument: unknown): argument is CommandNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'command';
}

/** Runs the commands of environments, as tasks; and removes what test runs have left. */
export class CommandRuns {
  constructor(
    private readonly berth: Berth,
    private readonly tasks: BerthTasks,
    private readonly feedback: Feedback,
  ) {}

  /** Runs tests in an environment of their own: the only ones that there are, or those that are chosen; asks how. */
  async runTests(environment: EnvironmentSnapshot): Promise<void> {
    const { definition } = environment;
    const tests = commandsOf(allCommands(definition), 'test');
    if (tests.length === 0) return this.declareAndRun(environment);
    const main = mainTest(tests);
    const inOrder = [...tests].sort((a, b) => Number(b === main) - Number(a === main));
    const command = await pick(inOrder.map(choiceOf), l10n.t('Which tests of {0}?', definition.name));
    const choices = command && (await askHowToTest(command));
    if (command && choices) await this.run(environment, command, choices);
  }

  /** Runs a command of an environment: asks which, where there are several. */
  async runCommand(environment: EnvironmentSnapshot): Promise<void> {
    const { definition } = environment;
    const command = await pick(
      allCommands(definition).map(choiceOf),
      l10n.t('Which command of {0}?', definition.name),
      {
        always: true,
      },
    );
    if (command) await this.run(environment, command);
  }

  /** Finds out whether an environment is as it is to be. */
  accept(environment: EnvironmentSnapshot): Promise<void> {
    return execute(this.tasks.acceptanceTask(environment));
  }

  /** Runs the command that a row of the view is about. */
  async runNamed({ environmentId, command: name }: CommandNode): Promise<void> {
    const environment = this.berth.store.find(environmentId);
    const command = environment && commandNamed(environment.definition, name);
    if (environment && command) await this.run(environment, command);
  }

  /**
   * Asks whether what a test run has left or kept in an environment is to go, and removes it.
   * @throws UserError (failed) while a run goes on there.
   */
  async removeLeftover(environment: EnvironmentSnapshot): Promise<void> {
    const { name } = environment.definition;
    const left = await waitVisibly(l10n.t('Looking for what test runs have left'), (signal) =>
      this.berth.leftovers.findIn(environment, signal),
    );
    if (left) await this.remove([left]);
    else this.feedback.inform(l10n.t('Nothing is left of a test run in "{0}".', name));
  }

  /** What test runs have left in the workspace, on the engines that answer: which do not is told by their environments. */
  leftovers(): Promise<readonly Leftover[]> {
    return waitVisibly(l10n.t('Looking for what test runs have left'), (signal) =>
      this.berth.leftovers.find({ onUnreachable: () => {}, signal }),
    );
  }

  /** Asks whether what test runs have left is to go, saying what, and removes it. */
  async remove(left: readonly Leftover[]): Promise<void> {
    const names = left.map(({ environment }) => environment).join(', ');
    const sized = await waitVisibly(l10n.t('Finding out what this would remove'), (signal) =>
      Promise.all(left.map((one) => this.berth.leftovers.sized(one, signal))),
    );
    const lines = sized.flatMap(({ project, belongings }) => [
      project,
      ...describeBelongings(belongings).map((one) => `  ${one}`),
    ]);
    const detail = `${l10n.t('This goes for good.')}\n\n${lines.join('\n')}`;
    const question = left.every(({ kept }) => kept)
      ? l10n.t('Remove what a test run has kept of {0}?', names)
      : l10n.t('Remove what a test run has left of {0}?', names);
    if (!(await confirm(question, detail, l10n.t('Remove')))) return;
    await waitVisibly(l10n.t('Removing what is left of {0}', names), async (signal) => {
      for (const one of left) await this.berth.leftovers.remove(one, signal);
    });
    this.feedback.success(l10n.t('Removed what was left of {0}', names));
  }

  /** Asks what the tests of an environment are, has that in berth.yaml from then on, and runs them. */
  private async declareAndRun(environment: EnvironmentSnapshot): Promise<void> {
    const { definition } = environment;
    const asked = await askTests(environment);
    if (!asked) return;
    const { store } = this.berth;
    const written = await declareCommand(
      definition,
      store.environments.map((one) => one.definition),
      asked,
    );
    const { place } = written;
    await store.filesChanged([place.file]);
    this.feedback.inform(l10n.t('Wrote the tests of {0} into {1}.', definition.name, path.basename(place.file)), [
      { title: l10n.t('Open File'), run: () => openPlace(place) },
    ]);
    const declared = store.environments.find(
      ({ definition: { name, workspaceFolder } }) =>
        name === written.environment && workspaceFolder === definition.workspaceFolder,
    );
    const command = declared && commandNamed(declared.definition, written.command);
    if (declared && command) await this.run(declared, command);
  }

  private run(environment: EnvironmentSnapshot, command: EnvironmentCommand, choices?: TestChoices): Promise<void> {
    return execute(this.tasks.commandTask(environment, command, choices));
  }
}

/** Runs a task in a terminal of its own; while it goes on, VS Code shows that instead. */
async function execute(task: vscode.Task): Promise<void> {
  task.presentationOptions = { ...task.presentationOptions, panel: vscode.TaskPanelKind.Dedicated, focus: true };
  await vscode.tasks.executeTask(task);
}

function choiceOf(command: EnvironmentCommand): Choice<EnvironmentCommand> {
  return {
    label: command.name,
    description: commandDetail(command),
    iconPath: themeIcon({ id: COMMAND_ICONS[command.kind] }),
    value: command,
  };
}
