import { Acceptances } from './acceptance/acceptances';
import { LIVE_CODES } from './checks/live/liveChecks';
import { ifInTime, systemClock } from './common/clock';
import { type Disposable, DisposableStore } from './common/disposable';
import { UserError } from './common/errors';
import { takeLock } from './common/lock';
import type { Log } from './common/log';
import { runProgram } from './common/program';
import { OutputCache } from './compose/outputCache';
import { resolveProject } from './compose/resolve';
import { Secrets } from './compose/secrets';
import { connectToEngine } from './engine/connection';
import { targetOf } from './engine/endpoint';
import { EngineFeed } from './engine/engineFeed';
import { EnvironmentStore } from './environmentStore';
import { failurePlaces } from './findings/failurePlaces';
import { type Checked, Findings } from './findings/findings';
import { FixActions } from './findings/fixActions';
import { Fixing } from './findings/fixing';
import { LiveFindings, type LiveFindingsOptions } from './findings/liveFindings';
import type { Finding } from './model/finding';
import { Comparisons } from './operations/comparisons';
import { ServiceLimitTools } from './operations/limits';
import { OperationRunner, operationLockKey } from './operations/operationRunner';
import type { LookFor, PlacesOf } from './operations/reason';
import { ServiceTools } from './operations/serviceTools';
import { commandCall } from './runs/commandCall';
import { Leftovers } from './runs/leftovers';
import { TestRuns } from './runs/testRuns';

/** How long Compose may take to judge the fixes of what an operation failed of, in milliseconds: the finding is told then. */
const JUDGE_LIMIT = 3_000;

/** Core put together: what the extension and the command line both build upon. */
export interface Berth extends Disposable {
  readonly store: EnvironmentStore;
  readonly operations: OperationRunner;
  readonly tools: ServiceTools;
  readonly testRuns: TestRuns;
  readonly leftovers: Leftovers;
  readonly acceptances: Acceptances;
  readonly limits: ServiceLimitTools;
  readonly comparisons: Comparisons;
  /** What checks find in the files; they look by themselves once `watch` has been called. */
  readonly findings: Findings;
  readonly fixing: Fixing;
  /** What only engine and machine can tell, looked for when somebody asks. */
  readonly liveFindings: LiveFindings;
  /** Does the fixes that change no text. */
  readonly fixActions: FixActions;
  /** What Compose has said of files, for another core that reads the same ones. */
  readonly outputs: OutputCache;
  /** The one feed of the engine that a Docker context leads to; undefined for the current context. */
  readonly feedFor: (context: string | undefined) => EngineFeed;
  /** All feeds that there are by now. */
  readonly feeds: Iterable<EngineFeed>;
}

/**
 * Wires core. Nothing is read, run or connected to before the store is given a scope.
 * @param program what it is used by, for others that wait for one of its operations: `VS Code`.
 * @param outputs those of another core that reads the same files; it begins with none when left out.
 */
export function createBerth(log: Log, program: string, outputs = new OutputCache()): Berth {
  const owned = new DisposableStore();
  const feeds = new Map<string | undefined, EngineFeed>();
  const feedOf = (context: string | undefined) => {
    const known = feeds.get(context);
    if (known) return known;
    const feed = owned.add(new EngineFeed({ connect: () => connectToEngine(context), log }));
    feeds.set(context, feed);
    return feed;
  };
  const secrets = new Secrets();
  const store = owned.add(
    new EnvironmentStore({
      feedFor: feedOf,
      targetOf,
      resolve: async ({ definition, dependsOn, readsMore }, signal) => {
        const cache = readsMore ? undefined : outputs;
        const asked = resolveProject(definition, { dependsOn, signal, secrets, cache });
        const project = await asked.catch((error: unknown) => {
          throw error instanceof UserError ? secrets.maskError(error) : error;
        });
        log.info(`Environment "${definition.name}": project ${project.name}, ${project.services.length} services.`);
        return project;
      },
    }),
  );
  const feedFor = (context: string | undefined) => feedOf(store.leadingContext(context));
  const lookFor: LookFor = async (environmentId, codes, signal) => {
    const [live, inFiles] = await Promise.all([
      codes.some((code) => LIVE_CODES.includes(code))
        ? liveFindings.check([environmentId], signal, { codes })
        : undefined,
      codes.every((code) => LIVE_CODES.includes(code)) ? undefined : findings.check(signal),
    ]);
    const isMeant = ({ code, environments }: Finding) => codes.includes(code) && environments.includes(environmentId);
    const looks = [live, inFiles].filter((look) => look !== undefined);
    return Promise.all(looks.flatMap((look) => look.findings.filter(isMeant).map((one) => judged(one, look, signal))));
  };
  /** A finding with the fixes that Compose accepts: those that it has not judged in time are left out. */
  const judged = async (finding: Finding, look: Checked, signal: AbortSignal): Promise<Finding> => {
    const judge = (limited: AbortSignal) => fixing.offered(finding, look, limited);
    const fixes = await ifInTime(judge, { clock: systemClock, ms: JUDGE_LIMIT, signal });
    return { ...finding, fixes: fixes ?? finding.fixes.filter(({ kind }) => kind !== 'edit') };
  };
  const placesOf: PlacesOf = async (environmentId, service, reason, signal) => {
    const { environments } = (await findings.check(signal)).facts;
    const environment = environments.find(({ definition }) => definition.id === environmentId);
    return environment ? failurePlaces(environment, service, reason) : [];
  };
  const operations = owned.add(new OperationRunner({ store, feedFor, lookFor, placesOf }, program, secrets));
  const tools = new ServiceTools({ store, feedFor, secrets });
  const findings = owned.add(new Findings(store, log));
  const comparisons = new Comparisons(store);
  const runCommand: LiveFindingsOptions['runCommand'] = async (environment, command, signal) => {
    const call = await commandCall(command, environment, { terminal: false, signal });
    const { exitCode, stdout, stderr } = await runProgram(call, { signal });
    return { exitCode, output: secrets.mask(`${stdout}\n${stderr}`) };
  };
  const liveFindings = new LiveFindings({ store, feedFor, runCommand, levelOf: findings.levelOf });
  const fixing = new Fixing(findings, liveFindings, store);
  const fixActions = new FixActions({
    store,
    feedFor,
    runCommand,
    lock: (engine, project, signal) => {
      const holder = `fix (${program}, process ${process.pid})`;
      return takeLock(operationLockKey(engine, project), holder, { signal, onWait: () => {} });
    },
    operate: async ({ operation, environmentId, services }, signal) => {
      const result = await operations.run({ operation, environmentId, services }, () => {}, signal);
      if (result.kind === 'failed') throw result.error;
      signal.throwIfAborted();
    },
  });
  return {
    store,
    operations,
    tools,
    testRuns: new TestRuns({ store, feedFor, tools, secrets, program }),
    leftovers: new Leftovers({ store, feedFor, program }),
    acceptances: new Acceptances({ store, feedFor, tools, comparisons, findings, secrets }),
    limits: new ServiceLimitTools(secrets),
    findings,
    fixing,
    comparisons,
    liveFindings,
    fixActions,
    outputs,
    feedFor,
    get feeds() {
      return feeds.values();
    },
    dispose: () => owned.dispose(),
  };
}
