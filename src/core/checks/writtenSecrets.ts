import type { ComposeSource, Range, WrittenScalar } from '../compose/composeSource';
import { usesIn, variableUses } from '../compose/variableUses';
import { credentialIn, holdsSecret, passwordsIn, type SecretKind, secretKind } from './secretValue';

/** A secret where it stands in a compose file. */
export interface WrittenSecret {
  /** Never to be shown. */
  readonly value: string;
  readonly kind: SecretKind;
  /**
   * What it is there: the value of a variable, what counts where nobody gives the variable a value, the
   * password in an address, or a part of another text.
   */
  readonly form: 'value' | 'default' | 'address' | 'part';
  /** Whether it only counts where nobody gives a variable a value. */
  readonly isDefault: boolean;
  /** The variable that has it, or that it is the default of; undefined where it is of none. */
  readonly name: string | undefined;
  /** The service that has it; undefined where an anchor, a config or the like has it. */
  readonly service: string | undefined;
  readonly scalar: WrittenScalar;
  /** What a reference takes the place of. */
  readonly range: Range;
}

const known = new WeakMap<ComposeSource, readonly WrittenSecret[]>();

/** The secrets that stand in a compose file in clear text, what only stands for a secret included, in the order of the text. */
export function writtenSecrets(source: ComposeSource): readonly WrittenSecret[] {
  const found = known.get(source) ?? secretsIn(source);
  known.set(source, found);
  return found;
}

/** A variable with its value, as a text has them. */
interface Assignment {
  readonly name: string;
  /** Of the value. */
  readonly range: Range;
}

function secretsIn(source: ComposeSource): readonly WrittenSecret[] {
  const scalars = source.scalars();
  const open = openValues(source, scalars);
  return scalars.flatMap((scalar) => [...secretsOf(source, scalar, open)]);
}

function* secretsOf(source: ComposeSource, scalar: WrittenScalar, open: ReadonlySet<string>): Iterable<WrittenSecret> {
  const whole = contentRange(source, scalar);
  const text = textIn(source, whole);
  if (text.length < 4) return;
  const [top, service] = scalar.keys;
  const assignment = assignmentOf(source, scalar, whole);
  const found = (value: string, kind: SecretKind, range: Range, rest: Partial<WrittenSecret> = {}): WrittenSecret => {
    const at = { service: top === 'services' ? service : undefined, scalar, range };
    const isDefault = uses.some((use) => use.range.start <= range.start && range.end <= use.range.end);
    return { value, kind, form: 'value', isDefault, name: assignment?.name, ...at, ...rest };
  };
  const uses = usesIn(source.text, whole);
  for (const { name, operator, operand, range } of uses) {
    if (!operator.endsWith('-') || operand.includes('$') || !holdsSecret(name)) continue;
    const kind = secretKind(name, operand, open);
    if (kind) yield found(operand, kind, range, { name, form: 'default' });
  }
  const credential = credentialIn(text);
  if (credential !== undefined) {
    const start = whole.start + text.indexOf(credential);
    const isWhole = assignment !== undefined && assignment.range.start === start && text.endsWith(credential);
    const isTold = uses.some(({ operand }) => operand === credential);
    const range = { start, end: start + credential.length };
    if (!isTold) yield found(unescaped(credential), 'credential', range, { form: isWhole ? 'value' : 'part' });
    return;
  }
  for (const { value, kind, start: within } of passwordsIn(text, open)) {
    const start = whole.start + within;
    yield found(unescaped(value), kind, { start, end: start + value.length }, { form: 'address' });
  }
  if (!assignment || uses.length > 0 || !holdsSecret(assignment.name)) return;
  const value = unescaped(textIn(source, assignment.range));
  const kind = secretKind(assignment.name, value, open);
  if (kind) yield found(value, kind, assignment.range);
}

/** Maps and lists of variables: of a service, of its build, and those that anchors hold for services. */
function isOfVariables(keys: readonly string[]): boolean {
  return /^(?:environment|args)$/.test(keys.at(-1) ?? '') || (keys[0]?.startsWith('x-') ?? false);
}

function assignmentOf(source: ComposeSource, { keys, isItem }: WrittenScalar, range: Range): Assignment | undefined {
  const last = keys.at(-1) ?? '';
  if (!isItem) return isOfVariables(keys.slice(0, -1)) ? { name: last, range } : undefined;
  const [sign = '', name] = /^([\w.-]+)=/.exec(textIn(source, range)) ?? [];
  if (name === undefined || !isOfVariables(keys)) return undefined;
  return { name, range: { start: range.start + sign.length, end: range.end } };
}

/** What stands openly in a file, in lower case: names of services, and values of variables that are no secrets. */
function openValues(source: ComposeSource, scalars: readonly WrittenScalar[]): ReadonlySet<string> {
  const values = scalars.flatMap((scalar) => {
    const assignment = assignmentOf(source, scalar, contentRange(source, scalar));
    return assignment && !holdsSecret(assignment.name) ? [textIn(source, assignment.range)] : [];
  });
  const defaults = variableUses(source).flatMap(({ name, operator, operand }) =>
    operator.endsWith('-') && !holdsSecret(name) ? [operand] : [],
  );
  const services = source.entries(['services']).flatMap(({ key }) => {
    const image = String(source.value(['services', String(key.value), 'image']) ?? '');
    return [String(key.value), ...String(key.value).split(/[-_]/), image.replace(/^.*\//, '').replace(/[:@].*$/, '')];
  });
  return new Set([...services, ...values, ...defaults].map((one) => one.toLowerCase()));
}

/** A scalar without its quotes. */
export function contentRange(source: ComposeSource, { node }: WrittenScalar): Range {
  const { start, end } = source.range(node);
  const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  return isQuoted ? { start: start + 1, end: Math.max(start + 1, end - 1) } : { start, end };
}

function textIn({ text }: ComposeSource, { start, end }: Range): string {
  return text.slice(start, end);
}

/** Compose takes two dollar signs for one. */
function unescaped(text: string): string {
  return text.replaceAll('$$', () => '$');
}
