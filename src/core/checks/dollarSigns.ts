import * as l10n from '@vscode/l10n';
import { record } from '../common/json';
import type { ComposeSource, WrittenScalar } from '../compose/composeSource';
import { usesByName, type WrittenUse } from '../compose/variableUses';
import type { FileEdit, Fix } from '../model/finding';
import type { CheckedEnvironment } from './check';
import { servicesByName } from './services';

/** A variable without a value that may be none of Compose's: a shell in the container is to put it in, or it is a part of a password. */
export interface MeantForContainer {
  /** How it is written then: `$$NAME`. */
  readonly written: string;
  readonly isLikely: boolean;
  readonly fix: Fix;
}

/** A use of a variable without a default, and the text that it is in. */
export type UseInSource = WrittenUse & { readonly source: ComposeSource };

/** Where environments use a variable, and have no default for it. */
export function usesWithoutDefault(variable: string, environments: readonly CheckedEnvironment[]) {
  const sources = new Set(environments.flatMap((one) => one.sources));
  return [...sources].flatMap((source) =>
    (usesByName(source).get(variable) ?? [])
      .filter(({ operator }) => operator === '')
      .map((use): UseInSource => ({ ...use, source })),
  );
}

const COMMANDS: ReadonlySet<string> = new Set(['command', 'entrypoint', 'test']);
const TEXTS: ReadonlySet<string> = new Set(['environment', 'labels', 'args', 'content']);

/** Who reads a value besides Compose: a shell in the container, or what gets a text; undefined of all others, such as an image. */
export function readerOf({ keys }: Pick<WrittenScalar, 'keys'>): 'shell' | 'text' | undefined {
  // Before that are names that people give.
  const [section, ...below] = keys;
  const within = section === 'services' || section === 'configs' ? below.slice(1) : below;
  const key = within.find((one) => COMMANDS.has(one) || TEXTS.has(one));
  if (key === undefined) return undefined;
  return COMMANDS.has(key) ? 'shell' : 'text';
}

/** Whether all uses of a variable that nobody sets may be meant for the container; undefined where one can't be. */
export function meantForContainer(
  variable: string,
  environments: readonly CheckedEnvironment[],
): MeantForContainer | undefined {
  const uses = usesWithoutDefault(variable, environments);
  const likely = uses.map((use) => isLikely(use, environments));
  const [first] = uses;
  if (!first || likely.includes(undefined)) return undefined;
  const written = `$${first.source.text.slice(first.range.start, first.range.end)}`;
  const edits = uses.map(
    ({ source: { file }, range: { start } }): FileEdit => ({ file, start, end: start, text: '$' }),
  );
  const isChoice = likely.includes(false);
  const title = l10n.t('Leave it to the container: {0}', written);
  return {
    written,
    isLikely: !isChoice,
    fix: { kind: 'edit', title, edits, isSafe: false, ...(isChoice ? { isChoice } : {}) },
  };
}

/** Whether that is more likely than that a value is missing; undefined where it can't be meant so. */
function isLikely(use: UseInSource, environments: readonly CheckedEnvironment[]): boolean | undefined {
  const { name, scalar } = use;
  // Those for Compose are written in capitals.
  const isForShell = name.length === 1 || /[a-z]/.test(name);
  const reader = readerOf(scalar);
  if (reader === 'shell') return isForShell || isSetInContainer(use, environments);
  return reader === 'text' && isForShell && isWithinText(use) ? true : undefined;
}

/** `pa$word`, and neither `${word}` nor a whole value. */
function isWithinText({ name, scalar: { node, isItem }, source, range }: UseInSource): boolean {
  const value = String(node.value);
  const whole = isItem ? value.replace(/^[\w.-]+=/, '') : value;
  return whole !== `$${name}` && source.text[range.start + 1] !== '{';
}

function isSetInContainer({ name, scalar }: UseInSource, environments: readonly CheckedEnvironment[]): boolean {
  const [section, service = ''] = scalar.keys;
  if (section !== 'services') return false;
  return environments.some((one) => name in record(servicesByName(one).get(service)?.config.environment));
}
