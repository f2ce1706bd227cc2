import * as l10n from '@vscode/l10n';
import { systemClock } from '../common/clock';
import { isCancellation, UserError } from '../common/errors';
import { unlessAborted } from '../common/event';
import { isActive } from '../model/health';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { storeKindOf } from '../model/storeKind';
import { containersOnly, knownProject, untrusted } from '../operations/operation';
import type {
  AcceptanceHooks,
  AcceptanceReport,
  AcceptanceRequest,
  Criterion,
  OwnStep,
  Step,
  StoreConnection,
} from './acceptance';
import {
  type AcceptanceContext,
  type AcceptanceSurroundings,
  currentEnvironment,
  failedBy,
  runningServices,
} from './acceptanceContext';
import { DataSurvival } from './dataSurvival';
import { LogErrors } from './logErrors';
import { NamelessVolumes } from './namelessVolumes';
import { foundNames } from './names';
import { answeringPorts } from './ports';
import { secretSteps } from './secretsInFiles';
import { awaitUp, bringUp } from './startUp';

/** Finds out whether environments are as they are to be: see {@link CRITERIA}. */
export class Acceptances {
  constructor(private readonly surroundings: AcceptanceSurroundings) {}

  /**
   * Looks at one criterion after another. An environment that nothing runs of is brought up for that, and afterwards left as it was
   * found, with its volumes.
   * @param signal aborts what is under way; the environment is left up.
   * @throws UserError when it can't be begun; the signal's reason when aborted before that.
   */
  async run(request: AcceptanceRequest, hooks: AcceptanceHooks, signal: AbortSignal): Promise<AcceptanceReport> {
    const { store, feedFor, comparisons, clock = systemClock } = this.surroundings;
    if (!store.isTrusted) throw untrusted();
    await unlessAborted(store.lookAtEngines(), signal);
    await unlessAborted(store.whenResolved(request.environmentId), signal);
    const environment = store.find(request.environmentId);
    if (!environment) throw new UserError('usage', l10n.t('There is no such environment any more.'));
    if (environment.resolution.kind === 'broken') throw environment.resolution.error;
    if (environment.resolution.kind === 'containers-only') throw containersOnly(environment.definition);
    const connection = await feedFor(environment.definition.context).whenConnected(signal);
    const facts = await comparisons.factsOf(environment, signal);
    const volumesBefore = await connection.inspect((engine) => engine.volumes(signal));
    const afterwards = new AbortController().signal;
    const surroundings = { ...this.surroundings, clock };
    return new Acceptance({
      surroundings,
      request,
      hooks,
      connection,
      facts,
      volumesBefore,
      signal,
      afterwards,
    }).toEnd();
  }
}

/** One acceptance. */
class Acceptance {
  private readonly steps: Step[] = [];
  private readonly connections: StoreConnection[] = [];
  private readonly logs: LogErrors;
  private readonly nameless: NamelessVolumes;
  private readonly data: DataSurvival;
  /** What there was of the environment before. */
  private readonly before: 'up' | 'stopped' | 'nothing';
  private error: UserError | undefined;

  constructor(private readonly context: AcceptanceContext) {
    this.logs = new LogErrors(context);
    this.nameless = new NamelessVolumes(context);
    this.data = new DataSurvival(context, () => this.beforeDown());
    this.before = whatThereIs(currentEnvironment(context));
  }

  async toEnd(): Promise<AcceptanceReport> {
    const { surroundings, signal } = this.context;
    const { clock } = surroundings;
    const began = clock.now();
    const environment = currentEnvironment(this.context);
    let cancelled = false;
    try {
      await this.lookAtAll();
    } catch (error) {
      if (!signal.aborted && !isCancellation(error)) throw error;
      cancelled = true;
    }
    const after = await this.leave(cancelled);
    await this.nameless.remove();
    return {
      environment: environment.definition.name,
      project: knownProject(environment),
      steps: this.steps,
      connections: this.connections,
      ms: clock.now() - began,
      cancelled,
      after,
      error: this.error ?? this.data.error,
    };
  }

