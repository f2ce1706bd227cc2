import type { Node } from 'yaml';
import { record } from '../../common/json';
import { perObject } from '../../common/perObject';
import { addTag } from '../../compose/composeEdit';
import type { ComposeSource, Entry } from '../../compose/composeSource';
import type { FileEdit } from '../../model/finding';
import type { CheckedEnvironment } from '../check';
import { SHORT_PORT } from '../portEdit';
import { extendedServices, type ServiceInFile } from './extendedService';
import { type PublishedPort, publishedPorts } from './publishedPorts';

/** Ports that are to take the place of those of the files before, or of a service that is extended, and are added to them. */
export interface AppendedPorts {
  readonly service: string;
  readonly source: ComposeSource;
  /** The key `ports` of the overlay. */
  readonly entry: Entry;
  /** A port that stays, though the overlay has another one for it. */
  readonly replaced: { readonly source: ComposeSource; readonly item: Node };
  /** The service that has it and is extended; undefined where an earlier file has it. */
  readonly extended: string | undefined;
  /** All that is published for the ports inside the container that are meant. */
  readonly published: readonly PublishedPort[];
  /** Replaces all ports by those of the overlay; undefined where ports would be lost that it says nothing of. */
  readonly override: FileEdit | undefined;
}

/** A port as an item of `ports` has it. */
interface WrittenPort extends ServiceInFile {
  readonly item: Node;
  readonly published: string;
  /** The address of the machine; empty where none is named. */
  readonly host: string;
  /** With the protocol. */
  readonly target: string;
  readonly text: string;
}

/**
 * Where an environment has ports added that mean to replace: they publish a port of the container that a file before publishes elsewhere, or
 * a service that theirs extends, and Compose says that both are published.
 */
export const appendedPorts = perObject((environment: CheckedEnvironment): readonly AppendedPorts[] => {
  if (!environment.project) return [];
  const resolved = new Map<string, PublishedPort[]>();
  for (const port of publishedPorts(environment)) {
    const known = resolved.get(port.service);
    if (known) known.push(port);
    else resolved.set(port.service, [port]);
  }
  return [...found(environment, resolved)];
});

function* found(
  environment: CheckedEnvironment,
  resolved: ReadonlyMap<string, readonly PublishedPort[]>,
): Iterable<AppendedPorts> {
  const earlier = new Map<string, readonly WrittenPort[]>();
  for (const source of environment.sources) {
    for (const { key } of source.entries(['services'])) {
      const service = String(key.value);
      const keys = ['services', service, 'ports'];
      const entry = source.entry(keys);
      const tag = source.tag(keys);
      const extended = tag === undefined ? extendedPorts(environment, { source, service }) : [];
      const before = tag === undefined ? [...(earlier.get(service) ?? []), ...extended] : [];
      const own = portsOf({ source, service });
      const appended = entry && appendedTo(before, own, resolved.get(service) ?? []);
      if (appended) {
        const isCovered = before.every((one) => own.some(({ target }) => target === one.target));
        const override = isCovered && source.isOwn(keys) ? addTag(source, entry, '!override') : undefined;
        const from = extended.find((one) => one === appended.replaced)?.service;
        yield { service, source, entry, override, ...appended, extended: from };
      }
      earlier.set(service, [...before, ...own]);
    }
  }
}

/** The ports that a service has by `extends`. */
function extendedPorts(environment: CheckedEnvironment, start: ServiceInFile): readonly WrittenPort[] {
  const found: WrittenPort[] = [];
  for (const one of extendedServices(environment, start)) {
    found.push(...portsOf(one));
    if (one.source.tag(['services', one.service, 'ports']) !== undefined) break;
  }
  return found;
}

function portsOf({ source, service }: ServiceInFile): readonly WrittenPort[] {
  const isReset = source.tag(['services', service, 'ports']) === '!reset';
  return isReset ? [] : (writtenPorts(source).get(service) ?? []);
}

function appendedTo(
  before: readonly WrittenPort[],
  own: readonly WrittenPort[],
  resolved: readonly PublishedPort[],
): { readonly replaced: WrittenPort; readonly published: readonly PublishedPort[] } | undefined {
  for (const { target, host, published } of own) {
    const replaced = before.find(
      (one) => one.target === target && one.published !== '' && !isOtherAddress(one, host, published),
    );
    const all = resolved.filter((one) => `${one.target}/${one.protocol}` === target);
    const isMeant = published !== '' && !before.some((one) => own.some(({ text }) => text === one.text));
    if (replaced && isMeant && all.length > own.filter((one) => one.target === target).length) {
      return { replaced, published: all };
    }
  }
  return undefined;
}

/** Whether one port is published at two addresses of the machine: then the second one is meant beside the first. */
function isOtherAddress(before: WrittenPort, host: string, published: string): boolean {
  return before.published === published && before.host !== '' && host !== '' && before.host !== host;
}

/** The ports of a compose file, by service. */
const writtenPorts = perObject(
  (source: ComposeSource): ReadonlyMap<string, readonly WrittenPort[]> =>
    new Map(
      source.entries(['services']).map(({ key }) => {
        const service = String(key.value);
        return [
          service,
          source.items(['services', service, 'ports']).map((item) => writtenPort({ source, service }, item)),
        ];
      }),
    ),
);

function writtenPort(where: ServiceInFile, item: Node): WrittenPort {
  const value = where.source.valueOf(item);
  if (typeof value === 'object') {
    const { target, published = '', protocol = 'tcp', host_ip: host } = record(value);
    const text = JSON.stringify(value);
    return {
      ...where,
      item,
      host: typeof host === 'string' ? host : '',
      published: String(published),
      target: `${target}/${protocol}`,
      text,
    };
  }
  const text = String(value);
  const [, host = '', published = '', target, protocol = 'tcp'] = SHORT_PORT.exec(text) ?? [];
  return { ...where, item, host, published, target: target === undefined ? text : `${target}/${protocol}`, text };
}
