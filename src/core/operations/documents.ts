import { stripVTControlCharacters } from 'node:util';
import { MASK, Secrets } from '../compose/secrets';
import { isSecretName } from '../compose/secretValue';

/** A value as a document: what is in it of secrets is masked unless they are wanted. */
export interface DocumentOptions {
  /** Whether secrets are shown. */
  readonly secrets: boolean;
  readonly signal: AbortSignal;
}

/** JSON for people to read. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** YAML as Compose prints it, without secrets. @param mask see {@link maskDocument}. */
export async function maskYaml(yaml: string, mask: (text: string) => string): Promise<string> {
  const { parse, stringify } = await import('yaml');
  // Compose writes YAML 1.1, where more texts need quotes.
  const version = { version: '1.1' } as const;
  return stringify(maskDocument(parse(yaml, version), mask), { ...version, lineWidth: 0 });
}

/**
 * A document of the engine or of Compose without its secrets. These are: the values of variables, labels and options
 * whose names say so, what secrets of Compose contain, what `mask` knows; and wherever else one of those stands.
 * @param mask masks what is known from elsewhere.
 */
export function maskDocument(document: unknown, mask: (text: string) => string): unknown {
  const found = new Map<string, string>();
  const note = (value: string) => {
    if (value !== '') found.set(`SECRET_${found.size}`, value);
    return value === '' ? '' : MASK;
  };
  const named = maskNamed(document, note);
  const own = new Secrets();
  // Whatever hardly says anything is left out there: else half of the document would be masked.
  own.learn('', { services: { '': { environment: Object.fromEntries(found) } } });
  return mapTexts(named, (one) => mask(own.mask(one)));
}

/** Fields whose own fields are variables or labels, in the engine's documents and in Compose's. */
const VARIABLES = /^(?:environment|args|labels)$/i;
/** `POSTGRES_PASSWORD=…` */
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
/** `--requirepass …`, `--password=…`, in the midst of a command, too. */
const OPTION = /(^|\s)(--?[\w-]*(?:pass|secret|token)[\w-]*)(=|\s+)("[^"]*"|'[^']*'|[^\s"']+)/gi;
const OPTION_ALONE = /^--?[\w-]*(?:pass|secret|token)[\w-]*$/i;

function maskNamed(value: unknown, note: (value: string) => string, path: readonly string[] = []): unknown {
  if (typeof value === 'string') return maskWords(value, note);
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const before: unknown = value[index - 1];
      const isOptions = typeof item === 'string' && typeof before === 'string' && OPTION_ALONE.test(before);
      return isOptions && !/^(?:--|\$)/.test(item) ? note(item) : maskNamed(item, note, path);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const within = path.at(-1) ?? '';
  const isSecret = (key: string) =>
    (VARIABLES.test(within) && isSecretName(key)) || (key === 'content' && path.at(-2) === 'secrets');
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecret(key) && typeof item === 'string' ? note(item) : maskNamed(item, note, [...path, key]),
    ]),
  );
}

function maskWords(word: string, note: (value: string) => string): string {
  const [, name = '', value = ''] = ASSIGNMENT.exec(word) ?? [];
  if (isSecretName(name)) return `${name}=${note(value)}`;
  return word.replace(OPTION, (all, before: string, option: string, between: string, secret: string) =>
    // What names a variable is none itself.
    /^["']?\$/.test(secret) ? all : `${before}${option}${between}${note(secret.replace(/^(["'])(.*)\1$/, '$2'))}`,
  );
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

/** `db-1  | 2026-01-31T12:00:00.123456789Z text`; the name is left out where it is not wanted. */
const LOG_LINE = /^(.*? +\| )(\d{4}-\d\d-\d\dT[\d:]+)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)( ?)(.*)$/;

/**
 * Puts the log lines of several containers, which Compose prints one after another, into the order of time, as plain text.
 * @param printed what `docker compose logs --timestamps` printed.
 * @param timestamps whether the lines keep their times.
 */
export function orderLogs(printed: string, timestamps: boolean): string {
  const lines = stripVTControlCharacters(printed)
    .split(/\r?\n/)
    .filter((line) => line.trim());
  let last = '';
  const timed = lines.map((line) => {
    const [, name = '', time = '', fraction = '', , , rest = ''] = LOG_LINE.exec(line) ?? [];
    if (!time) return { time: last, text: line };
    // Compared as text, which nine digits make right.
    last = `${time}.${fraction.padEnd(9, '0')}`;
    return { time: last, text: timestamps ? line : `${name}${rest}` };
  });
  timed.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return timed.map(({ text }) => `${text.trimEnd()}\n`).join('');
}
