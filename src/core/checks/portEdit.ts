import path from 'node:path';
import type { Node } from 'yaml';
import type { ComposeSource, Keys } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import type { FileEdit, FindingPlace } from '../model/finding';
import type { Port } from '../model/project';
import type { CheckedEnvironment } from './check';

/** One way to write that a service publishes another port. */
export interface PortEdit {
  /** The file that changes: an env file, or a compose file. Where several do, the last one that Compose merges. */
  readonly file: string;
  readonly edits: readonly FileEdit[];
}

/**
 * The ways to give a port that a service publishes another number, where it is written: its variable in the env file first, then the
 * compose file. None where it is not written as a number of its own (a range, a part of another text), or where several services share
 * the text. Files may be those of other environments, too: see {@link PortEdit.file}.
 * @param port one of those that Compose resolved.
 * @param to the other number.
 * @param isForAll whether all who have the files are to have the other number, and not only this user: where there is no env file yet, the
 * default of the variable comes first then, if nothing else has the variable.
 */
export function portEdits(
  environment: CheckedEnvironment,
  service: string,
  port: Port,
  to: number,
  isForAll: boolean,
): readonly PortEdit[] {
  const written = writtenPorts(environment, service, port);
  if (written.length === 0) return [];
  const ways = written.map((one) => [...waysOf(one, environment, to, isForAll)]);
  if (ways.length === 1) return ways.flat();
  // Of a port that stands in several files, each place has to change.
  const first = ways.flatMap((own) => own.slice(0, 1));
  const [last] = first;
  return last && first.length === ways.length
    ? [{ file: last.file, edits: once(first.flatMap((way) => way.edits)) }]
    : [];
}

/** Where a port that a service publishes is written; the last file that Compose merges counts. Undefined where it is not written as a number. */
export function portPlace(environment: CheckedEnvironment, service: string, port: Port): FindingPlace | undefined {
  for (const { source, keys } of foundPorts(environment, service, port)) return source.placeOf(keys);
  return undefined;
}

/** A port that may take the place of another one: of those that only the administrator may open, one that everybody may. */
export function anotherPort(port: number, isTaken: (port: number) => boolean): number | undefined {
  for (let other = port < 1024 ? port + 8000 : port + 1; other < 65_536; other += 1) {
    if (!isTaken(other)) return other;
  }
  return undefined;
}

/** A published port as a compose file has it. */
interface WrittenPort {
  readonly source: ComposeSource;
  readonly published: Piece;
  /** What else stands in the same place: of a variable there, the value can't change. */
  readonly others: string;
}

/** A piece of a file's text. */
interface Piece {
  readonly text: string;
  readonly start: number;
}

/** A variable in the place of a number: `${DB_PORT:-5432}`, `$DB_PORT`. */
const VARIABLE = /^\$(?:(\w+)|\{(\w+)(?:(:?-)([^{}]*)|:?\?[^{}]*)?\})$/;
/** `127.0.0.1:8080:80/tcp`, in which each part may be a variable: host address, published, target, protocol. */
const PART = String.raw`(?:\$\{[^{}]*\}|[^:/{}])+`;
export const SHORT_PORT = new RegExp(String.raw`^(?:(\[[^\]]*\]|${PART}):)?(${PART}):(${PART})(?:/(\w+))?$`);

/** Where a resolved port is written, the last file that Compose merges first; nowhere where others share the text. */
function writtenPorts(environment: CheckedEnvironment, service: string, port: Port): readonly WrittenPort[] {
  const found = [...foundPorts(environment, service, port)];
  return found.every(({ source, keys }) => source.isOwn(keys)) ? found.map(({ written }) => written) : [];
}

function* foundPorts(
  environment: CheckedEnvironment,
  service: string,
  port: Port,
): Iterable<{ readonly source: ComposeSource; readonly keys: Keys; readonly written: WrittenPort }> {
  const ports = ['services', service, 'ports'];
  for (const source of [...environment.sources.toReversed(), ...environment.takenIn]) {
    for (const [index] of source.items(ports).entries()) {
      const keys = [...ports, index];
      const written = writtenPort(source, keys, environment, port);
      if (written) yield { source, keys, written };
    }
    if (source.tag(ports) === '!override') break;
  }
}

