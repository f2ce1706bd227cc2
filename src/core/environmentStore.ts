import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from './common/disposable';
import { messageOf, UserError } from './common/errors';
import { Emitter } from './common/event';
import { Limiter } from './common/limiter';
import { sameList } from './common/lists';
import { withConflicts } from './discovery/conflicts';
import { type DiscoveredEnvironment, Discovery, type FolderLevels } from './discovery/discover';
import { RealFolders } from './discovery/realFolders';
import type { EngineState } from './engine/engineFeed';
import { EngineFeeds, type EngineFeedsOptions } from './engine/engineFeeds';
import { asItRuns, attribute, runningDefinition } from './model/attribution';
import type { Container } from './model/container';
import { asBefore, type EnvironmentDefinition, isSameForCompose, type OnEngine } from './model/environment';
import type { ConfigurationWarning, ResolvedProject } from './model/project';
import type { Known } from './model/sharing';
import { buildSnapshot, type EnvironmentSnapshot, projectOf, type Resolution } from './model/snapshot';

/** How many `docker compose config` run at once: each takes a processor for a tenth of a second. */
const PARALLEL_RESOLUTIONS = 2;

export interface EnvironmentStoreOptions extends Pick<EngineFeedsOptions, 'feedFor' | 'targetOf'> {
  /** Asks Compose what an environment contains; see `resolveProject`. */
  readonly resolve: (environment: DiscoveredEnvironment, signal: AbortSignal) => Promise<ResolvedProject>;
}

/** What is other about an environment while a test run is on it. */
export type Variation = Partial<Pick<EnvironmentDefinition, 'projectName' | 'usualProject' | 'runFile'>>;

/** Where the store looks, and what it may do there. */
export interface EnvironmentScope {
  /** Absolute paths. */
  readonly workspaceFolders: readonly string[];
  /** When false, files are read, but nothing is run and no engine is connected to. */
  readonly trusted: boolean;
  /** When true, Compose is asked about an environment only once `whenResolved` wants it: for a command that is about one. */
  readonly onDemand?: boolean;
  /** When true, the engine of the current context is listened to even where no environment is on it. */
  readonly wholeEngine?: boolean;
}

interface Entry {
  readonly discovered: DiscoveredEnvironment;
  resolution: Resolution;
  /** Resolves when Compose has answered; undefined until it is to be asked. */
  resolved?: Promise<void>;
  /** Aborts the resolution that is under way. */
  resolving?: AbortController;
}

/**
 * All environments with their state: what discovery found, what Compose says of it, and what the engine reports, put
 * together as immutable snapshots. Everything that shows environments reads here, and nothing writes here but files and
 * engines.
 */
export class EnvironmentStore implements Disposable {
  private readonly emitter = new Emitter<readonly EnvironmentSnapshot[]>();
  private readonly readEmitter = new Emitter<void>();
  private readonly feeds: EngineFeeds;
  private discoveries: readonly Discovery[] = [];
  private folderProblems: readonly ConfigurationWarning[] = [];
  private folderLevels: readonly FolderLevels[] = [];
  private found: readonly DiscoveredEnvironment[] = [];
  private readonly variations = new Map<string, Variation>();
  private entries: Entry[] = [];
  /** The entries, with what is to be told of several beside each other. */
  private known: readonly Known[] = [];
  private snapshots: readonly EnvironmentSnapshot[] = [];
  private foreign: readonly EnvironmentSnapshot[] = [];
  private scope: EnvironmentScope = { workspaceFolders: [], trusted: false };
  private scanned = false;
  private files: ReadonlySet<string> = new Set();
  private queue: Promise<void> = Promise.resolve();
  private readonly folders = new RealFolders(() => this.update());
  private readonly resolutions = new Limiter(PARALLEL_RESOLUTIONS);
  private disposed = false;

  /** Fires, with the environments from before, when any of them changed, or the state of an engine. */
  readonly onDidChange = this.emitter.event;

  /** Fires when files have been read anew, whether or not anything of the environments changed by that. */
  readonly onDidRead = this.readEmitter.event;

  constructor(private readonly options: EnvironmentStoreOptions) {
    this.feeds = new EngineFeeds({
      ...options,
      onDidChangeContainers: () => this.update(),
      onDidChangeState: () => {
        this.update(true);
        void this.lookAtEngines();
      },
    });
  }