  private async lookAtAll(): Promise<void> {
    const { context } = this;
    const wasUp = this.before === 'up';
    await this.lookAt('healthy', async () => {
      if (!wasUp && context.request.build) await this.build();
      return wasUp ? awaitUp(context) : bringUp(context);
    });
    const isUp = this.steps.every(({ outcome }) => outcome !== 'failed');
    await this.lookAt('ports', () => answeringPorts(context));
    await this.lookAt('names', () => foundNames(context));
    await this.lookAt('data', async () => (isUp ? this.data.toEnd(this.before !== 'nothing') : [this.notTried()]));
    await this.lookAt('logs', async () => {
      await this.logs.gather();
      return this.logs.steps;
    });
    await this.lookAt('secrets', async () => {
      const { findings } = await context.surroundings.findings.check(context.signal);
      return secretSteps(currentEnvironment(context).definition, findings);
    });
    await this.lookAt('connections', () => this.connectionStrings());
  }

  /** A criterion's turn. That looking itself fails, as when the engine is lost, is told as any other failure. */
  private async lookAt(criterion: Criterion, look: () => Promise<readonly OwnStep[]>): Promise<void> {
    const { surroundings, hooks, signal } = this.context;
    signal.throwIfAborted();
    hooks.onCriterion(criterion);
    const began = surroundings.clock.now();
    const steps = await look().catch((error: unknown): readonly OwnStep[] => {
      if (!(error instanceof UserError)) throw error;
      const subject = currentEnvironment(this.context).definition.name;
      return [{ subject, ms: surroundings.clock.now() - began, ...failedBy(surroundings.secrets.maskError(error)) }];
    });
    this.steps.push(...steps.map((step) => ({ criterion, ...step })));
  }

  /** What goes with the containers, or loses its owner with them, is seen to before. */
  private async beforeDown(): Promise<void> {
    await this.logs.gather();
    if (this.before === 'nothing') await this.nameless.note();
  }

  private notTried(): OwnStep {
    const { name } = currentEnvironment(this.context).definition;
    return { subject: name, ms: 0, outcome: 'skipped', message: l10n.t('Not every service is up.') };
  }

  /** @throws UserError when that fails. */
  private async build(): Promise<void> {
    const { request, hooks, connection, signal } = this.context;
    const { environmentId } = request;
    const build = { operation: 'build', environmentId, services: [], engine: connection.engine } as const;
    const result = await hooks.operate(build, signal);
    signal.throwIfAborted();
    if (result.kind === 'failed') throw result.error;
  }

  private async connectionStrings(): Promise<readonly OwnStep[]> {
    const { surroundings, signal } = this.context;
    const { tools, clock } = surroundings;
    const environment = currentEnvironment(this.context);
    const stores = runningServices(environment).filter((service) => storeKindOf(service) !== undefined);
    if (stores.length === 0) {
      const message = l10n.t('No database that Berth knows runs.');
      return [{ subject: environment.definition.name, ms: 0, outcome: 'skipped', message }];
    }
    const found = await Promise.all(
      stores.map(async (service): Promise<readonly [OwnStep, StoreConnection?]> => {
        const began = clock.now();
        const strings = await tools.connectionStrings(environment, service, signal).catch((error: unknown) => {
          if (error instanceof UserError) return error;
          throw error;
        });
        const step = { subject: service.name, ms: clock.now() - began };
        if (strings instanceof UserError) return [{ ...step, ...failedBy(strings) }];
        return [
          { ...step, outcome: 'passed' },
          { service: service.name, ...strings },
        ];
      }),
    );
    this.connections.push(...found.flatMap(([, connection]) => connection ?? []));
    return found.map(([step]) => step);
  }

  /** Leaves the environment as it was found, unless it is to stay up, or was cancelled. */
  private async leave(cancelled: boolean): Promise<AcceptanceReport['after']> {
    const { request, hooks, connection, afterwards } = this.context;
    const { environmentId, keep } = request;
    if (this.before === 'up') return this.data.error ? 'left' : 'as-before';
    if (whatThereIs(currentEnvironment(this.context)) === this.before) return 'as-before';
    if (cancelled) return 'left';
    if (keep) return 'kept';
    const operation = this.before === 'stopped' ? 'stop' : 'down';
    if (operation === 'down') await this.nameless.note();
    const result = await hooks.operate(
      { operation, environmentId, services: [], engine: connection.engine },
      afterwards,
    );
    if (result.kind === 'failed') this.error = result.error;
    return result.kind === 'done' ? 'as-before' : 'left';
  }
}

function whatThereIs({ services }: EnvironmentSnapshot): Acceptance['before'] {
  if (services.some(({ health }) => isActive(health))) return 'up';
  return services.some(({ containers }) => containers.length > 0) ? 'stopped' : 'nothing';
}
