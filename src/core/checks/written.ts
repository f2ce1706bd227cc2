import type { ComposeSource, Entry, Keys } from '../compose/composeSource';
import type { FindingPlace } from '../model/finding';
import type { CheckedEnvironment } from './check';

/** A key with its value, as a compose file has it. */
export interface Written {
  readonly source: ComposeSource;
  /** The path to it. */
  readonly keys: Keys;
  readonly entry: Entry;
}

type Files = Pick<CheckedEnvironment, 'sources' | 'takenIn'>;

/** Where the files of an environment have something at a path: of two, the one that Compose lets win comes first. */
export function* writtenAt({ sources, takenIn }: Files, keys: Keys): Iterable<Written> {
  for (const source of [...sources.toReversed(), ...takenIn]) {
    const entry = source.entry(keys);
    if (entry) yield { source, keys, entry };
  }
}

/** The first of {@link writtenAt}. */
export function lastWritten(files: Files, keys: Keys): Written | undefined {
  for (const written of writtenAt(files, keys)) return written;
  return undefined;
}

/** Where a user looks for something at a path: at the innermost of its keys that stands in a file. Empty when none does. */
export function placesOf(files: Files, keys: Keys): readonly FindingPlace[] {
  for (let length = keys.length; length > 0; length -= 1) {
    const written = lastWritten(files, keys.slice(0, length));
    if (written) return [written.source.placeOfNode(written.entry.key)];
  }
  return [];
}

/** The entries that stand in the map at a path themselves, and no merge key brings. */
export function ownEntries(source: ComposeSource, keys: Keys): readonly Entry[] {
  const node = source.node(keys);
  return source.entriesOf(node).filter(({ map }) => map === node);
}
