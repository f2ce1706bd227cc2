import fs from 'node:fs/promises';
import type { Check, CheckedEnvironment, CheckFacts, GitState, PathKind } from '../checks/check';
import { UserError } from '../common/errors';
import { Limiter } from '../common/limiter';
import { isOnOtherMachine } from '../common/paths';
import { realPath } from '../common/realPath';
import { composeVersion } from '../compose/compose';
import { ComposeSource } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import { envFilesOf } from '../compose/envFiles';
import { changesTakenIn, resolveTexts } from '../compose/resolveTexts';
import type { EnvironmentStore } from '../environmentStore';
import { type EnvironmentSnapshot, projectOf, type Resolution, warningsOf } from '../model/snapshot';
import { gitStates } from './gitStates';

/** How many `docker compose config` run at once: each takes a processor for a tenth of a second. */
const PARALLEL_RESOLUTIONS = 2;

/** Texts that files are to be taken to have, by absolute path: those of editors, or with a fix in them. */
export type Texts = ReadonlyMap<string, string>;

/** Collects what checks go by. What did not change since the last time is not read into anything anew. */
export class FactsReader {
  private sources = new Map<string, readonly ComposeSource[]>();
  private envFiles = new Map<string, EnvFileSource>();
  /** What Compose has said last of an environment with other texts. */
  private readonly edited = new Map<
    string,
    Readonly<Record<'saved' | 'resolution', Resolution>> & { readonly key: string }
  >();
  private readonly limiter = new Limiter(PARALLEL_RESOLUTIONS);
  private version: Promise<string | undefined> | undefined;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly checks: readonly Check[],
  ) {}

  /**
   * What is so now. In a workspace that is not trusted, nothing is run for it.
   * @param environments those that are checked, beside each other.
   * @param texts what stands in editors: Compose is asked about the environments that have one of these files.
   * @throws the signal's reason when aborted.
   */
  async read(environments: readonly EnvironmentSnapshot[], texts: Texts, signal?: AbortSignal): Promise<CheckFacts> {
    const reading = new Reading(this.sources, this.envFiles, texts);
    const isTrusted = this.store.isTrusted;
    const checked = await Promise.all(
      environments.map((environment) => this.environment(environment, reading, isTrusted, signal)),
    );
    signal?.throwIfAborted();
    const envFiles = (await Promise.all(this.store.envFiles.map((file) => reading.envFile(file)))).flat();
    const near = [...checked.map(({ definition }) => definition.workspaceFolder), ...this.store.envFiles];
    const askedFor = (which: 'paths' | 'realPaths') => {
      const asked = this.checks.flatMap((check) => [...(check[which]?.({ environments: checked, envFiles }) ?? [])]);
      return new Set(asked.filter((one) => near.some((folder) => !isOnOtherMachine(one, folder))));
    };
    const paths = askedFor('paths');
    const [kinds, real, git] = await Promise.all([
      kindsOf(paths),
      realPathsOf(askedFor('realPaths')),
      isTrusted ? gitStates(paths, signal, texts) : new Map<string, GitState>(),
    ]);
    const version = isTrusted ? await this.knownVersion() : undefined;
    signal?.throwIfAborted();
    // What is no longer read is forgotten.
    this.sources = reading.readSources;
    this.envFiles = reading.readEnvFiles;
    const facts = {
      environments: checked,
      problems: this.store.problems,
      givenBy: (folder: string, variable: string) => this.store.givenBy(folder, variable),
      envFiles,
      pathKind: (one: string) => kinds.get(one),
      realPath: (one: string) => real.get(one) ?? one,
      git: (one: string) => git.get(one),
      composeVersion: version,
    };
    const others = await reading.others(this.checks.flatMap(({ texts }) => [...(texts?.(facts) ?? [])]));
    const ofFiles = (file: string) =>
      (reading.readSources.get(file)?.[0] ?? reading.readEnvFiles.get(file))?.text ?? others.get(file);
    const places = placesTold(facts);
    const [saved, told] = await Promise.all([
      reading.saved(places.filter((file) => ofFiles(file) === undefined)),
      reading.others(places),
    ]);
    return { ...facts, told, textOf: (file) => ofFiles(file) ?? saved.get(file) };
  }

  /** Asked once, for whoever looks; and again after it could not be told. */
  private knownVersion(): Promise<string | undefined> {
    this.version ??= composeVersion().catch(() => {
      this.version = undefined;
      return undefined;
    });
    return this.version;
  }

  private async environment(
    environment: EnvironmentSnapshot,
    reading: Reading,
    isTrusted: boolean,
    signal: AbortSignal | undefined,
  ): Promise<CheckedEnvironment> {
    const { definition } = environment;
    const discovered = this.store.discovered(definition.id);
    const dependsOn = [...(discovered?.dependsOn ?? [])];
    const isYaml = (file: string) => /\.ya?ml$/i.test(file);
    const takenIn = dependsOn.filter((file) => isYaml(file) && !definition.files.includes(file));
    const readFrom = envFilesOf(definition, reading.texts);
    const [sources, others, envFiles] = await Promise.all([
      Promise.all(definition.files.map((file) => reading.source(file))),
      Promise.all(takenIn.map((file) => reading.source(file))),
      Promise.all(readFrom.map((file) => reading.envFile(file))),
    ]);
    // To be asked of what others take in, Compose is given copies of all that it reads: that has to be known.
    const isAsSaved = discovered?.readsMore === true && changesTakenIn(definition, reading.texts, dependsOn);
    const now =
      isTrusted && !isAsSaved ? await this.asEdited(environment, reading.texts, dependsOn, signal) : environment;
    const { resolution } = now;
    return {
      definition,
      ...(isAsSaved ? { isAsSaved } : {}),
      isOnCiOnly: discovered?.isOnCiOnly ?? false,
      project: projectOf(resolution),
      error: resolution.kind === 'broken' ? resolution.error : undefined,
      warnings: warningsOf(now),
      sources: sources.flat(),
      takenIn: others.flat(),
      named: dependsOn.filter((file) => !isYaml(file)),
      envFiles: envFiles.flat(),
    };
  }

  /** An environment with what Compose says of the texts that its files are to be taken to have. */
  private async asEdited(
    environment: EnvironmentSnapshot,
    texts: Texts,
    dependsOn: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<EnvironmentSnapshot> {
    const { definition } = environment;
    const own = new Set([...definition.files, ...envFilesOf(definition, texts), ...dependsOn]);
    const changed = [...own].filter((file) => texts.has(file));
    if (changed.length === 0) return environment;
    const key = JSON.stringify(changed.map((file) => [file, texts.get(file)]));
    const known = this.edited.get(definition.id);
    const resolution =
      known?.key === key && known.saved === environment.resolution
        ? known.resolution
        : await this.limiter.run(() => resolutionOf(environment, texts, dependsOn, signal));
    this.edited.set(definition.id, { key, saved: environment.resolution, resolution });
    return { ...environment, resolution };
  }
}

