import * as l10n from '@vscode/l10n';
import { externalOf } from '../../model/external';
import type { Finding } from '../../model/finding';
import { findingOf } from '../check';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment } from './liveCheck';

/** External networks and volumes that are not on the engine. */
export const missingResources: LiveCheck = {
  codes: ['missing-network', 'missing-volume'],
  *find({ live }) {
    for (const environment of live) {
      yield* missing('networks', environment);
      yield* missing('volumes', environment);
    }
  },
};

function* missing(kind: 'networks' | 'volumes', environment: LiveEnvironment): Iterable<Finding> {
  const { checked, services, engine } = environment;
  const there = engine[kind];
  if (!there || !checked.project || (kind === 'networks' && engine.about?.isInSwarm)) return;
  const { context } = checked.definition;
  for (const { key, name } of externalOf(kind, checked.project, services)) {
    if (there.includes(name)) continue;
    const places = placesOf(checked, [kind, key]);
    yield kind === 'networks'
      ? findingOf('missing-network', [checked], {
          message:
            context === undefined
              ? l10n.t('The network "{0}" is not there.', name)
              : l10n.t('The network "{0}" is not there in the context "{1}".', name, context),
          remedy: l10n.t('Make it first: docker network create {0}', name),
          places,
          fixes: [{ kind: 'create-network', title: l10n.t('Make the network {0}', name), name, context }],
        })
      : findingOf('missing-volume', [checked], {
          message:
            context === undefined
              ? l10n.t('The volume "{0}" is not there.', name)
              : l10n.t('The volume "{0}" is not there in the context "{1}".', name, context),
          remedy: l10n.t('Make it first: docker volume create {0}', name),
          places,
          fixes: [{ kind: 'create-volume', title: l10n.t('Make the volume {0}', name), name, context }],
        });
  }
}
