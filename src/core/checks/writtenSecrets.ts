import type { ComposeSource, Range, WrittenScalar } from '../compose/composeSource';
import { hashesIn, membersIn, passwordsIn, type TextSecret, tokensIn } from '../compose/secretsInText';
import {
  credentialIn,
  holdsSecret,
  isOpenValue,
  kindByName,
  looksMade,
  type SecretKind,
  secretKind,
  tellsOfSecret,
} from '../compose/secretValue';
import { usesIn, type VariableUse } from '../compose/variableUses';
import { type CommandWord, commandSecrets, wordsIn } from './commandSecrets';

/** What a secret looks like; unclear is what is made at random under a name that does not say what it is. */
export type WrittenKind = SecretKind | 'unclear';

/** A secret where it stands in a compose file. */
export interface WrittenSecret {
  /** Never to be shown. */
  readonly value: string;
  readonly kind: WrittenKind;
  /**
   * What it is there: the value of a variable, what counts where nobody gives the variable a value, the password in an address, what an
   * option of a command or a member of JSON is given, the hash of a password, or a part of another text.
   */
  readonly form: 'value' | 'default' | 'address' | 'option' | 'hash' | 'part';
  /** Whether it only counts where nobody gives a variable a value. */
  readonly isDefault: boolean;
  /** The variable, the option or the member that has it, or the variable that it is the default of; undefined where it is of none. */
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
  const found = [...ofCommands(source, scalars, open), ...scalars.flatMap((one) => ofScalar(source, one, open))];
  return withoutOverlaps(found).sort((a, b) => a.range.start - b.range.start);
}

/** Of two that are at one place, the first. */
function withoutOverlaps(secrets: readonly WrittenSecret[]): WrittenSecret[] {
  const byScalar = new Map<WrittenScalar, WrittenSecret[]>();
  for (const secret of secrets) {
    const { scalar, range } = secret;
    const known = byScalar.get(scalar) ?? [];
    if (known.some((one) => one.range.start < range.end && range.start < one.range.end)) continue;
    byScalar.set(scalar, [...known, secret]);
  }
  return [...byScalar.values()].flat();
}

/** A secret at a place of a scalar. */
function secretAt(
  source: ComposeSource,
  scalar: WrittenScalar,
  range: Range,
  rest: Pick<WrittenSecret, 'kind' | 'form' | 'name'>,
): WrittenSecret {
  const [top, service] = scalar.keys;
  const uses = usesIn(source.text, contentRange(source, scalar));
  const isDefault = uses.some((use) => use.range.start <= range.start && range.end <= use.range.end);
  const value = unescaped(textIn(source, range));
  return { value, isDefault, service: top === 'services' ? service : undefined, scalar, range, ...rest };
}

/** What the options of commands are given, and those of variables that hold options. */
function* ofCommands(
  source: ComposeSource,
  scalars: readonly WrittenScalar[],
  open: ReadonlySet<string>,
): Iterable<WrittenSecret> {
  for (const words of commandsIn(source, scalars)) {
    for (const { option, value, range, scalar } of commandSecrets(words)) {
      const kind = secretKind(option, value, open);
      if (kind) yield secretAt(source, scalar, range, { kind, form: 'option', name: option });
    }
  }
}

function commandsIn(source: ComposeSource, scalars: readonly WrittenScalar[]): readonly (readonly CommandWord[])[] {
  const lists = new Map<string, CommandWord[]>();
  const others: (readonly CommandWord[])[] = [];
  for (const scalar of scalars) {
    const whole = contentRange(source, scalar);
    const assignment = assignmentOf(source, scalar, whole);
    if (assignment && /(?:ARG|OPT|OPTION|FLAG|COMMAND|CMD)S?$/i.test(assignment.name)) {
      others.push(wordsIn(source, scalar, assignment.range));
    } else if (/^(?:command|entrypoint|test)$/.test(scalar.keys.at(-1) ?? '') && !assignment) {
      const key = scalar.keys.join('\0');
      lists.set(key, [...(lists.get(key) ?? []), ...wordsIn(source, scalar, whole)]);
    }
  }
  return [...lists.values(), ...others];
}

/** The secrets of a scalar; of several that are at one place, the one that tells most comes first. */
function ofScalar(source: ComposeSource, scalar: WrittenScalar, open: ReadonlySet<string>): readonly WrittenSecret[] {
  const whole = contentRange(source, scalar);
  const text = textIn(source, whole);
  if (text.length < 4) return [];
  const assignment = assignmentOf(source, scalar, whole);
  const uses = usesIn(source.text, whole);
  return [
    ...ofDefaults(source, scalar, uses, assignment, open),
    ...ofCredential(source, scalar, whole, assignment),
    ...ofParts(source, scalar, whole, assignment, open),
    ...(assignment && uses.length === 0 ? ofValue(source, scalar, assignment, open) : []),
  ];
}