  /** In the order in which they are to be shown: by workspace folder, then by purpose. What did not change is the same object. */
  get environments(): readonly EnvironmentSnapshot[] {
    return this.snapshots;
  }

  /**
   * The Compose projects on the engines in use that no workspace folder knows of, by name. Only their containers are known.
   */
  get elsewhere(): readonly EnvironmentSnapshot[] {
    return this.foreign;
  }

  /** The environment of an id, be it one of a workspace folder or elsewhere. */
  find(id: string): EnvironmentSnapshot | undefined {
    return [...this.snapshots, ...this.foreign].find(({ definition }) => definition.id === id);
  }

  /** False until the workspace folders have been searched for the first time. */
  get isScanned(): boolean {
    return this.scanned;
  }

  get isTrusted(): boolean {
    return this.scope.trusted;
  }

  /** What can't be read, or names what is not there: about the workspace folders, not about one environment. */
  get problems(): readonly ConfigurationWarning[] {
    return this.folderProblems;
  }

  /** What files called `berth.yaml` say of findings, each for its folder, outermost first. */
  get levels(): readonly FolderLevels[] {
    return this.folderLevels;
  }

  /** The first command, workflow or text for people in a workspace folder that gives a variable a value: absolute path. */
  givenBy(workspaceFolder: string, variable: string): string | undefined {
    return this.discoveries.find((one) => one.workspaceFolder === workspaceFolder)?.givenBy(variable);
  }

  /** Whether a change of a file may change which environments there are, or what they are. @param file absolute path. */
  concerns(file: string): boolean {
    return this.files.has(file) || this.discoveries.some((discovery) => discovery.concerns(file));
  }

  /** The env files of the workspace folders, and the examples of such, whether or not an environment has them: absolute paths. */
  get envFiles(): readonly string[] {
    return this.discoveries.flatMap((discovery) => discovery.envFiles);
  }

  /** What the text shows of an environment. @param id of its definition. */
  discovered(id: string): DiscoveredEnvironment | undefined {
    return this.entries.find(({ discovered }) => discovered.definition.id === id)?.discovered;
  }

  /** Every file whose change may change an environment, there or not: absolute paths. A new set after each search. */
  get dependsOn(): ReadonlySet<string> {
    return this.files;
  }

  /** The state of a Docker context's engine: `connecting` while nothing needs it. */
  engineState(context?: string): EngineState {
    return this.feeds.state(context);
  }

  /** Whose feed tells of the engine that a context leads to: of the contexts in use that lead there the current one, or the first. */
  leadingContext(context: string | undefined): string | undefined {
    return this.feeds.leadingContext(context);
  }

  /** Takes in where the contexts in use lead now: the current one may have been switched, and any been changed. */
  async lookAtEngines(): Promise<void> {
    const moved = await this.feeds.look(contextsOf(this.found));
    if (moved.length === 0 || this.disposed) return;
    const placed = this.placed(this.found);
    for (const [index, entry] of this.entries.entries()) {
      const discovered = placed[index];
      if (!discovered || isDeepStrictEqual(entry.discovered.definition, discovered.definition)) continue;
      Object.assign(entry, { discovered });
    }
    this.entriesChanged(moved);
  }

  /** Looks in these folders from now on. Resolves when they have been searched; Compose is then being asked. */
  setScope(scope: EnvironmentScope): Promise<void> {
    const trustChanged = scope.trusted !== this.scope.trusted;
    this.scope = scope;
    return this.enqueue((entry) => trustChanged && entry.resolution.kind === 'text-only', undefined);
  }

  /**
   * Has an environment another project, and a test run's compose file laid over its own, for as long as this process wants.
   * Resolves when that is so; Compose has then yet to say what it contains.
   * @param id of the environment's definition.
   */
  vary(id: string, variation: Variation): Promise<void> {
    this.variations.set(id, variation);
    return this.filesChanged([]);
  }

  /**
   * Takes in that files changed, came or went: reads them anew, and asks Compose again about the environments they are part of.
   * @param paths absolute paths; all files when left out.
   */
  filesChanged(paths?: readonly string[]): Promise<void> {
    return this.enqueue((entry) => !paths || paths.some((path) => entry.discovered.dependsOn.has(path)), paths);
  }

