import * as l10n from '@vscode/l10n';
import type { Place, UserError } from '../common/errors';
import { REQUIRED_VARIABLE } from '../compose/configurationError';
import { usesIn } from '../compose/variableUses';
import type { CheckedEnvironment } from './check';
import { firstFew } from './services';

/** Variables without whose values Compose does not accept the files. */
interface Needed {
  readonly names: readonly string[];
  readonly message: string;
  readonly places: readonly Place[];
}

/** Which variables an environment can't go without; undefined when Compose does not refuse its files for that. */
export function neededVariables(environment: CheckedEnvironment): Needed | undefined {
  const { error } = environment;
  if (!error) return undefined;
  const [, named] = REQUIRED_VARIABLE.exec(error.message) ?? [];
  if (named !== undefined) return requiredOf(named, error);
  const key = LEFT_EMPTY.find(([words]) => words.test(error.message))?.[1];
  const uses = key === undefined ? [] : usesWithoutValue(environment, key, SERVICE.exec(error.message)?.[1]);
  const names = [...new Set(uses.map(({ name }) => name))];
  if (names.length === 0) return undefined;
  const message = l10n.t('Without a value for {0}, Compose refuses the files: {1}', names.join(', '), error.message);
  return { names, message, places: uses.map(({ place }) => place).slice(0, 1) };
}

/** @param named the one that Compose names, of which the texts may not tell. */
function requiredOf(named: string, { details: { place, requiredVariables = [] } }: UserError): Needed {
  const isTold = requiredVariables.some(({ name }) => name === named);
  const names = isTold ? requiredVariables.map(({ name }) => name) : [named];
  const first = isTold ? requiredVariables[0]?.place : place;
  const message =
    names.length === 1
      ? l10n.t('The variable {0} is not set, and Compose refuses to go on without it.', named)
      : l10n.t(
          '{0} variables are not set, and Compose refuses to go on without them: {1}.',
          names.length,
          firstFew(names),
        );
  return { names, message, places: first ? [first] : [] };
}

/**
 * What Compose says where variables without a value leave something empty that can't be, and the key under which that is. It names neither
 * file nor variable. Measured: `${A}:${A}` of ports, `${A}:${B}:ro` of volumes, `${A}` of an image.
 */
const LEFT_EMPTY: readonly (readonly [RegExp, string])[] = [
  [/no port specified|invalid (?:containerPort|hostPort):\s*$/i, 'ports'],
  [/empty section between colons/i, 'volumes'],
  [/neither an image nor a build context/i, 'image'],
];

/** How Compose names the service, where it does. */
const SERVICE = /service "([^"]+)"/;

function usesWithoutValue({ sources, envFiles }: CheckedEnvironment, key: string, service: string | undefined) {
  return sources.flatMap((source) =>
    source
      .scalars()
      .filter(({ keys }) => keys.includes(key) && (service === undefined || keys.includes(service)))
      .flatMap(({ node }) => usesIn(source.text, source.range(node)))
      .filter(({ name, operator }) => operator === '' && !envFiles.some((one) => one.variable(name)?.written))
      .map(({ name, range }) => ({ name, place: source.place(range) })),
  );
}
