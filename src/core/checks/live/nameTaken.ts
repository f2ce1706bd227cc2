import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { removeEntry } from '../../compose/composeEdit';
import type { EngineContainer } from '../../model/engineContents';
import type { Fix } from '../../model/finding';
import { environmentOf, ownerOf } from '../../model/owner';
import type { EnvironmentSnapshot } from '../../model/snapshot';
import { type CheckedEnvironment, findingOf } from '../check';
import { placesOf } from '../written';
import type { LiveCheck } from './liveCheck';

/** Names that containers are to have, and that those of somebody else have. */
export const nameTaken: LiveCheck = {
  codes: ['name-taken'],
  *find({ live, known }) {
    for (const { checked, snapshot, services, engine } of live) {
      const byName = new Map(engine.containers?.map((container) => [container.name, container]));
      for (const { name: service, containerName } of services) {
        const holder = containerName === undefined ? undefined : byName.get(containerName);
        if (!holder || containerName === undefined) continue;
        const isOwn = holder.project === snapshot.projectName;
        // What `docker compose run --name` has made of it, Compose does not replace.
        if (isOwn && holder.service === service && !holder.oneOff) continue;
        const owner = ownerOf(holder, known);
        yield findingOf('name-taken', [checked], {
          message: l10n.t(
            'The container name "{0}" of service "{1}" is already in use by {2}.',
            containerName,
            service,
            owner,
          ),
          remedy: l10n.t(
            'Take that down first, or leave out "container_name": each project then has names of its own.',
          ),
          service,
          places: placesOf(checked, ['services', service, 'container_name']),
          // What can be undone comes first. Of its own project, it is left from a service that was called otherwise.
          fixes: [...leavingOut(checked, service), makingRoom(holder, snapshot, isOwn ? [] : known)],
        });
      }
    }
  },
};

function makingRoom(
  holder: EngineContainer,
  { definition: { context } }: EnvironmentSnapshot,
  known: readonly EnvironmentSnapshot[],
): Fix {
  const environment = environmentOf(holder, known);
  if (!environment) {
    const { id, name } = holder;
    return { kind: 'remove-container', title: l10n.t('Remove {0}', ownerOf(holder, known)), id, name, context };
  }
  const { id: environmentId, name } = environment.definition;
  return { kind: 'operation', title: l10n.t('Take down "{0}"', name), operation: 'down', environmentId, services: [] };
}

/** @returns what takes the name out of the one file that has it: of several, each would have to be changed. */
function leavingOut({ sources }: CheckedEnvironment, service: string): readonly Fix[] {
  const keys = ['services', service, 'container_name'];
  const [source, ...others] = sources.filter((one) => one.entry(keys));
  const entry = source?.entry(keys);
  if (!source || !entry || others.length > 0 || !source.isOwn(keys) || entry.map.items.length === 1) return [];
  const title = l10n.t('Leave out "container_name" ({0})', path.basename(source.file));
  return [{ kind: 'edit', title, edits: [removeEntry(source, entry)], isSafe: false }];
}