function writtenPort(
  source: ComposeSource,
  keys: Keys,
  environment: CheckedEnvironment,
  port: Port,
): WrittenPort | undefined {
  const amountOf = (text: string | undefined) => (text === undefined ? undefined : resolved(text, environment));
  const isMeant = (published: string, target?: string, protocol = 'tcp', host = '') =>
    amountOf(published) === String(port.published) &&
    [undefined, String(port.target)].includes(amountOf(target)) &&
    protocol === port.protocol &&
    isSameHost(amountOf(host), port.hostIp);
  const whole = pieceOf(source, source.node(keys));
  if (whole) {
    const [, host, published, target, protocol] = SHORT_PORT.exec(whole.text) ?? [];
    if (published === undefined || !isMeant(published, target, protocol, host)) return undefined;
    const start = whole.start + (host === undefined ? 0 : host.length + 1);
    return { source, published: { text: published, start }, others: `${host}:${target}` };
  }
  const piece = (key: string) => pieceOf(source, source.node([...keys, key]));
  const [published, target] = [piece('published'), piece('target')?.text];
  if (!published || !isMeant(published.text, target, piece('protocol')?.text, piece('host_ip')?.text)) return undefined;
  return { source, published, others: String(target) };
}

/** The text of a scalar without its quotes; undefined of anything else, and where it is not written as it reads. */
function pieceOf(source: ComposeSource, node: Node | undefined): Piece | undefined {
  if (!node || !('source' in node)) return undefined;
  const { start, end } = source.range(node);
  const raw = source.text.slice(start, end);
  const quotes = /^(["']).*\1$/s.test(raw) ? 1 : 0;
  const text = raw.slice(quotes, raw.length - quotes);
  return text === String(node.source) ? { text, start: start + quotes } : undefined;
}

/** What a text amounts to; undefined where that can't be told from the files: the shell may know the variable. */
function resolved(text: string, environment: CheckedEnvironment): string | undefined {
  if (!text.includes('$')) return text;
  const [, bare, name = bare, , otherwise] = VARIABLE.exec(text) ?? [];
  if (name === undefined) return undefined;
  return envFileWith(name, environment)?.value ?? otherwise;
}

/** The env file that a variable's value comes from, with that value. */
function envFileWith(name: string, { envFiles }: CheckedEnvironment) {
  const source = envFiles.findLast((file) => file.variable(name));
  const written = source?.variable(name)?.written;
  return source && written ? { source, value: written.replace(/^(["'])(.*)\1$/, '$2') } : undefined;
}

function isSameHost(one: string | undefined, other: string | undefined): boolean {
  const all = (host = '') => (['', '0.0.0.0'].includes(host) ? '' : host.replace(/^\[(.*)\]$/, '$1'));
  return one === undefined || all(one) === all(other);
}

function* waysOf(
  { source, published, others }: WrittenPort,
  environment: CheckedEnvironment,
  to: number,
  isForAll: boolean,
): Iterable<PortEdit> {
  const { file } = source;
  const { text, start } = published;
  const edit = (from: number, end: number): PortEdit => ({
    file,
    edits: [{ file, start: from, end, text: String(to) }],
  });
  if (/^\d+$/.test(text)) {
    yield edit(start, start + text.length);
    return;
  }
  const [, bare, name = bare, , otherwise] = VARIABLE.exec(text) ?? [];
  if (name === undefined) return;
  const known = envFileWith(name, environment)?.source;
  const envFile = known ?? usualEnvFile(environment);
  // The port inside the container would change as well.
  const isOfBoth = new RegExp(`\\b${name}\\b`).test(others);
  const inEnvFile = isOfBoth ? [] : [{ file: envFile.file, edits: [envFile.set(name, String(to))] }];
  // Without its quotes it is the last thing before the brace.
  const end = start + text.length - 1;
  const inDefault = !known && otherwise ? [edit(end - otherwise.length, end)] : [];
  // What has yet to be made, only one of a team would have.
  const isDefaultFirst =
    isForAll && environment.envFiles.length === 0 && !isUsedElsewhere(name, environment, { source, published });
  yield* isDefaultFirst ? [...inDefault, ...inEnvFile] : [...inEnvFile, ...inDefault];
}

/** Whether a variable has its part in another value as well, where another default would leave it as it was: an address with the port in it. */
function isUsedElsewhere(
  name: string,
  { sources, takenIn }: CheckedEnvironment,
  { source, published }: Pick<WrittenPort, 'source' | 'published'>,
): boolean {
  const use = new RegExp(`\\$\\{?${name}\\b`);
  return [...sources, ...takenIn].some((one) =>
    one.scalars().some(({ node }) => {
      const { start, end } = one.range(node);
      const isItself = one.file === source.file && start <= published.start && published.start < end;
      return !isItself && use.test(String(node.value));
    }),
  );
}

/** The env file in which a variable of an environment is to be: the one that counts most; it may have yet to be made. */
function usualEnvFile({ envFiles, definition }: CheckedEnvironment): EnvFileSource {
  return envFiles.at(-1) ?? new EnvFileSource(path.join(definition.projectDirectory, '.env'), '');
}

function once(edits: readonly FileEdit[]): readonly FileEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.file}\n${edit.start}`, edit])).values()];
}
