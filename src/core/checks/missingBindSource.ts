import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { exampleNames } from '../common/exampleFile';
import { relativePath, shownPath } from '../common/paths';
import type { Finding, Fix, Severity } from '../model/finding';
import { bindsOf, type CheckedBind, fileGrants, isFileName, nearness } from './binds';
import { type Check, type CheckedEnvironment, type CheckFacts, findingOf } from './check';
import { placesOfMount } from './mounts';
import { isProduction, quoted } from './services';

/** Folders that builds and package managers make. */
const MADE_BY_BUILDS =
  /(?:^|\/)(?:\.cache|\.gradle|\.m2|\.next|\.nuxt|\.output|\.venv|__pycache__|_?build|coverage|dist|node_modules|out|static|target|vendor|venv)(?:\/|$)/;

/**
 * Mounted paths that are not there. Docker makes a folder in their place, which belongs to root, also where a file is meant; or it refuses,
 * where it was told so. Left out are folders that git ignores or builds make, data folders of stores (`up` makes them), sockets, and what
 * is a matter of the whole machine.
 */
export const missingBindSource: Check = {
  codes: ['missing-bind-source'],
  *paths({ environments }) {
    for (const environment of environments) {
      for (const { source } of relevant(environment)) {
        yield source;
        yield within(source);
        if (isFileName(source)) yield* exampleNames(source);
      }
    }
  },
  *find(facts) {
    for (const environment of facts.environments) {
      const missing = relevant(environment).filter(({ source }) => facts.pathKind(source) === 'missing');
      const folders: CheckedBind[] = [];
      for (const binds of bySource(missing)) {
        const [bind] = binds;
        const severity = severityOf(bind, environment);
        if (severity) yield found(binds, environment, facts, severity);
        else if (isMadeByDocker(bind, environment, facts)) folders.push(bind);
      }
      if (folders.length > 0) yield madeByDocker(folders, environment);
    }
  },
};

type Binds = readonly [CheckedBind, ...CheckedBind[]];

/** What several services have mounted in the same way is missing once. */
function bySource(binds: readonly CheckedBind[]): Iterable<Binds> {
  const groups = new Map<string, [CheckedBind, ...CheckedBind[]]>();
  for (const bind of binds) {
    const key = JSON.stringify([bind.source, bind.mustExist, isForFile(bind), bind.isReadOnly]);
    const known = groups.get(key);
    if (known) known.push(bind);
    else groups.set(key, [bind]);
  }
  return groups.values();
}

/** A path in a folder: whether git ignores that tells whether it ignores the folder, also where this is not there. */
function within(folder: string): string {
  return path.join(folder, 'x');
}

function relevant(environment: CheckedEnvironment): readonly CheckedBind[] {
  const isRelevant = ({ source, keepsData, mustExist }: CheckedBind) =>
    source !== '' && (!keepsData || mustExist) && !source.endsWith('.sock') && nearness(source, environment) !== 'far';
  return [...bindsOf(environment), ...fileGrants(environment)].filter(isRelevant);
}

function isForFile({ source, target }: CheckedBind): boolean {
  return isFileName(source) || isFileName(target);
}

/** Production mostly has its files elsewhere. Undefined of folders that services write to: Docker makes them, and they are used. */
function severityOf(bind: CheckedBind, environment: CheckedEnvironment): Severity | undefined {
  if (bind.mustExist) return 'warning';
  const isNear = nearness(bind.source, environment) === 'near';
  if (isForFile(bind)) return isProduction(environment) || isNear ? 'info' : 'warning';
  return bind.isReadOnly && !isNear && !isMadeByBuild(bind, environment) ? 'info' : undefined;
}

function isMadeByBuild({ source }: CheckedBind, { definition }: CheckedEnvironment): boolean {
  return MADE_BY_BUILDS.test(relativePath(definition.workspaceFolder, source));
}

/** Whether nobody but Docker makes a folder of the workspace. */
function isMadeByDocker(bind: CheckedBind, environment: CheckedEnvironment, { git }: CheckFacts): boolean {
  if (isProduction(environment) || nearness(bind.source, environment) !== 'inside') return false;
  return !git(within(bind.source))?.isIgnored && !isMadeByBuild(bind, environment);
}

/** One finding for all that an environment would have made: it is hardly any trouble. */
function madeByDocker(folders: readonly CheckedBind[], environment: CheckedEnvironment): Finding {
  const names = new Set(folders.map(({ source }) => shownPath(environment.definition.workspaceFolder, source)));
  return findingOf('missing-bind-source', [environment], {
    severity: 'info',
    message: l10n.t(
      'These are mounted and not there, so that Docker makes them as folders of root: {0}.',
      quoted([...names]),
    ),
    remedy: l10n.t('Make the folders before, so that they are yours, or correct their paths.'),
    places: folders.flatMap((bind) => placesOfMount(environment, bind)),
  });
}

function found(binds: Binds, environment: CheckedEnvironment, facts: CheckFacts, severity: Severity): Finding {
  const [bind] = binds;
  const { source, mustExist } = bind;
  const name = shownPath(environment.definition.workspaceFolder, source);
  const services = [...new Set(binds.map(({ service }) => service))];
  const example = isForFile(bind) ? exampleNames(source).find((one) => facts.pathKind(one) === 'file') : undefined;
  return findingOf('missing-bind-source', [environment], {
    severity,
    message: mustExist
      ? l10n.t("{0} is not there, so that these can't be started: {1}.", name, quoted(services))
      : isForFile(bind)
        ? l10n.t('{0} is not there, so that Docker makes a folder in its place for: {1}.', name, quoted(services))
        : l10n.t('{0} is not there, so that these read an empty folder: {1}.', name, quoted(services)),
    remedy: example
      ? l10n.t('Copy {0} to it, and fill that in.', path.basename(example))
      : l10n.t('Make it, or correct its path.'),
    ...(services.length === 1 ? { service: bind.service } : {}),
    places: placesOfMount(environment, bind),
    fixes: example ? [copyOf(source, example)] : [],
  });
}

function copyOf(file: string, example: string): Fix {
  const title = l10n.t('Copy {0} to {1}', path.basename(example), path.basename(file));
  return { kind: 'copy-example', title, missing: { file, example } };
}