function ofDefaults(
  source: ComposeSource,
  scalar: WrittenScalar,
  uses: readonly VariableUse[],
  assignment: Assignment | undefined,
  open: ReadonlySet<string>,
): readonly WrittenSecret[] {
  return uses.flatMap((use) => {
    const { name, operator, operand, range } = use;
    if (!operator.endsWith('-') || operand.includes('$')) return [];
    const isCredential = credentialIn(operand) === operand;
    const holder = namesOf(use, assignment).find(holdsSecret);
    const kind = holder !== undefined || isCredential ? secretKind(holder ?? name, operand, open) : undefined;
    // All of the variable is what a reference takes the place of.
    const found = secretAt(source, scalar, range, { kind: kind ?? 'plain', form: 'default', name });
    return kind ? [{ ...found, value: operand }] : [];
  });
}

/** The names of what has the default of a variable: its own, and that of what is given nothing else. */
function namesOf({ name, range }: VariableUse, assignment: Assignment | undefined): readonly string[] {
  const isAll = assignment?.range.start === range.start && assignment.range.end === range.end;
  return isAll ? [name, assignment.name] : [name];
}

/** The key of a known service is one wherever it stands. */
function ofCredential(
  source: ComposeSource,
  scalar: WrittenScalar,
  whole: Range,
  assignment: Assignment | undefined,
): readonly WrittenSecret[] {
  const text = textIn(source, whole);
  const credential = credentialIn(text);
  if (credential === undefined) return [];
  const start = whole.start + text.indexOf(credential);
  const isWhole = assignment !== undefined && assignment.range.start === start && text.endsWith(credential);
  const range = { start, end: start + credential.length };
  const form = isWhole ? 'value' : 'part';
  return [secretAt(source, scalar, range, { kind: 'credential', form, name: assignment?.name })];
}

/** Passwords in addresses, tokens, and hashes of passwords. */
function ofParts(
  source: ComposeSource,
  scalar: WrittenScalar,
  whole: Range,
  assignment: Assignment | undefined,
  open: ReadonlySet<string>,
): readonly WrittenSecret[] {
  const text = textIn(source, whole);
  const at = (form: WrittenSecret['form']) => (part: TextSecret & { readonly name?: string }) => {
    const start = whole.start + part.start;
    const range = { start, end: start + part.value.length };
    return secretAt(source, scalar, range, { kind: part.kind, form, name: part.name ?? assignment?.name });
  };
  const isWhole = assignment !== undefined && tokensIn(text)[0]?.value === textIn(source, assignment.range);
  const isForAll = assignment !== undefined && tellsOfSecret(assignment.name);
  return [
    ...passwordsIn(text, open).map(at('address')),
    ...membersIn(text, open).map(at('option')),
    ...(isForAll ? [] : tokensIn(text).map(at(isWhole ? 'value' : 'part'))),
    ...hashesIn(text).map(at('hash')),
  ];
}

function ofValue(
  source: ComposeSource,
  scalar: WrittenScalar,
  { name, range }: Assignment,
  open: ReadonlySet<string>,
): readonly WrittenSecret[] {
  const value = unescaped(textIn(source, range));
  const kind = kindByName(name, value, open) ?? (looksMade(name, value) && !holdsSecret(name) ? 'unclear' : undefined);
  return kind ? [secretAt(source, scalar, range, { kind, form: 'value', name })] : [];
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
    const whole = contentRange(source, scalar);
    const assignment = assignmentOf(source, scalar, whole);
    const own = assignment ? textIn(source, assignment.range) : '';
    const defaults = usesIn(source.text, whole).flatMap((use) =>
      use.operator.endsWith('-') && namesOf(use, assignment).every((name) => isOpenValue(name, use.operand))
        ? [use.operand]
        : [],
    );
    return assignment && isOpenValue(assignment.name, own) ? [own, ...defaults] : defaults;
  });
  const services = source.entries(['services']).flatMap(({ key }) => {
    const image = String(source.value(['services', String(key.value), 'image']) ?? '');
    return [String(key.value), ...String(key.value).split(/[-_]/), image.replace(/^.*\//, '').replace(/[:@].*$/, '')];
  });
  return new Set([...services, ...values].map((one) => one.toLowerCase()));
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
