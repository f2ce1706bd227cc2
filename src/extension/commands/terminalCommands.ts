import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { commandWords } from '../../core/common/commandWords';
import type { ProgramCall } from '../../core/common/program';
import { execCall, runCall, shellCall, watchCall } from '../../core/compose/serviceCalls';
import type { EnvironmentDefinition } from '../../core/model/environment';
import { type EnvironmentSnapshot, losesParts, type ServiceSnapshot } from '../../core/model/snapshot';
import { checkMadeHere } from '../../core/operations/plan';
import { berthCall } from '../berthCall';
import type { Documents } from '../documents';
import { shellWords } from '../lastChoices';
import type { Choices, Remembered } from '../remembered';
import { projectToShow } from '../terminalProject';
import { logsTail, type Terminals } from '../terminals';
import { serviceActions } from '../views/actions';
import { waitVisibly } from '../waiting';
import { targetName } from '../words';
import { type ChosenContainer, chooseContainer, terminalName } from './containerChoice';
import { askWhichLogs } from './logsChoices';
import { type Choice, pick } from './picker';
import { numberOfLines } from './typed';

/** What runs in a terminal, with the terminal's name. */
export interface NamedCall {
  readonly name: string;
  readonly call: ProgramCall;
}

/** In the place of a shell's name: whichever is the best in the container. */
const BEST = Symbol('best');

/** What opens a terminal: logs, shells, and programs in containers and about them. */
export class TerminalCommands {
  /** @param cli absolute path of the command line's bundle. */
  constructor(
    private readonly berth: Berth,
    private readonly terminals: Terminals,
    private readonly documents: Documents,
    private readonly remembered: Remembered,
    private readonly cli: string,
  ) {}

  /** Shows logs, as somebody wants them who knows how. */
  async logsWithChoices(environment: EnvironmentSnapshot, services: readonly string[]): Promise<void> {
    const { definition } = environment;
    const what = targetName(definition.name, services);
    const choice = await askWhichLogs(what, this.remembered.get('logs', definition.id));
    if (!choice) return;
    await this.remembered.set('logs', choice, definition.id);
    const options = {
      timestamps: choice.timestamps,
      tail: numberOfLines(choice.tail) ?? logsTail(),
      since: choice.since || undefined,
    };
    if (!choice.asDocument) return this.terminals.showLogs(environment, services, options);
    await this.documents.show({ kind: 'logs', environmentId: definition.id, services, ...options });
  }

  /** Opens a shell in a service's container: as it was chosen the last time, else the best that there is. */
  async shell(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const asked = await this.askShell(environment, service);
    if (asked) this.terminals.open(asked.name, asked.call, 'terminal');
  }

