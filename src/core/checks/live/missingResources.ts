import * as l10n from '@vscode/l10n';
import { list, record, text } from '../../common/json';
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

/** What is external, as the compose files call it, and by the name on the engine. */
interface External {
  readonly key: string;
  readonly name: string;
}

/** The external networks or volumes that the services which `up` starts use. */
export function externalOf(
  kind: 'networks' | 'volumes',
  { checked, services }: Pick<LiveEnvironment, 'checked' | 'services'>,
): readonly External[] {
  const config = checked.project?.config.content ?? {};
  const used = new Set(
    services.flatMap(({ name }) => {
      const service = record(record(config.services)[name]);
      if (kind === 'networks') return Object.keys(record(service.networks));
      return list(service.volumes).flatMap((mount) => {
        const { type, source } = record(mount);
        return type === 'volume' ? [text(source)] : [];
      });
    }),
  );
  return Object.entries(record(config[kind])).flatMap(([key, value]) => {
    const { external, name } = record(value);
    return external && used.has(key) ? [{ key, name: text(name) || key }] : [];
  });
}

function* missing(kind: 'networks' | 'volumes', environment: LiveEnvironment): Iterable<Finding> {
  const { checked, engine } = environment;
  const there = engine[kind];
  if (!there) return;
  const { context, name: needing } = checked.definition;
  for (const { key, name } of externalOf(kind, environment)) {
    if (there.includes(name)) continue;
    const places = placesOf(checked, [kind, key]);
    yield kind === 'networks'
      ? findingOf('missing-network', [checked], {
          message: l10n.t('The network "{0}", which "{1}" needs, is not there.', name, needing),
          remedy: l10n.t('Make it first: docker network create {0}', name),
          places,
          fixes: [{ kind: 'create-network', title: l10n.t('Make the network {0}', name), name, context }],
        })
      : findingOf('missing-volume', [checked], {
          message: l10n.t('The volume "{0}", which "{1}" needs, is not there.', name, needing),
          remedy: l10n.t('Make it first: docker volume create {0}', name),
          places,
          fixes: [{ kind: 'create-volume', title: l10n.t('Make the volume {0}', name), name, context }],
        });
  }
}
