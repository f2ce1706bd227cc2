import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import type { EnvironmentSnapshot, ServiceSnapshot } from '../../core/model/snapshot';
import type { ComparisonPanel } from '../comparison/comparisonPanel';
import type { Documents } from '../documents';
import type { Feedback } from '../feedback';
import type { Remembered } from '../remembered';
import type { Terminals } from '../terminals';
import { type Action, OPERATION_ACTIONS, type OperationAction } from '../views/actions';
import type { CommandRuns } from './commandRuns';
import { chooseCompared } from './comparisonChoice';
import { chooseContainer } from './containerChoice';
import type { CopyCommands } from './copyCommands';
import type { LimitCommands } from './limitCommands';
import type { OperationCommands } from './operationCommands';
import { pick } from './picker';
import type { PortCommands } from './portCommands';
import { showCommand } from './showCommand';
import type { StoreCommands } from './storeCommands';
import { type Activity, byEnvironment, type Target, targetsOf } from './targets';
import type { TerminalCommands } from './terminalCommands';

/** What does the work of the commands on environments and services. */
export interface Workers {
  readonly berth: Berth;
  readonly activity: Activity;
  readonly feedback: Feedback;
  readonly terminals: Terminals;
  readonly documents: Documents;
  readonly remembered: Remembered;
  readonly operations: OperationCommands;
  readonly inTerminals: TerminalCommands;
  readonly commandRuns: CommandRuns;
  readonly copies: CopyCommands;
  readonly stores: StoreCommands;
  readonly ports: PortCommands;
  readonly limits: LimitCommands;
  readonly comparison: ComparisonPanel;
}

/** Does an action. @param targets what to do it on: at least one, each of which it applies to. */
export type Handler = (targets: readonly Target[]) => unknown;

/** The actions that can be done on several targets at once; the others are about one. */
export const ON_MANY: ReadonlySet<Action> = new Set<Action>([
  ...OPERATION_ACTIONS,
  'cancelOperation',
  'logs',
  'logsWithChoices',
  'upAttached',
  'stats',
  'watch',
  'copyName',
  'compareEnvironments',
]);

/** What each action does. */
export function actionHandlers(workers: Workers): Readonly<Record<Action, Handler>> {
  const { feedback, terminals, documents, operations, inTerminals, commandRuns, copies, stores, ports, limits } =
    workers;
  const onService =
    (run: (environment: EnvironmentSnapshot, service: ServiceSnapshot) => unknown): Handler =>
    ([target]) =>
      target?.service && run(target.environment, target.service);
  /** Those of one environment together, one environment after the other. */
  const onServices =
    (run: (environment: EnvironmentSnapshot, services: readonly string[]) => unknown): Handler =>
    async (targets) => {
      for (const { environment, services } of byEnvironment(targets)) {
        await run(
          environment,
          services.map((service) => service.name),
        );
      }
    };
  const inspect = (kind: 'image' | 'redisInfo') =>
    onService(({ definition }, service) =>
      documents.show({ kind, environmentId: definition.id, service: service.name }),
    );
  return {
    ...operationHandlers(operations),
    cancelOperation: (targets) => operations.cancel(targets),
    showCommand: ([target]) => target && showCommand(target, workers),
    logs: onServices((environment, services) => terminals.showLogs(environment, services)),
    logsWithChoices: onServices((environment, services) => inTerminals.logsWithChoices(environment, services)),
    shell: onService((environment, service) => inTerminals.shell(environment, service)),
    shellAs: onService((environment, service) => inTerminals.shellAs(environment, service)),
    runCommand: onService((environment, service) => inTerminals.runCommand(environment, service)),
    runTests: ([target]) => target && commandRuns.runTests(target.environment),
    runEnvironmentCommand: ([target]) => target && commandRuns.runCommand(target.environment),
    accept: ([target]) => target && commandRuns.accept(target.environment),
    finishAndRemove: ([target]) => target && commandRuns.removeLeftover(target.environment),
    removeLeftovers: ([target]) => target && commandRuns.removeLeftover(target.environment),
    copyFromContainer: onService((environment, service) => copies.fromContainer(environment, service)),
    copyToContainer: onService((environment, service) => copies.toContainer(environment, service)),
    databaseShell: onService((environment, service) => inTerminals.databaseShell(environment, service)),
    runSqlFile: onService((environment, service) => stores.runSqlFile(environment, service)),
    redisInfo: inspect('redisInfo'),
    redisFlush: onService((environment, service) => stores.flush(environment, service)),
    upAttached: onServices((environment, services) => inTerminals.upAttached(environment, services)),
    stats: onServices((environment, services) => inTerminals.stats(environment, services)),
    watch: onServices((environment, services) => inTerminals.watch(environment, services)),
    openPort: (targets) => ports.open(targets),
    copyAddress: (targets) => ports.copy(targets),
    copyConnectionString: (targets) => stores.copyConnectionString(targets),
    copyName: (targets) => copyNames(targets, feedback),
    inspectContainer: onService((environment, service) => inspectContainer(environment, service, workers)),
    inspectImage: inspect('image'),
    showConfiguration: ([target]) =>
      target && documents.show({ kind: 'configuration', environmentId: target.environment.definition.id }),
    compareEnvironments: (targets) => compareEnvironments(targets, workers),
    limit: onService((environment, service) => limits.limit(environment, service)),
    openFile: ([target]) => target && openFile(target),
  };
}

function operationHandlers(operations: OperationCommands): Readonly<Record<OperationAction, Handler>> {
  return Object.fromEntries(
    OPERATION_ACTIONS.map((action) => [action, (targets: readonly Target[]) => operations.run(action, targets)]),
  ) as Record<OperationAction, Handler>;
}

/** Copies what Docker calls something: the project of an environment, the containers of a service. */
async function copyNames(targets: readonly Target[], feedback: Feedback): Promise<void> {
  const names = targets.flatMap(({ environment, service }) =>
    service ? service.containers.map((container) => container.name) : (environment.projectName ?? []),
  );
  await vscode.env.clipboard.writeText(names.join('\n'));
  feedback.success(l10n.t('Copied {0}', names.join(', ')));
}

async function inspectContainer(
  environment: EnvironmentSnapshot,
  service: ServiceSnapshot,
  { documents, remembered }: Workers,
): Promise<void> {
  const container = await chooseContainer(environment, service, remembered);
  if (!container) return;
  const about = { environmentId: environment.definition.id, service: service.name };
  await documents.show({ kind: 'container', ...about, ...container });
}

/** Compares the environments given; unless there are several, asks which. */
async function compareEnvironments(
  targets: readonly Target[],
  { berth, activity, comparison, remembered }: Workers,
): Promise<void> {
  const given = targets.map(({ environment }) => environment);
  const comparable = targetsOf('compareEnvironments', berth.store.environments, activity);
  const all = comparable.map(({ environment }) => environment);
  const environments = given.length > 1 ? given : await chooseCompared(all, given, remembered);
  if (environments.length > 0) await comparison.show(environments);
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