  /** Asks in which container {@link shell} is to be, where there are several. @returns undefined when the user left. */
  async askShell(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<NamedCall | undefined> {
    const container = await chooseContainer(environment, service, this.remembered, { running: true });
    return container && this.lastShell(environment, service, container);
  }

  /** A shell as it was chosen the last time, else the best that there is. */
  lastShell(environment: EnvironmentSnapshot, { name }: ServiceSnapshot, container: ChosenContainer = {}): NamedCall {
    return namedShell(environment, name, container, this.remembered.get('shell', environment.definition.id, name));
  }

  /** Opens a shell in a service's container: asks which, and as which user. */
  async shellAs(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const { definition } = environment;
    const container = await chooseContainer(environment, service, this.remembered, { running: true });
    if (!container) return;
    const about = [definition.id, service.name] as const;
    const last = this.remembered.get('shell', ...about);
    const title = l10n.t('Looking for shells in {0}', service.name);
    const found = await waitVisibly(title, (signal) =>
      this.berth.tools.shellsIn(environment, service, signal, container.index),
    );
    const shells = [...found].sort((a, b) => Number(b === last?.shell) - Number(a === last?.shell));
    const best: Choice<string | typeof BEST> = {
      label: l10n.t("The best one, as the container's own user"),
      description: found[0],
      detail: last && l10n.t('Open Shell then no longer opens {0}.', shellWords(last)),
      value: BEST,
    };
    const others = shells.map((value) => ({
      label: value,
      description: value === last?.shell ? l10n.t('last time: {0}', shellWords(last)) : undefined,
      value,
    }));
    const shell = await pick([best, ...others], l10n.t('Which shell? Open Shell opens it from now on'), {
      always: true,
    });
    if (shell === undefined) return;
    if (shell === BEST) {
      await this.remembered.set('shell', undefined, ...about);
      const { name, call } = namedShell(environment, service.name, container, undefined);
      return this.terminals.open(name, call, 'terminal');
    }
    const user = await vscode.window.showInputBox({
      prompt: l10n.t("As which user? Leave it empty for the container's own"),
      placeHolder: 'root, 1000, 1000:1000',
      value: last?.user ?? '',
    });
    if (user === undefined) return;
    const choice = { shell, user: user.trim() };
    await this.remembered.set('shell', choice, ...about);
    const { name, call } = namedShell(environment, service.name, container, choice);
    this.terminals.open(name, call, 'terminal');
  }

  /** Runs a command in a service's container, or in a new one of that service. */
  async runCommand(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const asked = await this.askCommand(environment, service);
    if (asked) await this.terminals.run(asked.name, asked.call);
  }

  /** Asks which command is to be run for a service, and where. @returns undefined when the user left. */
  async askCommand(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<NamedCall | undefined> {
    const { definition } = environment;
    const isRunning = serviceActions(service, environment).has('shell');
    const canBeNew = service.declared && environment.resolution.kind === 'resolved';
    const where = await pick(
      [
        ...(isRunning ? [{ label: l10n.t('In the running container'), value: 'running' }] : []),
        ...(canBeNew ? [{ label: l10n.t('In a new container, removed afterwards'), value: 'new' }] : []),
      ],
      l10n.t('Where should the command run?'),
    );
    if (where === undefined) return undefined;
    const container =
      where === 'new' ? {} : await chooseContainer(environment, service, this.remembered, { running: true });
    if (!container) return undefined;
    const about = [definition.id, service.name] as const;
    const typed = await vscode.window.showInputBox({
      prompt: l10n.t('Which command should run in {0}?', targetName(definition.name, [service.name])),
      value: this.remembered.get('command', ...about) ?? '',
      validateInput: (value) => (value.trim() ? undefined : l10n.t('A command, please.')),
    });
    if (typed === undefined) return undefined;
    if (where === 'new') checkMadeHere(environment);
    await this.remembered.set('command', typed.trim(), ...about);
    const command = commandWords(typed);
    const call =
      where === 'new'
        ? runCall(definition, service.name, command, { terminal: true, withoutWarnings: losesParts(environment) })
        : execCall(projectToShow(environment), definition.context, service.name, command, {
            terminal: true,
            ...container,
          });
    return { name: `${terminalName(definition.name, service.name, container)}: ${typed.trim()}`, call };
  }

  /** Opens the client of a data store, in its container, with its own credentials. */
  async databaseShell(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<void> {
    const asked = await this.askDatabaseShell(environment, service);
    if (asked) this.terminals.open(asked.name, asked.call, 'database');
  }

  /** Asks in which container {@link databaseShell} is to be, where there are several. @returns undefined when the user left. */
  async askDatabaseShell(environment: EnvironmentSnapshot, service: ServiceSnapshot): Promise<NamedCall | undefined> {
    const container = await chooseContainer(environment, service, this.remembered, { running: true });
    if (!container) return undefined;
    const title = l10n.t('Opening the database shell of {0}', service.name);
    const call = await waitVisibly(title, (signal) =>
      this.berth.tools.storeShellCall(environment, service, { terminal: true, signal, ...container }),
    );
    return { name: terminalName(environment.definition.name, service.name, container), call };
  }

  /** Shows live what containers use. */
  stats({ definition }: EnvironmentSnapshot, services: readonly string[]): void {
    const call = this.cliCall(['stats'], definition, services);
    this.terminals.open(l10n.t('Stats: {0}', targetName(definition.name, services)), call, 'pulse');
  }

  /** Brings up and follows the logs, in a terminal that stays: how that ended is to be seen. */
  async upAttached({ definition }: EnvironmentSnapshot, services: readonly string[]): Promise<void> {
    const call = this.cliCall(['up', '--attach'], definition, services);
    await this.terminals.run(l10n.t('Up: {0}', targetName(definition.name, services)), call);
  }

  /** A command of the command line on an environment, or on services of it. */
  private cliCall(
    words: readonly string[],
    { workspaceFolder, name }: EnvironmentDefinition,
    services: readonly string[],
  ): ProgramCall {
    return berthCall(this.cli, [...words, '-C', workspaceFolder, '--', name, ...services], workspaceFolder);
  }

  /** Carries changes of files into containers, until the terminal is closed. */
  watch(environment: EnvironmentSnapshot, services: readonly string[]): void {
    checkMadeHere(environment);
    const name = l10n.t('Watch: {0}', targetName(environment.definition.name, services));
    this.terminals.open(name, callOfWatch(environment, services), 'eye');
  }
}

/** What carries changes of files into containers. @param services names; all that say so in the files when empty. */
export function callOfWatch(
  { definition, services: all }: EnvironmentSnapshot,
  services: readonly string[],
): ProgramCall {
  return watchCall(
    definition,
    all.filter((service) => services.includes(service.name)),
  );
}

function namedShell(
  environment: EnvironmentSnapshot,
  service: string,
  container: ChosenContainer,
  choice: Choices['shell'] | undefined,
): NamedCall {
  const { definition } = environment;
  const user = choice?.user || undefined;
  const how = { shell: choice?.shell, user, ...container };
  const name = terminalName(definition.name, service, container);
  return {
    name: user ? `${name} (${user})` : name,
    call: shellCall(projectToShow(environment), definition.context, service, how),
  };
}
