import path from 'node:path/posix';
import type { ComposeSource, Range, WrittenScalar } from '../compose/composeSource';
import { holdsSecret } from '../compose/secretValue';
import { isDetachedPassword, MYSQL_ADMIN } from './mysqlAdmin';

/** A word of a command, where it is written. */
export interface CommandWord {
  readonly text: string;
  readonly range: Range;
  readonly scalar: WrittenScalar;
  /** Whether it is a whole item of a list: the next word can be the next item then. */
  readonly isItem: boolean;
}

/** What an option of a command is given that holds a secret. */
export interface CommandSecret {
  /** The option, or the variable of the command's environment: `--requirepass`, `PGPASSWORD`. */
  readonly option: string;
  readonly value: string;
  readonly range: Range;
  readonly scalar: WrittenScalar;
}

/** The words of a piece of a text. */
export function wordsIn(source: ComposeSource, scalar: WrittenScalar, { start, end }: Range): readonly CommandWord[] {
  const text = source.text.slice(start, end);
  if (scalar.isItem && !/\s/.test(text)) return [{ text, range: { start, end }, scalar, isItem: true }];
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const range = { start: start + index, end: start + index + word.length };
    return { text: word, range, scalar, isItem: false };
  });
}

/** The secrets that a command is given, by the options that programs have for them. @param words those of one command or script. */
export function* commandSecrets(words: readonly CommandWord[]): Iterable<CommandSecret> {
  let program: string | undefined;
  for (const [index, word] of words.entries()) {
    const bare = word.text.replace(/^["'\\(]+|["'\\]+$/g, '');
    const client = CLIENTS.find(({ programs }) => programs.test(path.basename(bare)));
    if (client) program = path.basename(bare);
    const next = words[index + 1];
    const given =
      inOneWord(word) ??
      (next && isNextTo(word, next) ? inTheNext(bare, word, next, program) : undefined) ??
      attached(word, program);
    if (given) yield given;
    // Another command begins.
    if (/[;|&]$/.test(word.text)) program = undefined;
  }
}

/** Programs with options of their own for passwords. Sources: the manuals of redis-cli, mysql, mongosh, psql and curl. */
const CLIENTS: readonly {
  readonly programs: RegExp;
  /** An option whose password is the next word. */
  readonly next?: RegExp;
  /** An option whose password follows in the same word. */
  readonly attached?: RegExp;
  /** Whether `--password` is followed by no password, but by something else. */
  readonly asks?: true;
}[] = [
  { programs: /^(?:redis|valkey|keydb)-cli$/, next: /^-a$/ },
  { programs: /^(?:mysql|mariadb)(?:-?\w+)?$/, attached: /^-p/, asks: true },
  { programs: /^mongo(?:sh|dump|restore|export|import)?$/, next: /^-p$/ },
  { programs: /^(?:psql|pg_\w+|createdb|dropdb)$/, asks: true },
  { programs: /^curl$/, next: /^(?:-[A-Za-z]*u|--user)$/ },
];

function clientOf(program: string | undefined) {
  return program === undefined ? undefined : CLIENTS.find(({ programs }) => programs.test(program));
}

/** `--password=…`, `-Ddb.password=…`, `PGPASSWORD=…`. */
function inOneWord(word: CommandWord): CommandSecret | undefined {
  const [sign, option = ''] = /^["'\\(]*(--?[A-Za-z][\w.-]*|[A-Z][A-Z0-9_]*)=/.exec(word.text) ?? [];
  return sign !== undefined && isForSecret(option) ? secretIn(option, word, sign.length) : undefined;
}

/** `--requirepass …`, `redis-cli -a …`. */
function inTheNext(
  option: string,
  word: CommandWord,
  next: CommandWord,
  program: string | undefined,
): CommandSecret | undefined {
  const client = clientOf(program);
  const isMeant = MYSQL_ADMIN.test(program ?? '') && isDetachedPassword(option, next.text);
  const isOwn = client?.next?.test(option) === true || isMeant;
  const isGeneral = /^--?[A-Za-z][\w.-]+$/.test(option) && isForSecret(option) && client?.asks === undefined;
  if ((!isOwn && !isGeneral) || next.text.startsWith('-') || next.text === '\\') return undefined;
  // The user's name comes before the password.
  const user = isOwn && program === 'curl' ? /^["'\\]*[\w.@-]+:/.exec(next.text)?.[0] : '';
  return user === undefined || word.text.endsWith(';') ? undefined : secretIn(option, next, user.length);
}

/** `mysqladmin -p…`. */
function attached(word: CommandWord, program: string | undefined): CommandSecret | undefined {
  const option = clientOf(program)?.attached?.exec(word.text)?.[0];
  return option === undefined ? undefined : secretIn(option, word, option.length);
}

function isNextTo(word: CommandWord, next: CommandWord): boolean {
  return word.scalar === next.scalar || (word.isItem && next.isItem);
}

/** Options that hold a secret, as variables of that name do. */
function isForSecret(option: string): boolean {
  const name = option.replace(/^(?:-D|--?)/, '').replace(/[.-]/g, '_');
  return holdsSecret(name) || /^masterauth$/i.test(name);
}

/** What stands in a word from an offset, without quotes; undefined where it is more than a plain text: a variable, a call. */
function secretIn(option: string, { text, range, scalar }: CommandWord, from: number): CommandSecret | undefined {
  const [whole, quotes = '', value = '', rest] =
    /^(\\?["'])?([^\s"'`$(){}[\]<>\\]+)(.*)$/s.exec(text.slice(from)) ?? [];
  if (whole === undefined || rest === undefined) return undefined;
  const plain = quotes === '' ? value.replace(/[;|&]+$/, '') : value;
  // A quote that ends elsewhere has more in it; behind it, only the command may end.
  const isWhole = quotes === '' ? /^(?:\\?["'])?[;)|&]*$/.test(rest) : rest.startsWith(quotes);
  const start = range.start + from + quotes.length;
  return isWhole && plain ? { option, value: plain, range: { start, end: start + plain.length }, scalar } : undefined;
}
