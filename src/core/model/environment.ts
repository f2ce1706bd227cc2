/** What an environment is for. */
export type Purpose = 'development' | 'test' | 'ci' | 'production' | 'other';

/** How Berth knows an environment, strongest first. */
export type Origin = 'declared' | 'observed' | 'inferred' | 'running';

/** One named way to run a project: everything that decides what `docker compose` is told. All paths are absolute. */
export interface EnvironmentDefinition {
  /** Unique among all workspace folders, and the same again after a restart. */
  readonly id: string;
  /** Unique in its workspace folder; what a user types. */
  readonly name: string;
  readonly workspaceFolder: string;
  /** Where relative paths in the compose files start and `.env` is read: the first file's folder, unless said otherwise. */
  readonly projectDirectory: string;
  /** The compose files, in the order in which Compose merges them; at least one. */
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  /** The project name to give Compose; when undefined, Compose finds it (in the files, `.env` or the folder's name). */
  readonly projectName?: string;
  /** The Docker context; when undefined, the one the docker command line would use. */
  readonly context?: string;
  readonly purpose: Purpose;
  readonly origin: Origin;
}

const PURPOSE_OF_NAME: Readonly<Record<string, Purpose>> = {
  dev: 'development',
  devel: 'development',
  development: 'development',
  local: 'development',
  test: 'test',
  tests: 'test',
  testing: 'test',
  e2e: 'test',
  integration: 'test',
  ci: 'ci',
  prod: 'production',
  production: 'production',
  live: 'production',
};

/** The purpose that an environment's name tells: `dev` is development, `prod` production; `other` when it tells none. */
export function purposeOfName(name: string): Purpose {
  return PURPOSE_OF_NAME[name.toLowerCase()] ?? 'other';
}

/**
 * The environments that `name` means: those called so, else those whose purpose it is a word for, so that
 * `development` finds `dev`. Several when it is ambiguous, none when nothing fits.
 */
export function environmentsNamed<T extends Pick<EnvironmentDefinition, 'name' | 'purpose'>>(
  environments: readonly T[],
  name: string,
): readonly T[] {
  const exact = environments.filter((environment) => environment.name === name);
  if (exact.length > 0) return exact;
  const purpose = purposeOfName(name);
  return purpose === 'other' ? [] : environments.filter((environment) => environment.purpose === purpose);
}