  /** Takes in what changed unnoticed: files whose times or folders are others than when they were read. */
  async lookAgain(): Promise<void> {
    await this.queue;
    const changed = await Promise.all(this.discoveries.map((discovery) => discovery.changed()));
    if (changed.flat().length > 0) await this.filesChanged(changed.flat());
    await this.lookAtFolders();
  }

  /** Takes in which of the folders are there that containers were made from: they may have been moved. */
  lookAtFolders(): Promise<void> {
    return this.folders.lookAgain();
  }

  /**
   * Resolves when Compose has said what an environment contains, or what is wrong with it.
   * @param id of the environment's definition; all environments when left out.
   */
  async whenResolved(id?: string): Promise<void> {
    await this.queue;
    const wanted = this.entries.filter((entry) => id === undefined || entry.discovered.definition.id === id);
    await Promise.all(wanted.map((entry) => this.ensureResolved(entry)));
    // Files that changed meanwhile have put other entries in their place.
    if (!this.disposed && wanted.some((entry) => !this.entries.includes(entry))) await this.whenResolved(id);
  }

  dispose(): void {
    this.disposed = true;
    for (const entry of this.entries) entry.resolving?.abort();
    this.feeds.dispose();
    this.emitter.dispose();
    this.readEmitter.dispose();
  }

  /** One search after another, so that the newest always has the last word. */
  private enqueue(isStale: (entry: Entry) => boolean, changed: readonly string[] | undefined): Promise<void> {
    const next = this.queue.then(() => (this.disposed ? undefined : this.scan(isStale, changed)));
    this.queue = next.catch(() => {});
    return next;
  }

  private async scan(isStale: (entry: Entry) => boolean, changed: readonly string[] | undefined): Promise<void> {
    const { workspaceFolders, trusted } = this.scope;
    const known = new Map(this.discoveries.map((discovery) => [discovery.workspaceFolder, discovery]));
    this.discoveries = workspaceFolders.map((folder) => known.get(folder) ?? new Discovery(folder));
    const results = await Promise.all(this.discoveries.map((discovery) => discovery.discover(changed)));
    if (this.disposed) return;
    const inText = results.flatMap(({ environments }) => environments);
    const moved = await this.feeds.look(contextsOf(inText));
    if (this.disposed) return;
    this.found = inText;
    const found = this.placed(inText);
    this.folderProblems = results.flatMap(({ problems }) => problems);
    this.folderLevels = results.flatMap(({ levels }) => levels);
    const before = new Map(this.entries.map((entry) => [entry.discovered.definition.id, entry]));
    const toResolve: Entry[] = [];
    this.entries = found.map((discovered) => {
      const old = before.get(discovered.definition.id);
      before.delete(discovered.definition.id);
      if (!trusted) {
        return { discovered, resolution: { kind: 'text-only', services: discovered.servicesInText } };
      }
      const same = old && isSameForCompose(old.discovered.definition, discovered.definition) ? old : undefined;
      // Equal is made identical: snapshots tell by that what changed.
      const definition = asBefore(old?.discovered.definition, discovered.definition);
      const current = { ...discovered, definition };
      if (same && !isStale(same)) return Object.assign(same, { discovered: current });
      old?.resolving?.abort();
      const kept = old && old.resolution.kind !== 'text-only' ? old.resolution : undefined;
      const entry: Entry = {
        discovered: current,
        resolution: kept ?? { kind: 'pending', services: discovered.servicesInText },
      };
      toResolve.push(entry);
      return entry;
    });
    for (const gone of before.values()) gone.resolving?.abort();
    this.scanned = true;
    this.files = new Set([
      ...found.flatMap(({ dependsOn }) => [...dependsOn]),
      ...this.discoveries.flatMap(({ readFiles }) => [...readFiles]),
    ]);
    this.entriesChanged(moved);
    this.readEmitter.fire();
    if (!this.scope.onDemand) for (const entry of toResolve) void this.ensureResolved(entry);
  }

  /** What was found, with the engine that each is on. */
  private placed(found: readonly DiscoveredEnvironment[]): readonly DiscoveredEnvironment[] {
    return found.map((one) => {
      const { context, id } = one.definition;
      const engine = this.feeds.engineOf(context);
      return { ...one, definition: { ...one.definition, ...this.variations.get(id), engine } };
    });
  }

