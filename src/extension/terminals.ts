import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../core/common/disposable';
import { logsCall, shellCall } from '../core/compose/operationCalls';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import { SETTINGS } from './contributions';
import { LogsTerminal } from './logsTerminal';
import { projectToShow } from './terminalProject';
import { targetName } from './words';

/** How many log lines of each service are shown from before, unless the setting says otherwise. */
const DEFAULT_TAIL = 200;

/** The terminals that Berth opens: logs, and shells in containers. */
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

  /** Follows the logs of an environment, or of some of its services; in the terminal that does so already, if there is one. */
  showLogs(environment: EnvironmentSnapshot, services: readonly string[]): void {
    const { definition } = environment;
    const tail = vscode.workspace.getConfiguration(SETTINGS.section).get(SETTINGS.logsTail, DEFAULT_TAIL);
    const call = logsCall(projectToShow(environment), definition.context, services, {
      follow: true,
      tail,
      colour: true,
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

  /** Opens a shell in a service's container. */
  openShell(environment: EnvironmentSnapshot, service: string): void {
    const { definition } = environment;
    const { command, args, cwd, env } = shellCall(projectToShow(environment), definition.context, service);
    vscode.window
      .createTerminal({
        name: targetName(definition.name, [service]),
        shellPath: command,
        shellArgs: [...args],
        cwd,
        env,
        iconPath: new vscode.ThemeIcon('terminal'),
        // Its container may be gone when the window is opened again.
        isTransient: true,
      })
      .show();
  }

  dispose(): void {
    this.owned.dispose();
    // What follows logs runs in this process: without it the terminals would be left without a word.
    for (const { terminal } of this.logs.values()) terminal.dispose();
  }
}
