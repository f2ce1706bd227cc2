import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { record } from '../../common/json';
import { addToList, replaceNode } from '../../compose/composeEdit';
import type { ComposeSource } from '../../compose/composeSource';
import type { FileEdit, Fix } from '../../model/finding';
import type { CheckedEnvironment } from '../check';
import type { KeptData } from './keptData';
import { addToService, ownSources } from './ownFiles';

/**
 * Has a data store keep its data in memory in one environment: written as a mount, which takes the place of the one that a file before it
 * has there.
 * @param others environments that it is to stay the same for.
 */
export function inMemoryFixes(
  environment: CheckedEnvironment,
  { service, target }: Pick<KeptData, 'service' | 'target'>,
  others: readonly CheckedEnvironment[],
): readonly Fix[] {
  const [own] = ownSources(environment, others);
  const edit = own && target !== undefined && editOf(own, service, target);
  if (!edit) return [];
  const title = l10n.t('Keep the data of "{0}" in memory, in {1}', service, path.basename(own.file));
  return [{ kind: 'edit', title, edits: [edit], isSafe: false }];
}

function editOf(source: ComposeSource, service: string, target: string): FileEdit | undefined {
  const mount = `{ type: tmpfs, target: ${target} }`;
  const keys = ['services', service, 'volumes'];
  if (!source.entry(keys)) return addToService(source, service, 'volumes', ['volumes:', `  - ${mount}`]);
  const items = source.items(keys);
  const index = items.findIndex((item) => targetOf(source.valueOf(item)) === target);
  const item = items[index];
  if (item) return source.isOwn([...keys, index]) ? replaceNode(source, item, mount) : undefined;
  return source.isOwn(keys) ? addToList(source, keys, mount) : undefined;
}

/** `data:/var/lib/mysql:rw`, or the same in the long form. */
function targetOf(mount: unknown): string | undefined {
  if (typeof mount !== 'string') return String(record(mount).target).replace(/\/$/, '');
  return /^(?:.+?:)?(\/[^:]*?)\/?(?::[a-z,]+)?$/i.exec(mount)?.[1];
}