  /** Asks Compose about an environment, unless it was asked already. */
  private ensureResolved(entry: Entry): Promise<void> {
    if (entry.resolution.kind === 'text-only') return Promise.resolve();
    entry.resolved ??= this.resolutions.run(() => this.resolve(entry));
    return entry.resolved;
  }

  private async resolve(entry: Entry): Promise<void> {
    if (this.disposed || !this.entries.includes(entry)) return;
    const controller = new AbortController();
    entry.resolving = controller;
    try {
      const project = await this.options.resolve(entry.discovered, controller.signal);
      const before = projectOf(entry.resolution);
      const same = entry.resolution.kind === 'resolved' && isDeepStrictEqual(before, project);
      if (!same) entry.resolution = { kind: 'resolved', project };
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error =
        thrown instanceof UserError ? thrown : new UserError('failed', messageOf(thrown), { cause: thrown });
      entry.resolution = { kind: 'broken', error, lastGood: projectOf(entry.resolution) };
    } finally {
      entry.resolving = undefined;
    }
    this.entriesChanged();
  }

  /**
   * Takes in that there are other entries, or that more is known of them.
   * @param moved the contexts that lead elsewhere than before.
   */
  private entriesChanged(moved: readonly (string | undefined)[] = []): void {
    this.known = withConflicts(this.entries.map(({ discovered, resolution }) => ({ ...discovered, resolution })));
    const { trusted, wholeEngine } = this.scope;
    const contexts = [
      ...this.entries.map((entry) => entry.discovered.definition.context),
      ...(wholeEngine ? [undefined] : []),
    ];
    this.feeds.use(new Set(trusted ? contexts : []), moved);
    this.update(moved.length > 0);
  }

  /** Builds the snapshots anew; those of which nothing changed stay the same objects. */
  private update(engineStateChanged = false): void {
    if (this.disposed) return;
    const before = this.snapshots;
    const previous = new Map([...before, ...this.foreign].map((snapshot) => [snapshot.definition.id, snapshot]));
    const { owned, others } = attribute(this.known, this.feeds.containers);
    const shown = this.known.map((one) => {
      const containers = owned.get(one) ?? [];
      const old = previous.get(one.definition.id);
      const real = (folder: string) => this.folders.of(folder, one.definition.workspaceFolder);
      const definition = asBefore(old?.definition, asItRuns(one, containers, real));
      return buildSnapshot(definition, one.resolution, containers, this.isConnected(definition.context), old);
    });
    const running = this.running(others, previous);
    const after = this.scope.workspaceFolders.flatMap((folder) =>
      [...shown, ...running].filter(({ definition }) => definition.workspaceFolder === folder),
    );
    const foreign = running.filter(({ definition }) => definition.workspaceFolder === '');
    const same = sameList(after, before) && sameList(foreign, this.foreign);
    if (!sameList(after, before)) this.snapshots = after;
    if (!sameList(foreign, this.foreign)) this.foreign = foreign;
    if (!same || engineStateChanged || after.length === 0) this.emitter.fire(before);
  }

  private isConnected(context: string | undefined): boolean {
    return this.engineState(context).kind === 'connected';
  }

  /** The projects that only their containers tell of, by their names. */
  private running(
    containers: ReadonlyMap<OnEngine, readonly Container[]>,
    previous: ReadonlyMap<string, EnvironmentSnapshot>,
  ): readonly EnvironmentSnapshot[] {
    return [...containers].flatMap(([engine, all]) =>
      [...new Set(all.map(({ project }) => project))].sort().map((project) => {
        const own = all.filter((container) => container.project === project);
        const running = runningDefinition(project, engine, own, this.scope.workspaceFolders);
        const old = previous.get(running.id);
        const definition = asBefore(old?.definition, running);
        const resolution = old?.resolution.kind === 'containers-only' ? old.resolution : CONTAINERS_ONLY;
        return buildSnapshot(definition, resolution, own, this.isConnected(engine.context), old);
      }),
    );
  }
}

const CONTAINERS_ONLY: Resolution = { kind: 'containers-only' };

/** The contexts that environments are on, and the current one. */
function contextsOf(found: readonly DiscoveredEnvironment[]): readonly (string | undefined)[] {
  return [undefined, ...found.map(({ definition }) => definition.context)];
}