async function resolutionOf(
  { definition, resolution }: EnvironmentSnapshot,
  texts: Texts,
  dependsOn: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Resolution> {
  try {
    return { kind: 'resolved', project: await resolveTexts(definition, texts, { dependsOn, signal }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'broken', error, lastGood: projectOf(resolution) };
  }
}

/** One look at the files. */
class Reading {
  readonly readSources = new Map<string, readonly ComposeSource[]>();
  readonly readEnvFiles = new Map<string, EnvFileSource>();
  private readonly found = new Map<string, Promise<string | undefined>>();
  private readonly reading = new Map<string, Promise<readonly ComposeSource[]>>();

  constructor(
    private readonly knownSources: ReadonlyMap<string, readonly ComposeSource[]>,
    private readonly knownEnvFiles: ReadonlyMap<string, EnvFileSource>,
    readonly texts: Texts,
  ) {}

  /** The documents of a compose file, read once for all environments that have it; nothing where it can't be read. */
  source(file: string): Promise<readonly ComposeSource[]> {
    const known = this.reading.get(file) ?? this.readSource(file);
    this.reading.set(file, known);
    return known;
  }

  /** An env file; nothing where it can't be read. */
  async envFile(file: string): Promise<readonly EnvFileSource[]> {
    const text = await this.text(file);
    if (text === undefined) return [];
    const known = this.readEnvFiles.get(file) ?? this.knownEnvFiles.get(file);
    const source = known?.text === text ? known : new EnvFileSource(file, text);
    this.readEnvFiles.set(file, source);
    return [source];
  }

  private async readSource(file: string): Promise<readonly ComposeSource[]> {
    const text = await this.text(file);
    if (text === undefined) return [];
    const known = this.knownSources.get(file);
    const sources = known?.[0]?.text === text ? known : await ComposeSource.read(file, text);
    this.readSources.set(file, sources);
    return sources;
  }

  /** The texts of other files; those that can't be read have none. */
  others(files: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    return readAll(files, (file) => this.text(file));
  }

  /** The same as they are saved, whatever stands in editors. */
  saved(files: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    return readAll(files, (file) => this.onDisk(file));
  }

  private text(file: string): Promise<string | undefined> {
    const text = this.texts.get(file);
    return text === undefined ? this.onDisk(file) : Promise.resolve(text);
  }

  private onDisk(file: string): Promise<string | undefined> {
    const known = this.found.get(file) ?? fs.readFile(file, 'utf8').catch(() => undefined);
    this.found.set(file, known);
    return known;
  }
}

/**
 * The files in which discovery and Compose have found something: also makefiles, scripts and whatever else has commands, where comments leave
 * findings out as well. Their lines are those of the texts that are saved.
 */
function placesTold({ environments, problems }: Pick<CheckFacts, 'environments' | 'problems'>): readonly string[] {
  const places = [
    ...[...problems, ...environments.flatMap(({ warnings }) => warnings)].map(({ place }) => place),
    ...environments.map(({ error }) => error?.details.place),
  ];
  return places.flatMap((place) => place?.file ?? []);
}

async function readAll(
  files: Iterable<string>,
  read: (file: string) => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all([...new Set(files)].map(async (file) => [file, await read(file)] as const));
  return new Map(texts.flatMap(([file, text]) => (text === undefined ? [] : [[file, text]])));
}

async function kindsOf(paths: ReadonlySet<string>): Promise<ReadonlyMap<string, PathKind>> {
  const kinds = await Promise.all([...paths].map(async (one) => [one, await kindOf(one)] as const));
  return new Map(kinds.flatMap(([one, kind]) => (kind === undefined ? [] : [[one, kind]])));
}

async function realPathsOf(paths: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all([...paths].map(async (one) => [one, await realPath(one)] as const)));
}

/** Undefined when nobody may know. */
async function kindOf(one: string): Promise<PathKind | undefined> {
  try {
    const stat = await fs.stat(one);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'missing' : undefined;
  }
}
