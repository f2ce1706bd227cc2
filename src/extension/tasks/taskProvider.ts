import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { UserError } from '../../core/common/errors';
import { waitFor } from '../../core/common/event';
import type { EnvironmentStore } from '../../core/environmentStore';
import { allCommands, type EnvironmentCommand } from '../../core/model/command';
import { environmentsNamed } from '../../core/model/environment';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { mainTestAmong } from '../../core/runs/meantForTests';
import { chosenCommand } from '../../core/runs/testRuns';
import { berthCall } from '../berthCall';
import { commandDetail } from '../words';
import { matchersFor } from './problemMatchers';
import { RefusalTerminal } from './refusalTerminal';
import {
  canBeNamed,
  TASK_TYPE,
  type TaskRequest,
  type TestChoices,
  taskName,
  taskRequest,
  taskWords,
} from './taskWords';

/** The operations that every environment has a task for without any tasks.json. */
const PROVIDED = ['up', 'down'] as const;

/**
 * Tasks that run the `berth` command line in a terminal: of each environment its test commands, up and down, and what tasks.json
 * asks for. Needs no engine: the text of the workspace tells them.
 */
export class BerthTasks implements vscode.TaskProvider {
  /** @param cli absolute path of the command line's bundle. */
  constructor(
    private readonly store: EnvironmentStore,
    private readonly cli: string,
  ) {}

  /** The tasks there are without any tasks.json; none in a workspace that is not trusted. */
  async provideTasks(token: vscode.CancellationToken): Promise<vscode.Task[]> {
    const environments = await this.searched(token);
    return environments.flatMap((environment) => {
      const { name } = environment.definition;
      const commands = allCommands(environment.definition).filter((one) => canBeNamed(name) && canBeNamed(one.name));
      const first = mainTestAmong(environment, environments);
      const tasks = commands.map((command) => {
        const task = this.commandTask(environment, command);
        if (command === first) task.group = defaultTestGroup();
        return task;
      });
      return [...tasks, ...PROVIDED.map((operation) => this.task(environment, { environment: name, operation }))];
    });
  }

  /** A task that tasks.json asks for; where it can't be, one that says why, and fails. */
  async resolveTask(task: vscode.Task, token: vscode.CancellationToken): Promise<vscode.Task | undefined> {
    const environments = await this.searched(token);
    if (!this.store.isTrusted || token.isCancellationRequested) return undefined;
    const { definition, scope = vscode.TaskScope.Workspace, name } = task;
    try {
      const request = taskRequest(definition);
      const environment = meantEnvironment(environments, request.environment, scope);
      const command = request.operation ? undefined : chosenCommand(environment, request.command);
      return this.task(environment, request, command, task);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const execution = new vscode.CustomExecution(async () => new RefusalTerminal(error));
      return new vscode.Task(definition, scope, name, TASK_TYPE, execution);
    }
  }

  /**
   * The task that runs a command of an environment: tests in an environment of their own, anything else in the one that is up.
   * @throws UserError (usage) when it has a name that can't be typed.
   */
  commandTask(environment: EnvironmentSnapshot, command: EnvironmentCommand, choices: TestChoices = {}): vscode.Task {
    const request = { environment: environment.definition.name, command: command.name, ...choices };
    return this.task(environment, request, command);
  }

  /** The task that finds out whether an environment is as it is to be. */
  acceptanceTask(environment: EnvironmentSnapshot): vscode.Task {
    return this.task(environment, { environment: environment.definition.name, operation: 'accept' });
  }

  /** The environments that tasks can be about, once the workspace folders have been searched. */
  private async searched(token: vscode.CancellationToken): Promise<readonly EnvironmentSnapshot[]> {
    const { store } = this;
    if (!store.isTrusted) return [];
    const cancelling = new AbortController();
    const subscription = token.onCancellationRequested(() => cancelling.abort());
    try {
      await waitFor(store.onDidChange, () => store.isScanned || undefined, cancelling.signal);
    } catch {
      return [];
    } finally {
      subscription.dispose();
    }
    // What only its containers tell of has no files to bring it up from.
    return store.environments.filter(({ resolution }) => resolution.kind !== 'containers-only');
  }

  /**
   * @param command the one that it runs, if any.
   * @param asked the task in tasks.json that it is for, if any.
   */
  private task(
    environment: EnvironmentSnapshot,
    request: TaskRequest,
    command?: EnvironmentCommand,
    asked?: vscode.Task,
  ): vscode.Task {
    const { name, workspaceFolder } = environment.definition;
    const words = taskWords({ ...request, environment: name, command: command?.name }, workspaceFolder, command?.kind);
    const { command: program, args, cwd, env } = berthCall(this.cli, words, workspaceFolder);
    const task = new vscode.Task(
      asked?.definition ?? { type: TASK_TYPE, ...request },
      asked?.scope ?? folderOf(environment),
      asked?.name ?? taskName(request, command?.kind),
      TASK_TYPE,
      new vscode.ProcessExecution(program, [...args], { cwd, env: { ...env } }),
      command ? [...matchersFor(command.command)] : [],
    );
    task.detail = command ? commandDetail(command) : filesDetail(environment);
    if (command?.kind === 'test') task.group = vscode.TaskGroup.Test;
    task.isBackground = command?.background ?? false;
    // The line would be that of Node and its paths.
    task.presentationOptions = { echo: false };
    return task;
  }
}

/**
 * The environment that a task names: in its workspace folder, where it has one.
 * @throws UserError (usage) when there is no such one, or several.
 */
function meantEnvironment(
  environments: readonly EnvironmentSnapshot[],
  name: string,
  scope: vscode.WorkspaceFolder | vscode.TaskScope,
): EnvironmentSnapshot {
  const folder = typeof scope === 'object' ? scope.uri.fsPath : undefined;
  const inScope = environments.filter(
    ({ definition }) => folder === undefined || definition.workspaceFolder === folder,
  );
  const named = environmentsNamed(
    inScope.map(({ definition }) => definition),
    name,
  );
  const [found, another] = inScope.filter(({ definition }) => named.includes(definition));
  if (found && !another) return found;
  const known = inScope.map(({ definition }) => definition.name).join(', ');
  throw new UserError(
    'usage',
    found ? l10n.t('"{0}" can mean several environments.', name) : l10n.t('There is no environment "{0}".', name),
    { remedy: known ? l10n.t('Environments here: {0}.', known) : l10n.t('No compose files were found here.') },
  );
}

function folderOf({ definition }: EnvironmentSnapshot): vscode.WorkspaceFolder | vscode.TaskScope {
  const isIts = ({ uri }: vscode.WorkspaceFolder) => uri.fsPath === definition.workspaceFolder;
  return vscode.workspace.workspaceFolders?.find(isIts) ?? vscode.TaskScope.Workspace;
}

/** The group of tests, for its default. VS Code heeds that from extensions, too, although its interface for them lacks it. */
function defaultTestGroup(): vscode.TaskGroup {
  return Object.create(vscode.TaskGroup.Test, { isDefault: { value: true } });
}

function filesDetail({ definition: { files } }: EnvironmentSnapshot): string {
  return files.map((file) => path.basename(file)).join(', ');
}
