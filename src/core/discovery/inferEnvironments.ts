import path from 'node:path';
import { type EnvironmentDefinition, type Purpose, purposeOfName } from '../model/environment';
import { normalisedProjectName } from '../model/project';
import type { ComposeFile } from './composeFile';

/** A folder with compose files, as discovery read it. */
export interface ComposeFolder {
  /** Absolute path. */
  readonly path: string;
  readonly files: readonly ComposeFile[];
  /** `COMPOSE_PROJECT_NAME`, as Compose finds it: in the process's environment variables, else in the `.env` file there. */
  readonly projectName?: string;
  /** `COMPOSE_PROFILES`, likewise. */
  readonly profiles: readonly string[];
}

/** The order in which Compose looks for a base file. Source: compose-go, `cli/options.go` (DefaultFileNames). */
const BASE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
/** Variants that are no environments: Compose's own override file, and copies that nobody runs. */
const NO_ENVIRONMENT = /^(?:.*[._-])?(?:override|example|sample|template|tmpl|dist|bak|backup|orig|old)$/;
const PURPOSES: readonly Purpose[] = ['development', 'test', 'ci', 'production', 'other'];

/**
 * The environments that the names of a workspace folder's compose files tell. In each folder with compose files:
 * - a base file alone, with its override file, as Compose itself would take them;
 * - a base file with each overlay `<base>.<environment>.yaml`;
 * - each `<name>.<environment>.yaml` by itself where there is no base file, or that says all that the base says, anew.
 *
 * Each gets a project of its own, so that they can run side by side: the development environment keeps the name that
 * Compose gives by itself, so that what people already run is found; another one gets `<that name>-<environment>`, unless a
 * file of its own names it.
 */
export function inferEnvironments(
  workspaceFolder: string,
  folders: readonly ComposeFolder[],
): readonly EnvironmentDefinition[] {
  return folders.flatMap((folder) => inferInFolder(workspaceFolder, folder, folders.length > 1));
}

/** An environment in the making. */
interface Candidate {
  readonly name: string;
  readonly files: readonly ComposeFile[];
  /** `name:` in a file that no other environment of the folder has. */
  readonly ownProjectName: string | undefined;
}

/** @param isOneOfSeveral whether other folders have environments too, so that names need the folder's in front. */
function inferInFolder(
  workspaceFolder: string,
  folder: ComposeFolder,
  isOneOfSeveral: boolean,
): EnvironmentDefinition[] {
  const base = preferred(folder.files.filter((file) => file.variant === undefined));
  const candidates = candidatesIn(folder, base);
  const keeper = candidates.find(({ name }) => purposeOfName(name) === 'development') ?? candidates[0];
  const defaultProject = folder.projectName ?? plainText(base?.projectName) ?? normalisedProjectName(folder.path);
  const relative = path.relative(workspaceFolder, folder.path).replaceAll(path.sep, '/');
  return candidates.map((candidate) => ({
    id: `${workspaceFolder}#${relative}#${candidate.name}`,
    name: isOneOfSeveral && relative ? `${relative}/${candidate.name}` : candidate.name,
    workspaceFolder,
    projectDirectory: folder.path,
    files: candidate.files.map((file) => file.path),
    envFiles: [],
    profiles: folder.profiles,
    projectName: candidate === keeper ? undefined : projectNameOf(candidate, defaultProject),
    purpose: purposeOfName(candidate.name),
    origin: 'inferred',
  }));
}

/** The environments of a folder, those for development first. */
function candidatesIn({ files }: ComposeFolder, base: ComposeFile | undefined): readonly Candidate[] {
  const variants = oneOfEach(files.filter((file) => file.variant && !NO_ENVIRONMENT.test(file.variant)));
  const candidates = variants.map(
    (file): Candidate => ({
      name: file.variant ?? '',
      files: base && !standsAlone(file, base) ? [base, file] : [file],
      ownProjectName: file.projectName,
    }),
  );
  if (base) {
    const override = preferred(files.filter((file) => file.variant === 'override'));
    candidates.push({
      name: nameOfBase(candidates.map(({ name }) => name)),
      files: override ? [base, override] : [base],
      ownProjectName: override?.projectName,
    });
  }
  return candidates.sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}

/**
 * Whether a file beside a base file is a whole one, and no overlay: each of its services says what it runs, and it either
 * has all the services of the base again, or belongs to another base (`compose.dev.yaml` beside `docker-compose.yml`).
 */
function standsAlone(file: ComposeFile, base: ComposeFile): boolean {
  const coversBase = base.services.length > 0 && base.services.every((service) => file.services.includes(service));
  return file.isComplete && (coversBase || file.stem !== base.stem);
}

/**
 * The project to give Compose. Given even where a file names it: `COMPOSE_PROJECT_NAME` would win over that, and put
 * several environments into one project. Undefined where only Compose can tell.
 */
function projectNameOf({ name, ownProjectName }: Candidate, defaultProject: string): string | undefined {
  if (ownProjectName !== undefined) return plainText(ownProjectName);
  return `${defaultProject}-${normalisedProjectName(name)}`;
}

function plainText(text: string | undefined): string | undefined {
  return text?.includes('$') ? undefined : text;
}

/** A base file alone is what one develops with, unless an overlay is for that: then it is what the overlays build upon. */
function nameOfBase(taken: readonly string[]): string {
  const purposes = taken.map(purposeOfName);
  const fitting = !purposes.includes('development') ? 'dev' : purposes.includes('production') ? 'base' : 'prod';
  return [fitting, 'base', 'default'].find((name) => !taken.includes(name)) ?? 'plain';
}

function rank(name: string): number {
  return PURPOSES.indexOf(purposeOfName(name));
}

/** Of files that stand for the same thing, the one Compose would take. */
function preferred(files: readonly ComposeFile[]): ComposeFile | undefined {
  const order = (file: ComposeFile) =>
    BASE_NAMES.indexOf(
      path
        .basename(file.path)
        .toLowerCase()
        .replace(/[._-]override(?=\.)/, ''),
    );
  return [...files].sort((a, b) => order(a) - order(b))[0];
}

/** Of several files of the same variant (`.yml` and `.yaml`), the one Compose would prefer. */
function oneOfEach(files: readonly ComposeFile[]): ComposeFile[] {
  const seen = new Set<string | undefined>();
  return [...files]
    .sort((a, b) => a.path.localeCompare(b.path))
    .filter((file) => !seen.has(file.variant) && seen.add(file.variant));
}
