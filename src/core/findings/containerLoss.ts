import * as l10n from '@vscode/l10n';
import { list, record, text } from '../common/json';
import { mountedVolumes } from '../engine/mountedVolumes';
import { sizeText } from '../model/belongings';

/**
 * What goes with a container, and what stays, a sentence each.
 * @param details `GET /containers/{id}/json` with sizes.
 */
export function containerLoss(details: unknown): readonly string[] {
  const { State, SizeRw, HostConfig } = record(details);
  const isRemovedAtEnd = record(HostConfig).AutoRemove === true;
  const written = typeof SizeRw === 'number' ? SizeRw : undefined;
  const { named, nameless } = mountedVolumes(details);
  return [
    writtenText(written),
    ...memoryLoss(details),
    ...(record(State).Running === true ? [l10n.t('It runs, and is ended.')] : []),
    ...(nameless.length > 0
      ? [
          isRemovedAtEnd
            ? l10n.t('Its volumes without names of their own go with it: {0}.', shortened(nameless))
            : l10n.t(
                'Its volumes without names of their own stay, and nothing tells then whose they were: {0}.',
                shortened(nameless),
              ),
        ]
      : []),
    ...(named.length > 0
      ? [
          nameless.length > 0
            ? l10n.t('Its other volumes stay: {0}.', named.join(', '))
            : l10n.t('Its volumes stay: {0}.', named.join(', ')),
        ]
      : []),
  ];
}

/** What goes when a container ends, even if it stays: none or one sentence. @param details `GET /containers/{id}/json`. */
export function memoryLoss(details: unknown): readonly string[] {
  const paths = pathsInMemory(details);
  return paths.length > 0 ? [l10n.t('What it has in memory goes: {0}.', paths.join(', '))] : [];
}

/** The paths in a container that runs of what is in memory alone (`tmpfs`). @param details `GET /containers/{id}/json`. */
export function pathsInMemory(details: unknown): readonly string[] {
  const { State, Mounts, HostConfig } = record(details);
  if (record(State).Running !== true) return [];
  const mounted = list(Mounts)
    .map(record)
    .filter(({ Type }) => Type === 'tmpfs')
    .map(({ Destination }) => text(Destination));
  // The engine does not list these with the others.
  return [...new Set([...mounted, ...Object.keys(record(record(HostConfig).Tmpfs))])].sort();
}

/** @param size in bytes; undefined where the engine does not tell. */
function writtenText(size: number | undefined): string {
  if (size === 0) return l10n.t('It has written nothing outside of volumes.');
  return size === undefined
    ? l10n.t('What it has written outside of volumes goes with it.')
    : l10n.t('What it has written outside of volumes goes with it: {0}.', sizeText(size));
}

function shortened(names: readonly string[]): string {
  return names.map((name) => name.slice(0, 12)).join(', ');
}
