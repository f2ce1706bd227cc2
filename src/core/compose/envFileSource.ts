import { markLength } from '../common/text';
import type { FileEdit, FindingPlace } from '../model/finding';
import { linesAtEnd } from './composeEdit';

/** A variable that an env file sets. */
export interface EnvFileVariable {
  readonly name: string;
  /** What stands behind the equals sign as it is written, quotes included, without a comment. Never to be shown. */
  readonly written: string;
  /** From 1. */
  readonly line: number;
  /** Offset of the first character of the name, and of the value, and of the first one after that. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** What is written behind an equals sign, without its quotes; undefined where they end in another line. */
export function unquoted(written: string): string | undefined {
  if (!/^["']/.test(written)) return written;
  return quotedAt(written, 0) === written ? written.slice(1, -1) : undefined;
}

/** What is in quotes at an offset of a text, quotes included; a backslash takes from a quote that it ends there. Undefined where none ends it. */
export function quotedAt(text: string, start: number): string | undefined {
  return /^(["'])(?:\\.|(?!\1)[^\\])*\1/s.exec(text.slice(start))?.[0];
}

/** `NAME=value`, `export NAME: "value"`, `NAME`. Source: compose-go, `dotenv/parser.go`. */
const LINE = /^(\uFEFF?[ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*(?:[=:][ \t]*)?)(.*)$/;

const COMMENTED_OUT = /^[ \t]*#+[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=/gm;

/** An env file's text with the places of its variables. What they amount to, only Compose knows: see `readEnvFiles`. */
export class EnvFileSource {
  /** In the order of the text. */
  readonly variables: readonly EnvFileVariable[];
  /** The names of variables that comments would set: `# MAIL_HOST=localhost`. */
  readonly commentedOut: ReadonlySet<string>;

  /** @param file absolute path. */
  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.variables = [...variablesIn(text)];
    this.commentedOut = new Set([...text.matchAll(COMMENTED_OUT)].map(([, name = '']) => name));
  }

  /** The variable of a name: the last one, which wins. */
  variable(name: string): EnvFileVariable | undefined {
    return this.variables.findLast((one) => one.name === name);
  }

  /** Where the name of a variable stands. */
  place({ line, start, name }: EnvFileVariable, note?: string): FindingPlace {
    const lineStart = Math.max(this.text.lastIndexOf('\n', start - 1) + 1, markLength(this.text));
    const column = start - lineStart + 1;
    const end = { endLine: line, endColumn: column + name.length };
    return { file: this.file, line, column, ...end, ...(note === undefined ? {} : { note }) };
  }

  /** Gives a variable another value, or adds it at the end. @param value needs no quotes. */
  set(name: string, value: string): FileEdit {
    const known = this.variable(name);
    if (known) return { file: this.file, start: known.valueStart, end: known.end, text: value };
    return this.add([[name, value]]);
  }

  /** Adds variables that it does not have at the end, with what is to stand behind the equals sign of each. */
  add(variables: readonly (readonly [name: string, written: string])[]): FileEdit {
    const lines = variables.map(([name, written]) => `${name}=${written}`);
    return { file: this.file, start: this.text.length, end: this.text.length, text: linesAtEnd(this.text, lines) };
  }
}

function* variablesIn(text: string): Iterable<EnvFileVariable> {
  let offset = 0;
  let line = 0;
  /** The quote that a value of several lines is in. */
  let open: string | undefined;
  for (const raw of text.split('\n')) {
    line += 1;
    const content = raw.replace(/\r$/, '');
    const start = offset;
    offset += raw.length + 1;
    if (open !== undefined) {
      if (quotedAt(open + content, 0) !== undefined) open = undefined;
      continue;
    }
    const [, lead = '', name, sign = '', rest = ''] = LINE.exec(content) ?? [];
    if (name === undefined) continue;
    const quote = /^["']/.exec(rest)?.[0];
    const inQuotes = quotedAt(rest, 0);
    if (inQuotes === undefined) open = quote;
    const written = inQuotes ?? rest.replace(/(?:^|\s)#.*$/, '').trimEnd();
    const nameStart = start + lead.length;
    const valueStart = nameStart + name.length + sign.length;
    yield { name, written, line, start: nameStart, valueStart, end: valueStart + written.length };
  }
}
