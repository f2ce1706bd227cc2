import * as l10n from '@vscode/l10n';
import { list, record, text } from '../common/json';
import { usesIn } from '../compose/variableUses';
import { imageReference } from '../model/imageReference';
import { keepsDataAt } from '../model/storeData';
import { storeKindOf } from '../model/storeKind';
import { type Check, findingOf } from './check';
import { withDefaults } from './environmentEnvFiles';
import { type CheckedService, isProduction, servicesOf } from './services';
import { lastWritten, placesOf } from './written';

/**
 * Images of which another version may come with the next pull. In production that is hardly meant; nor is it of a database whose data
 * is kept, which a new major version can't read.
 */
export const imageNotPinned: Check = {
  codes: ['image-not-pinned'],
  *find({ environments }) {
    const built = new Set(environments.flatMap((one) => servicesOf(one).flatMap(builtImages)));
    for (const environment of environments) {
      for (const service of servicesOf(environment)) {
        const { name, config, resolved } = service;
        const isMadeHere = resolved.built || ['build', 'never'].includes(text(config.pull_policy));
        if (!resolved.image || isMadeHere || built.has(withTag(resolved.image))) continue;
        const { tag, digest } = imageReference(resolved.image);
        if (digest !== undefined || (tag !== undefined && tag !== 'latest')) continue;
        const keys = ['services', name, 'image'];
        const written = lastWritten(environment, keys);
        const reference = text(written?.source.valueOf(written.entry.value));
        const uses = usesIn(reference, { start: 0, end: reference.length });
        const withDefault = uses.filter(({ operator }) => operator.endsWith('-'));
        // Whoever gives a variable a value has said which version is meant.
        if (reference.includes('$') && (withDefault.length === 0 || withDefaults(reference) !== resolved.image))
          continue;
        // The version stands last: what comes before it may be a registry.
        const open = withDefault.find(({ range }) => range.end === reference.length);
        const isKept = keepsData(service);
        yield findingOf('image-not-pinned', [environment], {
          // Where it is deployed, a variable mostly has a value.
          severity: isKept || (isProduction(environment) && !open) ? 'warning' : 'info',
          message: messageFor(name, resolved.image, { isKept, variable: open?.name }),
          remedy: open
            ? l10n.t('Name the version that you use as the default of {0}.', open.name)
            : l10n.t('Name the version that you use, such as {0}.', `${withoutTag(resolved.image)}:…`),
          service: name,
          places: written?.entry.value
            ? [written.source.placeOfNode(written.entry.value)]
            : placesOf(environment, keys),
        });
      }
    }
  },
};

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

function builtImages({ resolved, config }: CheckedService): readonly string[] {
  if (!resolved.built || !resolved.image) return [];
  const tags = list(record(config.build).tags).map(String);
  return [resolved.image, ...tags].map(withTag);
}

function withTag(image: string): string {
  const { tag, digest } = imageReference(image);
  return tag === undefined && digest === undefined ? `${image}:latest` : image;
}

function withoutTag(image: string): string {
  return image.replace(/:latest$/, '');
}

/** Whether it is a database that refuses data of another major version, which it keeps on a volume or in a folder. */
function keepsData({ resolved, config }: CheckedService): boolean {
  const kind = storeKindOf(resolved);
  if (kind === undefined || kind === 'redis') return false;
  return list(config.volumes)
    .map(record)
    .some(({ source, target }) => text(source) !== '' && keepsDataAt(config, text(target)));
}
