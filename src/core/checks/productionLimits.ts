import * as l10n from '@vscode/l10n';
import { posixQuoted } from '../compose/commandText';
import { addToMap, columnAt } from '../compose/composeEdit';
import { ROTATING_DRIVERS } from '../compose/limits';
import type { FileEdit, Finding, Fix } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { type CheckedService, isProduction, quoted, servicesOf } from './services';
import { lastWritten, ownEntries, placesOf } from './written';

/** Services of production whose logs grow without end, or that may use all of the machine: one finding for each environment. */
export const productionLimits: Check = {
  codes: ['no-log-rotation', 'no-limits'],
  *find({ environments }) {
    for (const environment of environments) {
      if (!isProduction(environment)) continue;
      const lasting = servicesOf(environment).filter(({ resolved }) => !resolved.oneShot);
      yield* withoutRotation(environment, lasting.filter(growsLogs));
      yield* withoutLimits(
        environment,
        lasting.filter(({ resolved }) => resolved.limits?.memory === undefined),
      );
    }
  },
};

/** The engine may rotate logs by itself, which no file tells. Source: Docker's documentation, "Configure logging drivers". */
function growsLogs({ resolved }: CheckedService): boolean {
  const { logDriver, logSize } = resolved.limits ?? {};
  const [driver] = ROTATING_DRIVERS;
  return logSize === undefined && (logDriver === undefined || logDriver === driver);
}

function* withoutRotation(environment: CheckedEnvironment, services: readonly CheckedService[]): Iterable<Finding> {
  const names = services.map(({ name }) => name);
  if (names.length === 0) return;
  yield findingOf('no-log-rotation', [environment], {
    message: l10n.t('Unless the engine is told otherwise, the logs of these grow without end: {0}.', quoted(names)),
    remedy: limitRemedy(environment, names, '--log-size 10m --log-files 3'),
    places: firstPlace(environment, names),
    fixes: rotationOf(environment, names),
  });
}

function* withoutLimits(environment: CheckedEnvironment, services: readonly CheckedService[]): Iterable<Finding> {
  const names = services.map(({ name }) => name);
  if (names.length === 0) return;
  yield findingOf('no-limits', [environment], {
    message: l10n.t('These may use all of the memory that the machine has: {0}.', quoted(names)),
    remedy: limitRemedy(environment, names, '--memory 512M'),
    places: firstPlace(environment, names),
  });
}

/** @param limits the options that limit, as they are typed. */
function limitRemedy(
  { definition }: CheckedEnvironment,
  [first = '', ...others]: readonly string[],
  limits: string,
): string {
  const command = `berth limit ${posixQuoted(definition.name)} ${posixQuoted(first)} ${limits}`;
  return others.length === 0 ? l10n.t('Limit it: {0}', command) : l10n.t('Limit each, as "{0}": {1}', first, command);
}

function firstPlace(environment: CheckedEnvironment, [name = '']: readonly string[]) {
  return placesOf(environment, ['services', name]);
}

/** Rotation for all that can be given it where they stand; where one can't be, the finding would stay. */
function rotationOf(environment: CheckedEnvironment, names: readonly string[]): readonly Fix[] {
  const edits: FileEdit[] = [];
  for (const name of names) {
    const edit = rotation(environment, name);
    if (!edit) return [];
    edits.push(edit);
  }
  return [{ kind: 'edit', title: l10n.t('Keep three files of 10 MB of each log'), edits, isSafe: false }];
}

function rotation(environment: CheckedEnvironment, name: string): FileEdit | undefined {
  const keys = ['services', name];
  const written = lastWritten(environment, keys);
  if (!written || lastWritten(environment, [...keys, 'logging']) || !written.source.isOwn(keys)) return undefined;
  const { source, entry } = written;
  const own = ownEntries(source, keys);
  const [first] = own;
  const indent = ' '.repeat(Math.max(1, (first ? columnAt(source, first.key) : 0) - columnAt(source, entry.key)));
  const options = ['max-size: 10m', 'max-file: "3"'];
  const lines = [
    'logging:',
    `${indent}driver: json-file`,
    `${indent}options:`,
    ...options.map((one) => `${indent}${indent}${one}`),
  ];
  return addToMap(source, own, lines.join('\n'), `logging: { driver: json-file, options: { ${options.join(', ')} } }`);
}
