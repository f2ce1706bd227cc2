import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { askAgain } from '../askAgain';
import { COMMANDS, type CommandName, FOCUS_ENVIRONMENTS_VIEW } from '../contributions';
import type { DockerPresence } from '../dockerPresence';
import type { Feedback } from '../feedback';
import type { Terminals } from '../terminals';
import type { Action } from '../views/actions';
import { byImportance } from '../views/statusSummary';
import { healthAndCounts, nameAmong } from '../words';
import type { OperationCommands } from './operationCommands';
import { type Choice, pick, pickTarget, separator } from './picker';
import type { PortCommands } from './portCommands';
import { ACTION_ICONS, actionTitle, usefulActions } from './statusActions';
import { refusal, type Target, targetGiven, targetsOf } from './targets';
import type { TemplateCommand } from './templateCommand';

/** All that commands need. */
export interface CommandSurroundings {
  readonly berth: Berth;
  readonly docker: DockerPresence;
  readonly feedback: Feedback;
  readonly terminals: Terminals;
  readonly operations: OperationCommands;
  readonly ports: PortCommands;
  readonly templates: TemplateCommand;
  readonly log: vscode.LogOutputChannel;
}

/** Registers every command of package.json, and says what each does. */
export class Commands implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(private readonly surroundings: CommandSurroundings) {
    const { docker, templates, log } = surroundings;
    const handlers: Record<CommandName, (argument: unknown) => unknown> = {
      ...this.targeted(),
      retry: () => {
        docker.check();
        this.tryAgain();
      },
      init: () => templates.run(),
      showOutput: () => log.show(),
      statusActions: () => this.offerActions(),
    };
    for (const [name, handler] of Object.entries(handlers)) {
      const id = COMMANDS[name as CommandName];
      this.owned.add(vscode.commands.registerCommand(id, surroundings.feedback.guarded(handler)));
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** The commands on an environment or a service: the one they are given, or else asked for. */
  private targeted(): Record<Action, (argument: unknown) => unknown> {
    return Object.fromEntries(
      Object.entries(this.actions()).map(([name, run]) => {
        const action = name as Action;
        return [action, (argument: unknown) => this.withTarget(action, argument, run)];
      }),
    ) as Record<Action, (argument: unknown) => unknown>;
  }

  private actions(): Record<Action, (targets: readonly Target[]) => unknown> {
    const { operations, terminals, ports } = this.surroundings;
    const one = (run: (target: Target) => unknown) => (targets: readonly Target[]) => targets[0] && run(targets[0]);
    return {
      up: one((target) => operations.run('up', target)),
      down: one((target) => operations.run('down', { environment: target.environment })),
      stop: one((target) => operations.run('stop', target)),
      start: one((target) => operations.run('start', target)),
      restart: one((target) => operations.run('restart', target)),
      logs: one(({ environment, service }) => terminals.showLogs(environment, service ? [service.name] : [])),
      shell: one(({ environment, service }) => service && terminals.openShell(environment, service.name)),
      openPort: (targets) => ports.open(targets),
      copyAddress: (targets) => ports.copy(targets),
      openFile: one((target) => openFile(target)),
      cancelOperation: one((target) => operations.cancel(target)),
    };
  }

  private async withTarget(
    action: Action,
    argument: unknown,
    run: (targets: readonly Target[]) => unknown,
  ): Promise<void> {
    const { store, operations } = this.surroundings.berth;
    const given = targetGiven(argument, store.environments);
    // A shell is in one container: an environment alone only narrows the choice.
    const isEnough = given && (action !== 'shell' || given.service);
    if (isEnough) {
      const engine = store.engineState(given.environment.definition.context);
      const why = refusal(action, given, operations.running, engine);
      if (why) throw why;
      return void (await run([given]));
    }
    const among = given ? [given.environment] : store.environments;
    const targets = targetsOf(action, among, operations.running);
    if (targets.length === 0) return this.nothingToApplyTo();
    // Ports are chosen one by one, whatever they belong to.
    if (action === 'openPort' || action === 'copyAddress') {
      return void (await run(targets.filter((target) => target.service)));
    }
    const target = await pickTarget(targets, l10n.t('Which one?'));
    if (target) await run([target]);
  }

  /** Says why there is nothing to choose from. */
  private nothingToApplyTo(): void {
    const { berth, feedback } = this.surroundings;
    const engine = berth.store.engineState();
    if (berth.store.environments.length > 0 && engine.kind === 'lost') {
      feedback.error(engine.error, [{ title: l10n.t('Retry'), run: () => this.tryAgain() }]);
      return;
    }
    const message =
      berth.store.environments.length === 0
        ? l10n.t('There are no environments: no compose files were found in this workspace.')
        : l10n.t('There is nothing in this workspace that this applies to now.');
    feedback.inform(message);
  }

  private tryAgain(): void {
    const { berth } = this.surroundings;
    for (const feed of berth.feeds) feed.retryNow();
    askAgain(berth.store);
  }

  /** What the status bar's item opens: the useful next actions for each environment. */
  private async offerActions(): Promise<void> {
    const { berth } = this.surroundings;
    const { store, operations } = berth;
    const run = this.actions();
    const choices: Choice<() => unknown>[] = [];
    if (store.engineState().kind === 'lost') {
      choices.push(choice(l10n.t('Retry Connection to the Docker Engine'), 'refresh', () => this.tryAgain()));
    }
    for (const environment of byImportance(store.environments, operations.running)) {
      const name = nameAmong(environment, store.environments);
      choices.push(separator(`${name} · ${healthAndCounts(environment)}`));
      for (const action of usefulActions(environment, operations.running)) {
        choices.push(choice(actionTitle(action, name), ACTION_ICONS[action], () => run[action]([{ environment }])));
      }
    }
    choices.push(
      separator(''),
      choice(l10n.t('Show the Environments View'), 'list-tree', () =>
        vscode.commands.executeCommand(FOCUS_ENVIRONMENTS_VIEW),
      ),
    );
    const chosen = await pick(choices, l10n.t('What should be done?'));
    await chosen?.();
  }
}

function choice(label: string, icon: string, value: () => unknown): Choice<() => unknown> {
  return { label, iconPath: new vscode.ThemeIcon(icon), value };
}

async function openFile({ environment }: Target): Promise<void> {
  const { files, workspaceFolder } = environment.definition;
  const relative = (file: string) => vscode.workspace.asRelativePath(file, false) || workspaceFolder;
  const file = await pick(
    files.map((path) => ({ label: relative(path), value: path })),
    l10n.t('Which file?'),
  );
  if (file !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(file));
}
