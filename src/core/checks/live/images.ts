import * as l10n from '@vscode/l10n';
import { record, text } from '../../common/json';
import type { Finding, Fix } from '../../model/finding';
import type { ResolvedService } from '../../model/project';
import { findingOf } from '../check';
import { placesOf } from '../written';
import type { LiveCheck, LiveEnvironment } from './liveCheck';

/** Images that are not here yet, and such as are for another kind of processor. */
export const images: LiveCheck = {
  codes: ['image-missing', 'wrong-platform'],
  *find({ live }) {
    for (const environment of live) {
      yield* missing(environment);
      yield* wrong(environment);
    }
  },
};

/** The image of a service by its name on the engine: of one that is built and not named, as Compose names it. */
export function imageOf({ name, image }: ResolvedService, project: string | undefined): string {
  return image ?? `${project}-${name}`;
}

function* missing({ checked, snapshot, services, engine }: LiveEnvironment): Iterable<Finding> {
  const known = engine.images;
  if (!known) return;
  const absent = services.filter((service) => known.get(imageOf(service, snapshot.projectName)) === undefined);
  const [first] = absent;
  if (!first) return;
  const { id: environmentId, name } = checked.definition;
  const fixOf = (operation: 'pull' | 'build', title: string, ofThem: readonly ResolvedService[]): readonly Fix[] =>
    ofThem.length === 0
      ? []
      : [{ kind: 'operation', title, operation, environmentId, services: ofThem.map((one) => one.name) }];
  yield findingOf('image-missing', [checked], {
    message: l10n.t('Images of "{0}" are not here yet: {1}.', name, absent.map((one) => one.name).join(', ')),
    remedy: l10n.t('Bringing it up pulls or builds them first, which may take a while.'),
    places: placesOf(checked, ['services', first.name, first.built ? 'build' : 'image']),
    fixes: [
      ...fixOf(
        'pull',
        l10n.t('Pull images of "{0}"', name),
        absent.filter(({ built }) => !built),
      ),
      ...fixOf(
        'build',
        l10n.t('Build images of "{0}"', name),
        absent.filter(({ built }) => built),
      ),
    ],
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
