import fs from 'node:fs/promises';
import type { Check, CheckedEnvironment, CheckFacts, GitState, PathKind } from '../checks/check';
import { UserError } from '../common/errors';
import { composeVersion } from '../compose/compose';
import { ComposeSource } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import { envFilesOf } from '../compose/envFiles';
import { resolveTexts } from '../compose/resolveTexts';
import type { EnvironmentStore } from '../environmentStore';
import type { ResolvedProject } from '../model/project';
import { type EnvironmentSnapshot, warningsOf } from '../model/snapshot';
import { gitStates } from './gitStates';

/** What checks go by, with the texts that they read. */
export interface ReadFacts extends CheckFacts {
  /** The text of a file that was checked; undefined of others. */
  readonly textOf: (file: string) => string | undefined;
}

/** Texts that files are to be taken to have, by absolute path: those of editors, or with a fix in them. */
export type Texts = ReadonlyMap<string, string>;

/** Collects what checks go by. What did not change since the last time is not read into anything anew. */
export class FactsReader {
  private sources = new Map<string, ComposeSource>();
  private envFiles = new Map<string, EnvFileSource>();
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
  async read(environments: readonly EnvironmentSnapshot[], texts: Texts, signal?: AbortSignal): Promise<ReadFacts> {
    const reading = new Reading(this.sources, this.envFiles, texts);
    const isTrusted = this.store.isTrusted;
    const checked: CheckedEnvironment[] = [];
    for (const environment of environments) {
      checked.push(await this.environment(environment, reading, isTrusted, signal));
      signal?.throwIfAborted();
    }
    const envFiles = (await Promise.all(this.store.envFiles.map((file) => reading.envFile(file)))).flat();
    const paths = new Set(
      this.checks.flatMap(({ paths }) => [...(paths?.({ environments: checked, envFiles }) ?? [])]),
    );
    const [kinds, git] = await Promise.all([
      kindsOf(paths),
      isTrusted ? gitStates(paths, signal) : new Map<string, GitState>(),
    ]);
    if (isTrusted) this.version ??= composeVersion(signal).catch(() => undefined);
    const version = await this.version;
    signal?.throwIfAborted();
    // What is no longer read is forgotten.
    this.sources = reading.readSources;
    this.envFiles = reading.readEnvFiles;
    return {
      environments: checked,
      problems: this.store.problems,
      envFiles,
      pathKind: (one) => kinds.get(one),
      git: (one) => git.get(one),
      composeVersion: version,
      textOf: (file) => (reading.readSources.get(file) ?? reading.readEnvFiles.get(file))?.text,
    };
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
    const takenIn = dependsOn.filter((file) => /\.ya?ml$/i.test(file) && !definition.files.includes(file));
    const [sources, others, envFiles] = await Promise.all([
      Promise.all(definition.files.map((file) => reading.source(file))),
      Promise.all(takenIn.map((file) => reading.source(file))),
      Promise.all(envFilesOf(definition).map((file) => reading.envFile(file))),
    ]);
    const isEdited = isTrusted && reading.isEdited([...definition.files, ...envFilesOf(definition)]);
    const known = isEdited ? await edited(environment, reading.texts, dependsOn, signal) : ofStore(environment);
    return {
      definition,
      isOnCiOnly: discovered?.isOnCiOnly ?? false,
      ...known,
      warnings: warningsOf(environment)
        .filter((warning) => !isEdited || !isOfCompose(environment, warning))
        .concat(known.project?.warnings && isEdited ? known.project.warnings : []),
      sources: sources.flat(),
      takenIn: others.flat(),
      envFiles: envFiles.flat(),
    };
  }
}

type Known = Pick<CheckedEnvironment, 'project' | 'error'>;

function ofStore({ resolution }: EnvironmentSnapshot): Known {
  if (resolution.kind === 'resolved') return { project: resolution.project };
  return resolution.kind === 'broken' ? { error: resolution.error } : {};
}

/** Whether a warning is what Compose said of the files as they are on the disk. */
function isOfCompose({ resolution }: EnvironmentSnapshot, warning: unknown): boolean {
  return resolution.kind === 'resolved' && (resolution.project.warnings ?? []).some((one) => one === warning);
}

async function edited(
  { definition }: EnvironmentSnapshot,
  texts: Texts,
  dependsOn: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Known> {
  try {
    const project: ResolvedProject = await resolveTexts(definition, texts, { dependsOn, signal });
    return { project };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error };
  }
}

/** One look at the files. */
class Reading {
  readonly readSources = new Map<string, ComposeSource>();
  readonly readEnvFiles = new Map<string, EnvFileSource>();
  private readonly found = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly knownSources: ReadonlyMap<string, ComposeSource>,
    private readonly knownEnvFiles: ReadonlyMap<string, EnvFileSource>,
    readonly texts: Texts,
  ) {}

  isEdited(files: readonly string[]): boolean {
    return files.some((file) => this.texts.has(file));
  }

  /** A compose file; nothing where it can't be read. */
  async source(file: string): Promise<readonly ComposeSource[]> {
    const text = await this.text(file);
    if (text === undefined) return [];
    const known = this.readSources.get(file) ?? this.knownSources.get(file);
    const source = known?.text === text ? known : await ComposeSource.read(file, text);
    this.readSources.set(file, source);
    return [source];
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

  private text(file: string): Promise<string | undefined> {
    const text = this.texts.get(file);
    if (text !== undefined) return Promise.resolve(text);
    const known = this.found.get(file) ?? fs.readFile(file, 'utf8').catch(() => undefined);
    this.found.set(file, known);
    return known;
  }
}

async function kindsOf(paths: ReadonlySet<string>): Promise<ReadonlyMap<string, PathKind>> {
  const kinds = await Promise.all([...paths].map(async (one) => [one, await kindOf(one)] as const));
  return new Map(kinds.flatMap(([one, kind]) => (kind === undefined ? [] : [[one, kind]])));
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
