import * as l10n from '@vscode/l10n';
import type { Disposable } from '../common/disposable';
import { UserError } from '../common/errors';
import { lockReach, takeLock, tryLock } from '../common/lock';
import type { Container, TestRunMark } from '../model/container';
import type { EnvironmentSnapshot } from '../model/snapshot';

/** What is there already in the project of a test run. */
export type Occupation =
  | { readonly kind: 'nothing' }
  /** What a run was told to leave, or has left because it was killed. */
  | { readonly kind: 'kept' | 'left'; readonly mark: TestRunMark }
  /** What somebody brought up by hand, or a run on another machine did. */
  | { readonly kind: 'others' };

/**
 * What the containers of a project are to a test run on this machine that has the lock of the project's runs: no other run on this
 * machine goes on there.
 */
export function occupationOf(containers: readonly Container[], host = lockReach()): Occupation {
  const [first] = containers;
  if (!first) return { kind: 'nothing' };
  const marks = containers.map(({ testRun }) => testRun);
  const [mark] = marks;
  if (!mark || marks.some((one) => one?.host !== host)) return { kind: 'others' };
  return { kind: marks.every((one) => one?.kept) ? 'kept' : 'left', mark };
}

/**
 * The mark of the runs on this machine that made all that an environment has containers of; undefined where they did not.
 */
export function runMarkOf({ services }: EnvironmentSnapshot, host = lockReach()): TestRunMark | undefined {
  const occupation = occupationOf(
    services.flatMap(({ containers }) => containers),
    host,
  );
  return 'mark' in occupation ? occupation.mark : undefined;
}

/** A project that a test run has for itself until that is disposed of. */
export interface RunProject extends Disposable {
  readonly name: string;
  /** Whether it is not the environment's own one, which is in use. */
  readonly isBeside: boolean;
  readonly occupation: Occupation;
}

/** How many runs of one environment go on at once at most. */
const MOST_PROJECTS = 20;

/**
 * Takes a project for a test run: the environment's own, or else, where the compose files allow several, the first free one of
 * `<project>-2`, `<project>-3` …; where they don't, waits until the run that has it is over.
 * @param options what is there, and what may be done about it.
 * @throws UserError (failed) when somebody has brought the environment up, and that is not to be used; the signal's reason when
 *   aborted.
 */
export async function takeRunProject({
  project,
  environment,
  engine,
  program,
  canBeTwice,
  usesOthers,
  containersOf,
  onWait,
  signal,
}: {
  /** The environment's own project. */
  readonly project: string;
  /** The name of the environment, for people. */
  readonly environment: string;
  readonly engine: string;
  /** What runs it, for others that wait: `berth`. */
  readonly program: string;
  readonly canBeTwice: boolean;
  /** Whether what somebody has brought up is to be used. */
  readonly usesOthers: boolean;
  /** The containers of a project now. */
  readonly containersOf: (project: string) => readonly Container[];
  /** Is told who has the project that is waited for. */
  readonly onWait: (holder: string) => void;
  readonly signal: AbortSignal;
}): Promise<RunProject> {
  const names = canBeTwice ? Array.from({ length: MOST_PROJECTS }, (_, index) => nameOf(project, index)) : [project];
  const holder = runHolder(program);
  for (const name of names) {
    const isLast = name === names.at(-1);
    const key = runLockKey(engine, name);
    const lock = isLast ? await takeLock(key, holder, { signal, onWait }) : await tryLock(key, holder);
    if (!lock) continue;
    const occupation = occupationOf(containersOf(name));
    if (occupation.kind !== 'others' || usesOthers) {
      return { name, isBeside: name !== project, occupation, dispose: () => lock.dispose() };
    }
    lock.dispose();
    if (isLast) throw isUp(environment, name);
  }
  throw isUp(environment, project);
}

function nameOf(project: string, index: number): string {
  return index === 0 ? project : `${project}-${index + 1}`;
}

/** Who has the lock of a project's runs, for others that wait. @param program what runs it: `berth`. */
export function runHolder(program: string): string {
  return l10n.t('a test run ({0}, process {1})', program, process.pid);
}

/** What the runs in a project have a lock on. */
export function runLockKey(engine: string, project: string): string {
  return JSON.stringify(['test run', engine, project]);
}

function isUp(environment: string, project: string): UserError {
  return new UserError('failed', l10n.t('"{0}" is up already, in the project {1}.', environment, project), {
    remedy: l10n.t('Use it as it is ("--use-running"), or take it down for a fresh one.'),
    takeDownFirst: environment,
  });
}
