import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import type { ProgramCall } from '../core/common/program';
import { type LogsOptions, logsCall } from '../core/compose/serviceCalls';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import { SETTINGS } from './contributions';
import { LogsTerminal } from './logsTerminal';
import { projectToShow } from './terminalProject';
import { targetName } from './words';

/** How many log lines of each service are shown from before, unless the setting says otherwise. */
const DEFAULT_TAIL = 200;

/** How many log lines of each service the user wants to see from before. */
export function logsTail(): number {
  return vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.logsTail, DEFAULT_TAIL);
}

/** The terminals that Berth opens: logs, and programs in containers and about them. */
export class Terminals implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly logs = new Map<string, { readonly terminal: vscode.Terminal; readonly content: LogsTerminal }>();

  constructor() {
    this.owned.add(
      vscode.window.onDidCloseTerminal((closed) => {
        for (const [key, { terminal }] of this.logs) if (terminal === closed) this.logs.delete(key);
      }),
    );
  }

  /**
   * Follows the logs of an environment, or of some of its services; in the terminal that does so already, if there is one.
   * @param options what of them, where that is not what the settings say.
   */
  showLogs(
    environment: EnvironmentSnapshot,
    services: readonly string[],
    options: Partial<Pick<LogsOptions, 'tail' | 'since' | 'timestamps'>> = {},
  ): void {
    const { definition } = environment;
    const call = logsCall(projectToShow(environment), definition.context, services, {
      follow: true,
      tail: logsTail(),
      colour: true,
      ...options,
    });
    const key = JSON.stringify([definition.id, ...services]);
    const known = this.logs.get(key);
    if (known) {
      known.content.follow(call);
      known.terminal.show();
      return;
    }
    const content = new LogsTerminal(call);
    const terminal = vscode.window.createTerminal({
      name: l10n.t('Logs: {0}', targetName(definition.name, services)),
      pty: content,
      iconPath: new vscode.ThemeIcon('output'),
      isTransient: true,
    });
    this.logs.set(key, { terminal, content });
    terminal.show();
  }

  /** Opens a terminal with a program that a person talks to, or that shows something until it is ended. */
  open(name: string, { command, args, cwd, env }: ProgramCall, icon: string): void {
    const terminal = vscode.window.createTerminal({
      name,
      shellPath: command,
      shellArgs: [...args],
      cwd,
      env,
      iconPath: new vscode.ThemeIcon(icon),
      // Its container may be gone when the window is opened again.
      isTransient: true,
    });
    terminal.show();
  }

  /** Runs a program in a terminal that stays when the program has ended, so that one sees what it said. */
  async run(name: string, { command, args, cwd, env }: ProgramCall): Promise<void> {
    const execution = new vscode.ProcessExecution(command, [...args], { cwd, env });
    const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'Berth', execution, []);
    task.presentationOptions = { panel: vscode.TaskPanelKind.New, focus: true, echo: false, showReuseMessage: true };
    await vscode.tasks.executeTask(task);
  }

  dispose(): void {
    this.owned.dispose();
    // What follows logs runs in this process: without it the terminals would be left without a word.
    for (const { terminal } of this.logs.values()) terminal.dispose();
  }
}
