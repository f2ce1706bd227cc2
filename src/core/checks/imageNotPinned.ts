import * as l10n from '@vscode/l10n';
import { list, record, text } from '../common/json';
import { usesIn } from '../compose/variableUses';
import { imageReference } from '../model/imageReference';
import { keepsDataAt } from '../model/storeData';
import { storeKindOf } from '../model/storeKind';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { withDefaults } from './environmentEnvFiles';
import { endsByItself } from './oneShotFailsWait';
import { type CheckedService, isProduction, servicesOf } from './services';
import { lastWritten, placesOf } from './written';

/**
 * Images of which another version may come with the next pull. In production that is hardly meant; nor is it of a database whose data
 * is kept, which a new major version can't read.
 */
export const imageNotPinned: Check = {
  codes: ['image-not-pinned'],
  *find({ environments }) {
    const built = new Set(environments.flatMap((one) => imagesOf(one).flatMap(builtImages)));
    for (const environment of environments) {
      for (const { name, image, config, isBuilt, isKept, isTool } of imagesOf(environment)) {
        const isMadeHere = isBuilt || ['build', 'never'].includes(text(config.pull_policy));
        if (!image || isMadeHere || built.has(withTag(image))) continue;
        const { tag, digest } = imageReference(image);
        const system = isKept && tag !== undefined && ONLY_SYSTEM.test(tag) ? tag : undefined;
        if (digest !== undefined || (tag !== undefined && tag !== 'latest' && system === undefined)) continue;
        const keys = ['services', name, 'image'];
        const written = lastWritten(environment, keys);
        const reference = text(written?.source.valueOf(written.entry.value));
        const uses = usesIn(reference, { start: 0, end: reference.length });
        const withDefault = uses.filter(({ operator }) => operator.endsWith('-'));
        // Whoever gives a variable a value has said which version is meant.
        if (reference.includes('$') && (withDefault.length === 0 || withDefaults(reference) !== image)) continue;
        // The version stands last: what comes before it may be a registry.
        const open = withDefault.find(({ range }) => range.end === reference.length);
        yield findingOf('image-not-pinned', [environment], {
          // Where it is deployed, a variable mostly has a value.
          severity: isKept || (isProduction(environment) && !open && !isTool) ? 'warning' : 'info',
          message: messageFor(name, image, { isKept, variable: open?.name }),
          remedy: open
            ? l10n.t('Name the version that you use as the default of {0}.', open.name)
            : l10n.t('Name the version that you use, such as {0}.', withSomeVersion(image, system)),
          service: name,
          places: written?.entry.value
            ? [written.source.placeOfNode(written.entry.value)]
            : placesOf(environment, keys),
        });
      }
    }
  },
};

/** Tags that say what system an image is built on, and nothing of the version of what is in it: `postgres:bookworm`. */
const ONLY_SYSTEM =
  /^(?:alpine|bionic|bookworm|bullseye|buster|debian|focal|forky|jammy|noble|oracle(?:linux)?|stretch|trixie|ubi|ubuntu)[\d.]*(?:-slim)?$/;

function messageFor(
  name: string,
  image: string,
  { isKept, variable }: { readonly isKept: boolean; readonly variable: string | undefined },
): string {
  if (isKept) {
    return l10n.t(
      'The image of "{0}" has no version, and the next one may not be able to read its data: {1}.',
      name,
      image,
    );
  }
  return variable === undefined
    ? l10n.t('The image of "{0}" has no version: {1}.', name, image)
    : l10n.t('The image of "{0}" has no version unless {1} says which: {2}.', name, variable, image);
}

/** A service with what its image goes by. */
interface ServiceImage {
  readonly name: string;
  readonly image: string | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly isBuilt: boolean;
  /** Whether it is a database that keeps its data. */
  readonly isKept: boolean;
  /** Whether it is there to do something once, by hand or as others start. */
  readonly isTool: boolean;
}

function imagesOf(environment: CheckedEnvironment): readonly ServiceImage[] {
  const { project, error, sources } = environment;
  if (!project) return error && sources.every(({ isValid }) => isValid) ? writtenImages(environment) : [];
  return servicesOf(environment).map((service) => {
    const { name, config, resolved } = service;
    const isBuilt = resolved.built === true;
    const isTool = isStartedByHand(resolved.image, config) || resolved.oneShot === true || endsByItself(service);
    return { name, image: resolved.image, config, isBuilt, isKept: keepsData(service), isTool };
  });
}

/** The images as the files have them, where Compose does not say what they amount to; of a service that extends another one, none. */
function writtenImages({ sources }: CheckedEnvironment): readonly ServiceImage[] {
  const names = new Set(sources.flatMap((source) => source.entries(['services']).map(({ key }) => String(key.value))));
  return [...names].map((name) => {
    const of = (key: string) => lastWritten({ sources, takenIn: [] }, ['services', name, key]);
    const config = Object.fromEntries(
      ['image', 'build', 'pull_policy', 'extends', 'ports', 'profiles', 'restart'].flatMap((key) => {
        const written = of(key);
        return written ? [[key, written.source.valueOf(written.entry.value)]] : [];
      }),
    );
    const image = config.extends === undefined ? text(config.image) : '';
    // A variable with a value says which version is meant: that it has none, only Compose knows.
    const rest = { config, isBuilt: 'build' in config, isKept: false, isTool: isStartedByHand(image, config) };
    return { name, image: image.includes('$') ? '' : image, ...rest };
  });
}

function builtImages({ isBuilt, image, config }: ServiceImage): readonly string[] {
  if (!isBuilt || !image) return [];
  const tags = list(record(config.build).tags).map(String);
  return [image, ...tags].map(withTag);
}

function withTag(image: string): string {
  const { tag, digest } = imageReference(image);
  return tag === undefined && digest === undefined ? `${image}:latest` : image;
}

function withSomeVersion(image: string, system: string | undefined): string {
  return system === undefined ? `${image.replace(/:latest$/, '')}:…` : image.replace(/[^:]+$/, `…-${system}`);
}

/** Programs that ask others to do something, and end. */
const CLIENTS = /^(?:certbot\/(?:certbot|dns-\w+)|minio\/mc|amazon\/aws-cli|curlimages\/curl)$/;

/** Whether a service is a client, or somebody starts it to do something once. @param config as Compose has it, or a file. */
function isStartedByHand(image: string | undefined, config: ServiceImage['config']): boolean {
  if (CLIENTS.test(imageReference(image ?? '').repository)) return true;
  const stays = list(config.ports).length > 0 || ['always', 'unless-stopped'].includes(text(config.restart));
  return !stays && (list(config.profiles).length > 0 || config.restart === 'no');
}

/** Whether it is a database that refuses data of another major version, which it keeps on a volume or in a folder. */
function keepsData({ resolved, config }: CheckedService): boolean {
  const kind = storeKindOf(resolved);
  if (kind === undefined || kind === 'redis') return false;
  return list(config.volumes)
    .map(record)
    .some(({ source, target }) => text(source) !== '' && keepsDataAt(config, text(target)));
}
