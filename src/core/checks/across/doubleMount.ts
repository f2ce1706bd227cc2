import * as l10n from '@vscode/l10n';
import type { Node } from 'yaml';
import { list, record, text } from '../../common/json';
import { replaceNode } from '../../compose/composeEdit';
import type { ComposeSource, Entry } from '../../compose/composeSource';
import type { FileEdit, Finding, Fix } from '../../model/finding';
import { type CheckedEnvironment, findingOf } from '../check';

/**
 * `tmpfs` in an overlay at a path where a file before it mounts a folder: Compose keeps both, and the engine refuses two mounts at one path
 * (`Duplicate mount point`). Of a named volume there, what is in memory wins: that works. Measured.
 */
export function* doubleMounts(environment: CheckedEnvironment): Iterable<Finding> {
  const services = record(environment.project?.config.content.services);
  for (const source of environment.sources.slice(1)) {
    for (const { key } of source.entries(['services'])) {
      const service = String(key.value);
      const entry = source.entry(['services', service, 'tmpfs']);
      if (!entry) continue;
      const { tmpfs, volumes } = record(services[service]);
      const binds = list(volumes)
        .map(record)
        .filter(({ type }) => type === 'bind')
        .map(({ target }) => text(target));
      const written = writtenPaths(source, entry);
      const twice = list(tmpfs)
        .map(pathOf)
        .find((path) => binds.includes(path) && written.includes(path));
      if (twice !== undefined) yield ofMount(environment, { source, service, entry }, twice);
    }
  }
}

interface WrittenTmpfs {
  readonly source: ComposeSource;
  readonly service: string;
  readonly entry: Entry;
}

function ofMount(environment: CheckedEnvironment, written: WrittenTmpfs, path: string): Finding {
  const { source, service, entry } = written;
  return findingOf('appended-list', [environment], {
    severity: 'error',
    message: l10n.t(
      '"tmpfs" of "{0}" does not take the place of the folder that a file before the overlay mounts at {1}: "up" fails.',
      service,
      path,
    ),
    remedy: l10n.t('Write it as a mount, which does: "{0}".', `volumes: [{ type: tmpfs, target: ${path} }]`),
    service,
    places: [source.placeOfNode(entry.key)],
    fixes: fixesOf(written),
  });
}

/** The same as mounts. Not where it has options, which are others there, or where the overlay has mounts already. */
function fixesOf({ source, service, entry }: WrittenTmpfs): readonly Fix[] {
  const { value } = entry;
  const keys = ['services', service, 'tmpfs'];
  if (!value || source.entry(['services', service, 'volumes']) || !source.isOwn(keys)) return [];
  const mounts = mountEdits(source, value, source.items(keys));
  if (mounts.length === 0) return [];
  const edits = [replaceNode(source, entry.key, 'volumes'), ...mounts];
  return [{ kind: 'edit', title: l10n.t('Write it as a mount'), edits, isSafe: true }];
}

function mountEdits(source: ComposeSource, value: Node, items: readonly Node[]): readonly FileEdit[] {
  const mountAt = (node: Node) => `{ type: tmpfs, target: ${String(source.valueOf(node))} }`;
  const all = items.length > 0 ? items : [value];
  if (all.some((node) => !/^\/[\w./-]*$/.test(String(source.valueOf(node))))) return [];
  if (items.length === 0) return [replaceNode(source, value, `[${mountAt(value)}]`)];
  return items.map((item) => replaceNode(source, item, mountAt(item)));
}

function writtenPaths(source: ComposeSource, { value }: Entry): readonly string[] {
  const written = source.valueOf(value);
  return (typeof written === 'string' ? [written] : list(written)).map(pathOf);
}

/** Options stand behind a colon: `/data:size=64m`. */
function pathOf(item: unknown): string {
  return String(item).replace(/:.*$/, '');
}
