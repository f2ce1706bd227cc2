import * as l10n from '@vscode/l10n';
import { record, text } from '../../common/json';
import { groupBy } from '../../common/lists';
import type { Finding, FindingPlace, Fix } from '../../model/finding';
import type { ResolvedService } from '../../model/project';
import { isFirstThere } from '../across/names';
import { findingOf, type IsLeftOut } from '../check';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment } from './liveCheck';

/** Images that are not here yet, and such as are for another kind of processor. */
export const images: LiveCheck = {
  codes: ['image-missing', 'wrong-platform'],
  *find({ live }, isLeftOut) {
    yield* missing(live, isLeftOut);
    for (const environment of live) yield* wrong(environment);
  },
};

/** The image of a service by its name on the engine: of one that is built and not named, as Compose names it. */
export function imageOf({ name, image }: ResolvedService, project: string | undefined): string {
  return image ?? `${project}-${name}`;
}

/** An environment with its services whose images are not here. */
interface Lacking {
  readonly environment: LiveEnvironment;
  readonly absent: readonly ResolvedService[];
  readonly places: readonly FindingPlace[];
}

/** Once for all environments of an engine that lack the images of the same services. */
function* missing(live: readonly LiveEnvironment[], isLeftOut: IsLeftOut): Iterable<Finding> {
  const lacking = live.flatMap((environment): readonly Lacking[] => {
    const absent = absentOf(environment);
    const [first] = absent;
    if (!first) return [];
    const { checked } = environment;
    const places = placesOf(checked, ['services', first.name, first.built ? 'build' : 'image']);
    return isLeftOut('image-missing', checked, places) ? [] : [{ environment, absent, places }];
  });
  const keyOf = ({ environment: { checked }, absent }: Lacking) => [
    checked.definition.context,
    absent.map(({ name }) => name),
  ];
  for (const group of groupBy(lacking, keyOf)) yield ofGroup(group);
}

function absentOf({ snapshot, services, engine }: LiveEnvironment): readonly ResolvedService[] {
  const known = engine.images;
  return known ? services.filter((service) => known.get(imageOf(service, snapshot.projectName)) === undefined) : [];
}

function ofGroup(group: readonly [Lacking, ...Lacking[]]): Finding {
  const [first] = group;
  const { context } = first.environment.checked.definition;
  const names = first.absent.map(({ name }) => name).join(', ');
  return findingOf(
    'image-missing',
    group.map(({ environment }) => environment.checked),
    {
      message:
        context === undefined
          ? l10n.t('Images of services are not here yet: {0}.', names)
          : l10n.t('Images of services are not in the context "{0}" yet: {1}.', context, names),
      remedy: l10n.t('Bringing it up pulls or builds them first, which may take a while.'),
      places: group.flatMap(({ places }) => places).filter(isFirstThere),
      fixes: [...fixesOf(group, 'pull'), ...fixesOf(group, 'build')],
    },
  );
}

/** Of each environment, unless those before it have brought all its images by then. */
function fixesOf(group: readonly Lacking[], operation: 'pull' | 'build'): readonly Fix[] {
  const brought = new Set<string>();
  return group.flatMap(({ environment: { checked, snapshot }, absent }): readonly Fix[] => {
    const { id: environmentId, name } = checked.definition;
    const own = absent.filter(({ built }) => (built ?? false) === (operation === 'build'));
    const images = own.map((service) => imageOf(service, snapshot.projectName));
    if (images.every((image) => brought.has(image))) return [];
    for (const image of images) brought.add(image);
    const title = operation === 'pull' ? l10n.t('Pull images of "{0}"', name) : l10n.t('Build images of "{0}"', name);
    return [{ kind: 'operation', title, operation, environmentId, services: own.map((one) => one.name) }];
  });
}

function* wrong({ checked, snapshot, services, engine }: LiveEnvironment): Iterable<Finding> {
  const machine = engine.about && normalised(engine.about.platform);
  if (machine === undefined) return;
  const all = record(checked.project?.config.content.services);
  for (const service of services) {
    const { name } = service;
    const asked = normalised(text(record(all[name]).platform));
    const present = normalised(engine.images?.get(imageOf(service, snapshot.projectName)) ?? '');
    const other = asked ?? present;
    if (other === undefined || other === machine) continue;
    yield findingOf('wrong-platform', [checked], {
      // Somebody has chosen it.
      ...(asked === undefined ? {} : { severity: 'info' }),
      message: l10n.t(
        'The image of service "{0}" is for {1}, and the engine\'s machine is {2}: it runs slowly, or not at all.',
        name,
        other,
        machine,
      ),
      remedy: asked
        ? l10n.t('Leave out "platform" where there is an image for both.')
        : l10n.t('Choose an image that there is for {0}, or build it there.', machine),
      service: name,
      places: placesOf(checked, ['services', name, asked ? 'platform' : service.built ? 'build' : 'image']),
    });
  }
}

/** What kernels call processors, as images do. Source: containerd, `platforms/database.go`. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
  armhf: 'arm',
};

/** System and processor without the variant; undefined where one of them is not told. */
function normalised(platform: string): string | undefined {
  const [system, processor] = platform.toLowerCase().split('/');
  return system && processor ? `${system}/${ARCHITECTURES[processor] ?? processor}` : undefined;
}
