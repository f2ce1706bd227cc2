import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Finding, Fix } from '../../model/finding';
import { ownerOf, programsText } from '../../model/owner';
import type { EnvironmentSnapshot } from '../../model/snapshot';
import { localPort, type PublishedPort } from '../across/publishedPorts';
import { findingOf } from '../check';
import { portEdits, portPlace } from '../portEdit';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment, TakenPort } from './liveCheck';

/** Ports that an environment is to publish, and that somebody else has. */
export const portTaken: LiveCheck = {
  codes: ['port-taken'],
  *find({ live, known }) {
    for (const environment of live) {
      for (const taken of environment.takenPorts) yield findingOfPort(environment, taken, known);
    }
  },
};

function findingOfPort(
  { checked, snapshot }: LiveEnvironment,
  { port, holder, isLocal, free }: TakenPort,
  known: readonly EnvironmentSnapshot[],
): Finding {
  const { service, published } = port;
  const who =
    holder?.kind === 'container'
      ? ownerOf(holder.container, known)
      : holder
        ? programsText(holder.programs)
        : isLocal
          ? l10n.t('a program of which this user is not told')
          : l10n.t("a program on the engine's machine");
  const ways = free === undefined ? [] : portEdits(checked, service, port, free, false);
  return findingOf('port-taken', [checked], {
    message: l10n.t('Port {0}, which service "{1}" publishes, is already in use by {2}.', published, service, who),
    remedy:
      holder?.kind === 'container'
        ? l10n.t('Stop that first, or publish another port.')
        : l10n.t('End that program, or publish another port.'),
    service,
    places: [portPlace(checked, service, port) ?? placesOf(checked, ['services', service, 'ports'])].flat(),
    fixes: [
      ...stops(port, holder, snapshot, known),
      ...ways.map(({ file, edits }): Fix => {
        const title = l10n.t('Publish port {0} instead of {1} ({2})', free ?? 0, published, path.basename(file));
        return { kind: 'edit', title, edits, isSafe: false };
      }),
    ],
  });
}

function stops(
  port: PublishedPort,
  holder: TakenPort['holder'],
  { definition: { context } }: EnvironmentSnapshot,
  known: readonly EnvironmentSnapshot[],
): readonly Fix[] {
  if (holder?.kind === 'container') {
    const { id, name } = holder.container;
    const owner = ownerOf(holder.container, known);
    const title = holder.isRemovedAtEnd
      ? l10n.t('Stop {0} (this removes it and its volumes without names)', owner)
      : l10n.t('Stop {0}', owner);
    return [{ kind: 'stop-container', title, id, name, context }];
  }
  const [program] = holder?.programs ?? [];
  if (!program || !holder?.mayBeEnded) return [];
  const title = l10n.t('End {0} (process {1})', program.name, program.pid);
  return [{ kind: 'end-program', title, ...program, port: localPort(port) }];
}
