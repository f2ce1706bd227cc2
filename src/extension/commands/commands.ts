import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { askAgain } from '../askAgain';
import { COMMANDS, type CommandName, VSCODE_COMMANDS } from '../contributions';
import type { DockerPresence } from '../dockerPresence';
import { ACTIONS, type Action, SERVICE_ACTIONS } from '../views/actions';
import type { CiWorkflowCommand } from './ciWorkflowCommand';
import { isCommandNode } from './commandRuns';
import type { DeclareCommand } from './declareCommand';
import type { ExampleCommand } from './exampleCommand';
import type { FindingCommands } from './findingCommands';
import { actionHandlers, type Handler, ON_MANY, type Workers } from './handlers';
import { pickTarget } from './picker';
import { offerActions } from './statusMenu';
import { refusal, type Target, targetsGiven, targetsOf } from './targets';
import type { TemplateCommand } from './templateCommand';

/** All that commands need. */
export interface CommandSurroundings extends Workers {
  readonly berth: Berth;
  readonly docker: DockerPresence;
  readonly templates: TemplateCommand;
  readonly declarations: DeclareCommand;
  readonly workflows: CiWorkflowCommand;
  readonly examples: ExampleCommand;
  readonly findings: FindingCommands;
  readonly log: vscode.LogOutputChannel;
}

/** What a command is called with: what it was chosen on, and in the view all that is selected. */
type Arguments = readonly [argument?: unknown, selection?: unknown];

/** Registers every command of package.json, and says what each does. */
export class Commands implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly handlers: Readonly<Record<Action, Handler>>;

  constructor(private readonly surroundings: CommandSurroundings) {
    this.handlers = actionHandlers(surroundings);
    const {
      docker,
      templates,
      declarations,
      workflows,
      examples,
      findings,
      documents,
      log,
      berth,
      stores,
      remembered,
    } = surroundings;
    const onDocument = (run: (uri: vscode.Uri) => unknown) => (argument: unknown) => {
      const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
      return uri && run(uri);
    };
    const commands: Record<CommandName, (...args: Arguments) => unknown> = {
      ...this.targeted(),
      // From the explorer, a file is given, and the database is what is asked for.
      runSqlFile: (argument, selection) =>
        argument instanceof vscode.Uri
          ? stores.runSqlFileSomewhere(argument)
          : this.withTargets('runSqlFile', argument, selection),
      // Of a row of a command, that is what is to be run.
      runEnvironmentCommand: (argument, selection) =>
        isCommandNode(argument)
          ? surroundings.commandRuns.runNamed(argument)
          : this.withTargets('runEnvironmentCommand', argument, selection),
      retry: () => {
        docker.check();
        this.tryAgain();
      },
      init: () => templates.run(),
      declare: () => declarations.run(),
      ciWorkflow: () => workflows.run(),
      copyExample: (argument) => examples.run(argument),
      manageTrust: () => vscode.commands.executeCommand(VSCODE_COMMANDS.manageTrust),
      showOutput: () => log.show(),
      statusActions: () => offerActions(berth, surroundings.activity, this.handlers, remembered, () => this.tryAgain()),
      showSecrets: onDocument((uri) => documents.showSecrets(uri)),
      refreshDocument: onDocument((uri) => documents.refresh(uri)),
      toggleSame: () => surroundings.comparison.toggleSame(),
      showChecks: () => findings.show(),
      checkNow: () => findings.checkNow(),
      fixAll: () => findings.fixAll(),
      applyFixes: () => findings.applyFixes(),
      filterFindings: () => findings.filter(),
      groupFindings: () => findings.group(),
      fixFinding: (argument) => findings.fix(argument),
      ignoreFinding: (argument) => findings.ignore(argument),
      explainFinding: (argument) => findings.explain(argument),
      copyFinding: (argument) => findings.copy(argument),
    };
    for (const [name, command] of Object.entries(commands)) {
      const id = COMMANDS[name as CommandName];
      this.owned.add(vscode.commands.registerCommand(id, surroundings.feedback.guarded(command)));
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** The commands on environments and services: those they are given, or else asked for. */
  private targeted(): Record<Action, (...args: Arguments) => unknown> {
    return Object.fromEntries(
      ACTIONS.map((action) => [
        action,
        (argument: unknown, selection: unknown) => this.withTargets(action, argument, selection),
      ]),
    ) as Record<Action, (...args: Arguments) => unknown>;
  }

  private async withTargets(action: Action, ...args: Arguments): Promise<void> {
    const { berth, activity } = this.surroundings;
    const { store } = berth;
    const [argument, selection] = args;
    const given = targetsGiven(argument, ON_MANY.has(action) ? selection : undefined, store);
    const [first] = given;
    // An environment alone only narrows the choice, where the action is about a container.
    const isEnough = first && (first.service || !SERVICE_ACTIONS.has(action));
    if (isEnough) return this.runOn(action, given);
    const targets = targetsOf(action, first ? [first.environment] : store.environments, activity);
    if (targets.length === 0) return this.nothingToApplyTo();
    // These are chosen one by one, whatever they belong to.
    if (action === 'openPort' || action === 'copyAddress' || action === 'copyConnectionString') {
      return void (await this.handlers[action](targets.filter((target) => target.service)));
    }
    // Which ones, is asked at once.
    if (action === 'compareEnvironments') return void (await this.handlers[action]([]));
    const target = await pickTarget(targets, l10n.t('Which one?'));
    if (target) await this.runOn(action, [target]);
  }

  /** Does an action on those of some targets that it applies to. @throws UserError when it applies to none. */
  private async runOn(action: Action, targets: readonly Target[]): Promise<void> {
    const { berth, activity } = this.surroundings;
    const whyNot = (target: Target) =>
      refusal(action, target, activity, berth.store.engineState(target.environment.definition.context));
    const fitting = targets.filter((target) => !whyNot(target));
    const [first] = targets;
    if (fitting.length === 0 && first) throw whyNot(first);
    await this.handlers[action](fitting);
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
}
