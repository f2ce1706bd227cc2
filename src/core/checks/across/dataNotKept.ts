import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { addToList, addToMap } from '../../compose/composeEdit';
import type { ComposeSource } from '../../compose/composeSource';
import type { FileEdit, Fix } from '../../model/finding';
import { dataPathOf, type StoreKind } from '../../model/storeKind';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { lastWritten, ownEntries, placesOf } from '../written';
import { beginsEmpty, keptData } from './keptData';
import { quoted } from './names';
import { addToService, hasFile } from './ownFiles';

/** Those that are not caches as well. */
const DATABASES: readonly StoreKind[] = ['postgres', 'mysql', 'mongo'];

/** A database of development whose data goes with its container. Of what is in memory, that is meant. */
export const dataNotKept: Check = {
  codes: ['data-not-kept'],
  *find({ environments }) {
    for (const environment of environments) {
      if (environment.definition.purpose !== 'development' || environment.definition.ephemeral) continue;
      for (const { service, kind, place } of keptData(environment)) {
        if (!DATABASES.includes(kind) || (place !== 'none' && place !== 'unnamed')) continue;
        yield findingOf('data-not-kept', [environment], {
          message: l10n.t('"{0}" of {1} has no volume: "down" removes its data.', service, quoted(environment)),
          remedy: l10n.t('Give it a named volume at {0}.', dataPathOf(kind)),
          service,
          places: placesOf(environment, ['services', service, 'image']),
          fixes: place === 'none' ? volumeFixes(environment, service, kind, environments) : [],
        });
      }
    }
  },
};

/** A named volume, in the file that has the service; not where tests would get one by that as well. */
function volumeFixes(
  environment: CheckedEnvironment,
  service: string,
  kind: StoreKind,
  all: readonly CheckedEnvironment[],
): readonly Fix[] {
  const { source } = lastWritten(environment, ['services', service, 'image']) ?? {};
  if (!source || all.some((other) => beginsEmpty(other) && hasFile(other, source.file))) return [];
  const name = `${service.replace(/[^\w.-]/g, '_')}_data`;
  const edits = [mountEdit(source, service, `${name}:${dataPathOf(kind)}`), volumeEdit(source, name)];
  if (edits.some((edit) => edit === undefined) || environment.project?.volumeKeys?.includes(name)) return [];
  const title = l10n.t('Keep the data of "{0}" in a volume, in {1}', service, path.basename(source.file));
  return [{ kind: 'edit', title, edits: edits.flatMap((edit) => edit ?? []), isSafe: false }];
}

function mountEdit(source: ComposeSource, service: string, mount: string): FileEdit | undefined {
  const keys = ['services', service, 'volumes'];
  if (!source.entry(keys)) return addToService(source, service, 'volumes', ['volumes:', `  - ${mount}`]);
  return source.isOwn(keys) ? addToList(source, keys, mount) : undefined;
}

function volumeEdit(source: ComposeSource, name: string): FileEdit | undefined {
  if (source.entry(['volumes'])) return addToMap(source, ownEntries(source, ['volumes']), `${name}:`);
  return addToMap(source, ownEntries(source, []), `\nvolumes:\n  ${name}:`);
}
