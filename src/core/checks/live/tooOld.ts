import * as l10n from '@vscode/l10n';
import { list, record, text } from '../../common/json';
import { isAtLeast } from '../../common/version';
import type { ComposeSource, Keys } from '../../compose/composeSource';
import { findingOf } from '../check';
import { placesOf } from '../written';
import type { LiveCheck } from './liveCheck';

/** Something in compose files that not every version knows. */
interface Feature {
  /** The key, or the tag, as people write it. */
  readonly name: string;
  /** The first version that knows it. */
  readonly since: string;
  /** Where a file has it; undefined when it does not. */
  readonly at: (source: ComposeSource) => Keys | undefined;
}

const ofTop = (key: string, since: string): Feature => ({
  name: key,
  since,
  at: (source) => (source.entry([key]) ? [key] : undefined),
});

/** One that stands below each service. */
const ofService = (keys: Keys, since: string): Feature => ({
  name: keys.join('.'),
  since,
  at: (source) =>
    inServices(source, (service) => (source.entry([...service, ...keys]) ? [...service, ...keys] : undefined)),
});

/** One that an item of a service's list has. */
const ofItem = (list: string, key: string, since: string): Feature => ({
  name: `${list}.${key}`,
  since,
  at: (source) =>
    inServices(source, (service) => {
      const index = source
        .items([...service, list])
        .findIndex((_, item) => source.entry([...service, list, item, key]));
      return index < 0 ? undefined : [...service, list, index, key];
    }),
});

/**
 * What Compose refuses before it has learnt it. Source: docker/docs, `data/summary.yaml` and the pages of the Compose file reference
 * ("Requires: Docker Compose …").
 */
const COMPOSE_FEATURES: readonly Feature[] = [
  ofTop('include', '2.20.0'),
  ofTop('models', '2.38.0'),
  ofService(['develop'], '2.22.0'),
  ofService(['gpus'], '2.30.0'),
  ofService(['label_file'], '2.32.2'),
  ofService(['models'], '2.38.0'),
  ofService(['post_start'], '2.30.0'),
  ofService(['pre_stop'], '2.30.0'),
  ofService(['provider'], '2.36.0'),
  ofService(['build', 'entitlements'], '2.27.1'),
  ofService(['build', 'ulimits'], '2.23.1'),
  {
    name: 'pull_policy: daily, weekly, every_…',
    // Source: docker/compose, pull request 12568.
    since: '2.34.0',
    at: (source) =>
      inServices(source, (service) => {
        const keys = [...service, 'pull_policy'];
        return /^(?:daily|weekly|every_|refresh$)/.test(text(source.value(keys))) ? keys : undefined;
      }),
  },
  ofItem('env_file', 'required', '2.24.0'),
  ofItem('env_file', 'format', '2.30.0'),
  {
    name: '!override',
    since: '2.24.4',
    at: (source) =>
      inServices(source, (service) =>
        source
          .entries(service)
          .map(({ key }): Keys => [...service, String(key.value)])
          .find((keys) => source.tag(keys) === '!override'),
      ),
  },
];

function inServices(source: ComposeSource, find: (service: Keys) => Keys | undefined): Keys | undefined {
  for (const { key } of source.entries(['services'])) {
    const found = find(['services', String(key.value)]);
    if (found) return found;
  }
  return undefined;
}

/** Compose files that this Compose does not accept because it does not know what they use yet. */
export const composeTooOld: LiveCheck = {
  codes: ['compose-too-old'],
  *find({ live, composeVersion: version }) {
    if (!version) return;
    for (const { checked } of live) {
      // What it accepts it knows, whatever is written of it.
      if (!checked.error) continue;
      for (const feature of tooNewFor(version, [...checked.sources, ...checked.takenIn])) {
        yield findingOf('compose-too-old', [checked], {
          message: needsLater(feature, version),
          remedy: l10n.t('Update Docker Compose (docs.docker.com/compose/install), or write it without that.'),
          places: feature.place ? [feature.place] : [],
        });
      }
    }
  },
};

/** What files use that a version of Docker Compose does not know yet, each with its place. */
export function tooNewFor(version: string, sources: readonly ComposeSource[]) {
  return COMPOSE_FEATURES.filter(({ since }) => !isAtLeast(version, since)).flatMap(({ name, since, at }) =>
    sources.flatMap((source) => {
      const keys = at(source);
      return keys ? [{ name, since, place: source.placeOf(keys) }] : [];
    }),
  );
}

/** Says that something needs a later Docker Compose than there is. */
export function needsLater({ name, since }: Pick<Feature, 'name' | 'since'>, version: string): string {
  return l10n.t('"{0}" needs Docker Compose {1} or later, and this is {2}.', name, since, version);
}

/** What an engine refuses before it has learnt it. */
interface EngineFeature {
  readonly name: string;
  readonly since: string;
  /** Where a service, as Compose has resolved it, has it: the keys below the service, undefined when it does not. */
  readonly at: (service: Readonly<Record<string, unknown>>) => Keys | undefined;
}

/**
 * Source: docker/compose, `pkg/compose/create.go`, for the first; the Engine API's version history, 1.45 and 1.48, for mounts.
 */
const ENGINE_FEATURES: readonly EngineFeature[] = [
  {
    name: 'healthcheck.start_interval',
    since: '25.0',
    at: ({ healthcheck }) =>
      record(healthcheck).start_interval === undefined ? undefined : ['healthcheck', 'start_interval'],
  },
  {
    name: 'volume.subpath',
    since: '26.0',
    at: ({ volumes }) =>
      list(volumes).some((one) => text(record(record(one).volume).subpath)) ? ['volumes'] : undefined,
  },
  {
    name: 'type: image',
    since: '28.0',
    at: ({ volumes }) => (list(volumes).some((one) => record(one).type === 'image') ? ['volumes'] : undefined),
  },
];

/** The oldest version of the engine that Berth works with. */
export const OLDEST_ENGINE = '20.10';

/** Services that use what their engine does not know yet. */
export const engineTooOld: LiveCheck = {
  codes: ['engine-too-old'],
  *find({ live }) {
    for (const { checked, services, engine } of live) {
      const version = engine.about?.version;
      // What is built by hand has no number.
      if (!version || !/\d/.test(version)) continue;
      const remedy = l10n.t('Update Docker, or write it without that.');
      if (!isAtLeast(version, OLDEST_ENGINE)) {
        yield findingOf('engine-too-old', [checked], {
          message: l10n.t('The Docker engine has version {0}, which is too old.', version),
          remedy: l10n.t('Update Docker: Berth works with Docker Engine {0} and later.', OLDEST_ENGINE),
        });
      }
      const all = record(checked.project?.config.content.services);
      for (const { name: service } of services) {
        for (const { name, since, at } of ENGINE_FEATURES) {
          const keys = at(record(all[service]));
          if (!keys || isAtLeast(version, since)) continue;
          yield findingOf('engine-too-old', [checked], {
            message: l10n.t(
              '"{0}" of service "{1}" needs Docker Engine {2} or later, and this is {3}.',
              name,
              service,
              since,
              version,
            ),
            remedy,
            service,
            places: placesOf(checked, ['services', service, ...keys]),
          });
        }
      }
    }
  },
};
