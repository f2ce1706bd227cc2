import path from 'node:path';
import { sameList } from '../common/lists';
import { purposeIn, purposeOfName } from '../model/environment';
import type { Candidate } from './candidate';
import { type ComposeFile, referencesOf } from './composeFile';

/** The order in which Compose looks for a base file. Source: compose-go, `cli/options.go` (DefaultFileNames). */
const BASE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
/** Variants that are no environments: Compose's own override file, and copies that nobody runs. */
const NO_ENVIRONMENT = /^(?:.*[._-])?(?:override|example|sample|template|tmpl|dist|bak|backup|orig|old)$/;

/** What is known already when the names of files are asked. */
export interface KnownChains {
  /** The candidates of stronger origins. */
  readonly stronger: readonly Candidate[];
  /** Absolute paths of files that others take in by `include` or `extends`. */
  readonly takenIn: ReadonlySet<string>;
  /** Those of all folders: a base file may only be laid over that of a folder above. */
  readonly composeFiles: readonly ComposeFile[];
}

/** The files that Compose takes when it is run in a folder and not told any; empty when there are none. */
export function defaultFiles(files: readonly ComposeFile[]): readonly ComposeFile[] {
  const base = preferred(files.filter((file) => file.variant === undefined));
  const override = base && preferred(files.filter((file) => file.variant === 'override'));
  return [...(base ? [base] : []), ...(override ? [override] : [])];
}

/**
 * The environments that the names of the compose files in one folder tell, where nothing stronger does:
 * - the files that the head of one says it is run with;
 * - a base file alone, with its override file, as Compose itself would take them;
 * - a base file with each overlay `<base>.<environment>.yaml`, and with its override file where the overlay needs that;
 * - each `<name>.<environment>.yaml` by itself where there is no base file, or that says all that the base says, anew, or where
 *   commands run several beside it by themselves;
 * - where there is no base file, and one other says what it leaves out, it is laid over that.
 *
 * A file that a stronger origin has in its place is not used in another way.
 */
export function inferEnvironments(
  files: readonly ComposeFile[],
  { stronger, takenIn, composeFiles }: KnownChains,
): readonly Candidate[] {
  const base = preferred(files.filter((file) => file.variant === undefined));
  // In the midst of others, one that is called like an environment is also one without them.
  const isUsed = ({ path: file, variant = '' }: ComposeFile) =>
    stronger.some(
      ({ files: used }) => used.at(-1) === file || (used.includes(file) && purposeIn(variant) === undefined),
    );
  const variants = oneOfEach(files.filter((file) => file.variant && !NO_ENVIRONMENT.test(file.variant)));
  const candidates = variants.flatMap((file): readonly Candidate[] => {
    if (isUsed(file) || takenIn.has(file.path)) return [];
    const told = toldOf(file, files);
    if (told) return [candidate(told, file.variant)];
    if (base && !standsAlone(file, base) && !(file.isComplete && areRunAlone(variants, base, stronger)))
      return [candidate([...beneath(file, defaultFiles(files)), file], file.variant)];
    const under = isHalf(file) ? variants.filter((other) => isComplemented(file, other)) : [];
    if (under[0] && under.length === 1) return [candidate([under[0], file], file.variant)];
    return isOverlay(file) ? [] : [candidate([file], file.variant)];
  });
  if (
    !base ||
    isPart(base, composeFiles) ||
    isBaseSpoken(base, defaultFiles(files), stronger) ||
    takenIn.has(base.path)
  )
    return candidates;
  return [...candidates, { ...candidate(defaultFiles(files), undefined), isDefault: true, isLeftToCompose: true }];
}

/** The files beside a file that its head says it is run with; undefined where one is not there, or Compose would refuse them. */
function toldOf({ toldFiles = [] }: ComposeFile, files: readonly ComposeFile[]): readonly ComposeFile[] | undefined {
  const found = toldFiles.flatMap((told) => files.find((one) => one.path === told) ?? []);
  return found.length > 0 && found.length === toldFiles.length && saysWhatRuns(found) ? found : undefined;
}

/** Whether a file is only a part of something: Compose would refuse it by itself. */
export function isHalf({ services, isComplete, takesIn }: ComposeFile): boolean {
  return services.length > 0 && !isComplete && !takesIn;
}

/**
 * What an overlay is laid over: the base file, and its override file only where the base has not all that it needs. Without
 * that, Compose would refuse it.
 */
function beneath(overlay: ComposeFile, defaults: readonly ComposeFile[]): readonly ComposeFile[] {
  const base = defaults.slice(0, 1);
  return !saysWhatRuns([...base, overlay]) && saysWhatRuns([...defaults, overlay]) ? defaults : base;
}

/** Whether each service says in one of the files what it runs, as far as their texts show. */
export function saysWhatRuns(files: readonly ComposeFile[]): boolean {
  const complete = new Set(files.flatMap((file) => file.completeServices));
  return files.every((file) => file.takesIn || file.services.every((service) => complete.has(service)));
}

/** The base files in the folders above a folder. @param folder absolute path. */
function basesAbove(folder: string, files: readonly ComposeFile[]): readonly ComposeFile[] {
  return files.filter(({ path: file, variant }) => {
    const other = path.dirname(file);
    return variant === undefined && other !== folder && folder.startsWith(path.join(other, path.sep));
  });
}

