import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { addToList, addToMap, fillEmpty } from '../../compose/composeEdit';
import type { ComposeSource } from '../../compose/composeSource';
import type { FileEdit, Finding, Fix } from '../../model/finding';
import { dataPathOf } from '../../model/storeData';
import type { StoreKind } from '../../model/storeKind';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { servicesByName } from '../services';
import { lastWritten, ownEntries, placesOf } from '../written';
import { beginsEmpty, type KeptData, keptData } from './keptData';
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
      for (const data of keptData(environment)) {
        const { service, kind, place, missed } = data;
        if (!DATABASES.includes(kind) || (place !== 'none' && place !== 'unnamed')) continue;
        const target = dataPathOf(servicesByName(environment).get(service)?.config ?? {});
        yield findingOf('data-not-kept', [environment], {
          ...wordsOf(environment, data, target),
          service,
          places: placesOf(environment, ['services', service, missed ? 'volumes' : 'image']),
          fixes:
            place === 'none' && !missed && target !== undefined
              ? volumeFixes(environment, service, target, environments)
              : [],
        });
      }
    }
  },
};

/** @param target where the volume is to be; undefined where nobody knows. */
function wordsOf(
  environment: CheckedEnvironment,
  { service, missed }: KeptData,
  target: string | undefined,
): Pick<Finding, 'message' | 'remedy'> {
  const owner = quoted(environment);
  if (missed?.drive !== undefined) {
    return {
      message: l10n.t(
        '"{0}" of {1} has no volume at {2}: Compose takes "{3}:" for a Windows drive, so that "down" removes the data.',
        service,
        owner,
        missed.target,
        missed.drive,
      ),
      remedy: l10n.t('Give the volume a name of more than one letter.'),
    };
  }
  const remedy =
    target === undefined
      ? l10n.t('Give it a named volume where its image keeps the data.')
      : l10n.t('Give it a named volume at {0}.', target);
  if (!missed)
    return { message: l10n.t('"{0}" of {1} has no volume: "down" removes its data.', service, owner), remedy };
  return {
    message: l10n.t('"{0}" of {1} keeps no data in what is mounted at {2}.', service, owner, missed.target),
    remedy:
      target === undefined ? remedy : l10n.t('Mount it at {0}, where its image and variables put the data.', target),
  };
}

/** A named volume, in the file that has the service; not where tests would get one by that as well. */
function volumeFixes(
  environment: CheckedEnvironment,
  service: string,
  target: string,
  all: readonly CheckedEnvironment[],
): readonly Fix[] {
  const { source } = lastWritten(environment, ['services', service, 'image']) ?? {};
  if (!source || all.some((other) => beginsEmpty(other) && hasFile(other, source.file))) return [];
  const name = `${service.replace(/[^\w.-]/g, '_')}_data`;
  const edits = [mountEdit(source, service, `${name}:${target}`), volumeEdit(source, name)];
  if (edits.some((edit) => edit === undefined) || environment.project?.volumeKeys?.includes(name)) return [];
  const title = l10n.t('Keep the data of "{0}" in a volume, in {1}', service, path.basename(source.file));
  return [{ kind: 'edit', title, edits: edits.flatMap((edit) => edit ?? []), isSafe: false }];
}

function mountEdit(source: ComposeSource, service: string, mount: string): FileEdit | undefined {
  const keys = ['services', service, 'volumes'];
  if (!source.entry(keys)) return addToService(source, service, 'volumes', ['volumes:', `  - ${mount}`]);
  if (!source.isOwn(keys)) return undefined;
  return addToList(source, keys, mount) ?? fillEmpty(source, keys, mount);
}

function volumeEdit(source: ComposeSource, name: string): FileEdit | undefined {
  const keys = ['volumes'];
  if (!source.entry(keys)) return addToMap(source, ownEntries(source, []), `\nvolumes:\n  ${name}:`);
  return (
    addToMap(source, ownEntries(source, keys), `${name}:`, `${name}: {}`) ?? fillEmpty(source, keys, ` ${name}: {} `)
  );
}
