import * as l10n from '@vscode/l10n';
import type { Document, Pair, YAMLMap } from 'yaml';
import { isTooDeep } from '../common/depth';
import { UserError } from '../common/errors';
import { record, text } from '../common/json';
import { LIMIT_NAMES, type LimitName, type LimitsChange, type ServiceLimits } from '../model/limits';

type Yaml = typeof import('yaml');
type Path = readonly string[];

/** Where a limit stands in a service. Source: the Compose specification, "deploy" and "logging". */
const PATHS: Readonly<Record<LimitName, Path>> = {
  memory: ['deploy', 'resources', 'limits', 'memory'],
  cpus: ['deploy', 'resources', 'limits', 'cpus'],
  logSize: ['logging', 'options', 'max-size'],
  logFiles: ['logging', 'options', 'max-file'],
};
/** The older keys for the same, which Compose takes only where both say the same. */
const OLDER_KEYS: Readonly<Partial<Record<LimitName, string>>> = { memory: 'mem_limit', cpus: 'cpus' };
/** What writes logs into files that it can rotate. Source: Docker's documentation of logging drivers. */
export const ROTATING_DRIVERS: readonly string[] = ['json-file', 'local'];
const [DRIVER] = ROTATING_DRIVERS;

/** The limits of a service, from what `docker compose config` says of it; undefined when it has none. */
export function limitsOf(service: Readonly<Record<string, unknown>>): ServiceLimits | undefined {
  const limits = record(record(record(service.deploy).resources).limits);
  const logging = record(service.logging);
  const options = record(logging.options);
  const found: ServiceLimits = {
    ...numberAs('memory', limits.memory ?? service.mem_limit),
    ...numberAs('cpus', limits.cpus ?? service.cpus),
    ...(text(logging.driver) ? { logDriver: text(logging.driver) } : {}),
    ...(text(options['max-size']) ? { logSize: text(options['max-size']) } : {}),
    ...numberAs('logFiles', options['max-file']),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}

function numberAs<N extends LimitName>(name: N, value: unknown): { readonly [key in N]?: number } {
  const number = value === undefined || value === null || value === '' ? 0 : Number(value);
  // Zero is Compose's word for none.
  return number === 0 || Number.isNaN(number) ? {} : ({ [name]: number } as { readonly [key in N]: number });
}

/**
 * The text of a compose file with limits of a service set or taken away. Nothing else changes: no comment, order, quote or
 * line end. What the service takes over by an alias or a merge key is copied where it has to differ.
 * @param driver the logging driver in force; where there is none, one is named that rotates.
 * @returns undefined when the file has no such service.
 * @throws UserError (configuration) when the text is no YAML.
 */
export async function withLimits(
  original: string,
  service: string,
  change: LimitsChange,
  driver: string | undefined,
): Promise<string | undefined> {
  if (isTooDeep(original)) throw new UserError('configuration', l10n.t('The file is nested too deep to be changed.'));
  const yaml = await import('yaml');
  const source = original.replaceAll('\r\n', '\n');
  const parse = (one: string) => yaml.parseDocument(one, { merge: true, logLevel: 'silent' });
  const [before, after] = [parse(source), parse(source)];
  const [mistake] = before.errors;
  if (mistake) {
    throw new UserError('configuration', l10n.t('Invalid YAML: {0}.', mistake.message.split('\n')[0] ?? ''));
  }
  if (!before.hasIn(['services', service])) return undefined;
  changeDocument(yaml, after, ['services', service], change, driver);
  const whole = after.toString({ lineWidth: 0, indent: indentOf(yaml, before, source) });
  const changed = splice(yaml, { text: source, document: before }, { text: whole, document: parse(whole) }, service);
  return original.includes('\r\n') ? changed.replaceAll('\n', '\r\n') : changed;
}

function changeDocument(
  yaml: Yaml,
  document: Document,
  at: Path,
  change: LimitsChange,
  driver: string | undefined,
): void {
  for (const name of LIMIT_NAMES) {
    const value = change[name];
    if (value === undefined) continue;
    const path = [...at, ...PATHS[name]];
    makeOwn(yaml, document, path.slice(0, -1));
    const older = OLDER_KEYS[name];
    if (older) document.deleteIn([...at, older]);
    if (value === null) {
      document.deleteIn(path);
    } else {
      if (path.includes('logging') && driver === undefined) setFirst(yaml, document, [...at, 'logging', 'driver']);
      document.setIn(path, value);
    }
    dropEmpty(yaml, document, at, PATHS[name].slice(0, -1));
  }
}

/** Makes every map on a path the document's own: what is there by an alias or a merge key is copied, what is missing made. */
function makeOwn(yaml: Yaml, document: Document, path: Path): void {
  const values: unknown = document.toJS();
  for (let length = 1; length <= path.length; length++) {
    const part = path.slice(0, length);
    if (yaml.isMap(document.getIn(part, true))) continue;
    const value = part.reduce((within: unknown, key) => record(within)[key], values);
    document.setIn(part, document.createNode(record(value)));
  }
}

/** Names the logging driver, before its options. */
function setFirst(yaml: Yaml, document: Document, path: Path): void {
  const map = document.getIn(path.slice(0, -1), true);
  if (!yaml.isMap(map) || map.has('driver')) return;
  map.items.unshift(document.createPair('driver', DRIVER));
}

/** Takes away the maps on a path that have nothing in them any more, and a logging driver that was only there for its options. */
function dropEmpty(yaml: Yaml, document: Document, at: Path, path: Path): void {
  for (let length = path.length; length > 0; length--) {
    const part = [...at, ...path.slice(0, length)];
    const map = document.getIn(part, true);
    if (!yaml.isMap(map)) return;
    const isLeft = map.items.length > 0 && !(part.at(-1) === 'logging' && isDriverAlone(map));
    if (isLeft) return;
    document.deleteIn(part);
  }
}

function isDriverAlone(map: YAMLMap): boolean {
  return map.items.length === 1 && map.get('driver') === DRIVER;
}

interface Parsed {
  readonly text: string;
  readonly document: Document;
}

/** Takes what may have changed of a service, and nothing else, from one text into another. */
function splice(yaml: Yaml, to: Parsed, from: Parsed, service: string): string {
  const leaves = [...Object.values(PATHS), ['logging', 'driver'], ...Object.values(OLDER_KEYS).map((key) => [key])];
  const changed = leaves.map((leaf) => ['services', service, ...leaf]).filter((path) => differs(to, from, path));
  const paths = new Map(changed.map((path) => spliceable(yaml, to, from, path)).map((path) => [path.join('\0'), path]));
  if (paths.has('')) return from.text;
  // From the last to the first, so that the places of those before stay what they are.
  const edits = [...paths.values()].map((path) => editOf(yaml, to, from, path));
  edits.reverse().sort((a, b) => b.start - a.start);
  return edits.reduce((all, { start, end, by }) => all.slice(0, start) + by + all.slice(end), to.text);
}

function differs(to: Parsed, from: Parsed, path: Path): boolean {
  const written = ({ document }: Parsed) => JSON.stringify(document.getIn(path, true));
  return written(to) !== written(from);
}

/** The innermost part of a path that has lines of its own in both texts. */
function spliceable(yaml: Yaml, to: Parsed, from: Parsed, path: Path): Path {
  const hasLines = ({ document }: Parsed, map: Path) => {
    const node = map.length === 0 ? document.contents : document.getIn(map, true);
    return yaml.isMap(node) && !node.flow && node.items.length > 0;
  };
  const parent = path.slice(0, -1);
  if (path.length === 0 || (hasLines(to, parent) && hasLines(from, parent))) return path;
  return spliceable(yaml, to, from, parent);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function editOf(yaml: Yaml, to: Parsed, from: Parsed, path: Path): Edit {
  const [old, fresh] = [pairAt(yaml, to.document, path), pairAt(yaml, from.document, path)];
  const siblings = mapAt(to.document, path.slice(0, -1)).items;
  const last = siblings.at(-1);
  const column = columnOf(to.text, startOf(siblings[0]));
  const by = fresh ? reindented(sourceOf(yaml, from.text, fresh), columnOf(from.text, startOf(fresh)), column) : '';
  if (!old) {
    const end = last ? endOf(yaml, to.text, last) : to.text.length;
    return { start: end, end, by: `\n${' '.repeat(column)}${by}` };
  }
  const [start, end] = [startOf(old), endOf(yaml, to.text, old)];
  // Its lines go with it.
  return fresh ? { start, end, by } : { start: start - column, end: Math.min(end + 1, to.text.length), by };
}

function mapAt(document: Document, path: Path): YAMLMap {
  return (path.length === 0 ? document.contents : document.getIn(path, true)) as YAMLMap;
}

function pairAt(yaml: Yaml, document: Document, path: Path): Pair | undefined {
  return mapAt(document, path.slice(0, -1)).items.find(({ key }) => yaml.isScalar(key) && key.value === path.at(-1));
}

function startOf(pair: Pair | undefined): number {
  return (pair?.key as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
}

/** Where the last line ends on which a pair has something: comments on lines of their own after that belong to what follows. */
function endOf(yaml: Yaml, source: string, pair: Pair): number {
  let node: unknown = pair;
  for (;;) {
    if (yaml.isPair(node)) node = node.value ?? node.key;
    else if (yaml.isCollection(node) && !node.flow && node.items.length > 0) node = node.items.at(-1);
    else break;
  }
  const end = (node as { range?: readonly number[] }).range?.[1] ?? startOf(pair);
  const content = source.slice(0, end).trimEnd().length;
  const newline = source.indexOf('\n', content);
  return newline < 0 ? source.length : newline;
}

function sourceOf(yaml: Yaml, source: string, pair: Pair): string {
  return source.slice(startOf(pair), endOf(yaml, source, pair));
}

function columnOf(source: string, offset: number): number {
  return offset - (source.lastIndexOf('\n', offset - 1) + 1);
}

function reindented(lines: string, from: number, to: number): string {
  return lines.replaceAll(`\n${' '.repeat(from)}`, `\n${' '.repeat(to)}`);
}

/** By how many columns the services of a file are indented. */
function indentOf(yaml: Yaml, document: Document, source: string): number {
  const services = document.get('services', true);
  const first = yaml.isMap(services) && !services.flow ? services.items[0] : undefined;
  return (first && columnOf(source, startOf(first))) || 2;
}