/** Whether a base file says of no service what it runs, and there is another one in a folder above: it is laid over that. */
export function isPart(base: ComposeFile, files: readonly ComposeFile[]): boolean {
  return isNothingByItself(base) && basesAbove(path.dirname(base.path), files).length > 0;
}

/** Whether a base file in a folder above says of all services what they run of which some files do not: they may be laid over that. */
export function areCompletedAbove(own: readonly ComposeFile[], files: readonly ComposeFile[]): boolean {
  const above = basesAbove(path.dirname(own[0]?.path ?? ''), files);
  return !saysWhatRuns(own) && above.some((base) => saysWhatRuns([...own, { ...base, services: [] }]));
}

/** Whether a file says of no service what it runs: there is nothing to bring up. */
export function isNothingByItself(file: ComposeFile): boolean {
  return isHalf(file) && file.completeServices.length === 0;
}

/** Whether a whole file says what each service of a half one runs, in the place of a base file. */
function isComplemented(half: ComposeFile, other: ComposeFile): boolean {
  return other !== half && other.isComplete && saysWhatRuns([other, half]);
}

/** Whether a file says of most services not what they run: it is laid over others. One that is being written is not most. */
function isOverlay(file: ComposeFile): boolean {
  return isHalf(file) && file.completeServices.length * 2 < file.services.length;
}

function candidate(files: readonly ComposeFile[], name: string | undefined): Candidate {
  const paths = files.map((file) => file.path);
  return {
    origin: 'inferred',
    name,
    files: paths,
    envFiles: [],
    profiles: [],
    projectDirectory: path.dirname(paths[0] ?? ''),
    isDefault: false,
    evidence: [],
    commands: [],
  };
}

/** Whether it is known already what a base file is for: it is run alone, or only a part that could not be run alone. */
function isBaseSpoken(base: ComposeFile, alone: readonly ComposeFile[], stronger: readonly Candidate[]): boolean {
  const using = stronger.filter((one) => one.files.includes(base.path));
  if (using.some((one) => one.files.every((file) => alone.some(({ path: own }) => own === file)))) return true;
  if (using.length === 0) return false;
  // It is only laid over others.
  if (using.every((one) => one.files[0] !== base.path)) return true;
  const purposes = using.map(({ name, purpose }) => purpose ?? purposeOfName(name ?? ''));
  return !base.isComplete || purposes.includes('production') || isAlwaysUnderSame(using);
}

/** Whether several ways of running a base file all lay one file over it: then it is not run without that. */
function isAlwaysUnderSame(using: readonly Candidate[]): boolean {
  const [first, ...others] = using.map(({ files }) => files);
  if (!first || others.every((files) => sameList(files, first))) return false;
  return first.slice(1).some((file) => others.every((files) => files.includes(file)));
}

/**
 * Whether a file beside a base file is a whole one, and no overlay: each of its services says what it runs, and it either
 * has all the services of the base again, or belongs to another base (`compose.dev.yaml` beside `docker-compose.yml`), or
 * says what no overlay needs to, or names a project of its own and nothing that it has not, nor a service of
 * the base as a host.
 */
function standsAlone(file: ComposeFile, base: ComposeFile): boolean {
  const coversBase = base.services.length > 0 && base.services.every((service) => file.services.includes(service));
  const asks = base.services.some((service) => file.hosts.has(service) && !file.services.includes(service));
  const isOfItself = file.projectName !== undefined && file.projectName !== base.projectName && !file.lacks && !asks;
  return file.isComplete && (coversBase || file.stem !== base.stem || repeats(file, base) || isOfItself);
}

/** Whether a file takes services from the base by `extends`, or says the image of one that the base says already. */
function repeats(file: ComposeFile, base: ComposeFile): boolean {
  const isSaidAgain = ([service, image]: readonly [string, string]) => base.images.get(service) === image;
  const taken = referencesOf(file, path.dirname(file.path));
  return taken.some((one) => one.path === base.path) || [...file.images].some(isSaidAgain);
}

/** Whether commands run several of the variants beside a base file, each without that. */
function areRunAlone(variants: readonly ComposeFile[], base: ComposeFile, stronger: readonly Candidate[]): boolean {
  const run = variants.map(({ path: file }) => stronger.filter(({ files }) => files.includes(file)));
  const isWithBase = ({ files }: Candidate) => files.includes(base.path);
  return run.filter((using) => using.length > 0).length > 1 && !run.flat().some(isWithBase);
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

/** Of several files that differ in `docker-`, `.yml` and `.yaml` only, the one Compose would prefer. */
function oneOfEach(files: readonly ComposeFile[]): ComposeFile[] {
  const seen = new Set<string>();
  const nameOf = (file: ComposeFile) =>
    path
      .parse(file.path)
      .name.toLowerCase()
      .replace(/^docker-/, '');
  return [...files]
    .sort((a, b) => a.path.localeCompare(b.path))
    .filter((file) => !seen.has(nameOf(file)) && seen.add(nameOf(file)));
}
