import type { Node } from 'yaml';
import { text } from '../common/json';
import type { ComposeSource, Keys } from '../compose/composeSource';
import { type ShortPart, shortParts } from '../compose/shortSyntax';
import { isWithin } from '../model/dataFolder';
import type { FindingPlace } from '../model/finding';
import { bindsOf, type CheckedBind, fileGrants } from './binds';
import type { CheckedEnvironment } from './check';
import { placesOf, writtenAt } from './written';

/** A mount as a compose file has it. */
export interface WrittenMount {
  readonly source: ComposeSource;
  /** The path to it. */
  readonly keys: Keys;
  readonly item: Node;
  /** Where it is mounted in the container, as it is written; `start` is an offset in the file. */
  readonly target: ShortPart;
}

/** Where a mount of a service is written. Of one with a variable in it, the names at the ends of its paths have to do. */
export function writtenMount(
  environment: CheckedEnvironment,
  bind: Pick<CheckedBind, 'service' | 'target'>,
): WrittenMount | undefined {
  for (const { source, keys } of writtenAt(environment, ['services', bind.service, 'volumes'])) {
    for (const [index, item] of source.items(keys).entries()) {
      const target = targetOf(source, [...keys, index], item);
      if (target && isMeant(target.text, bind.target)) return { source, keys: [...keys, index], item, target };
    }
  }
  return undefined;
}

/** Where a user changes a mount of a service: at its item, else at its keys. */
export function placesOfMount(
  environment: CheckedEnvironment,
  bind: Pick<CheckedBind, 'service' | 'target' | 'keys'>,
): readonly FindingPlace[] {
  const mount = writtenMount(environment, bind);
  return mount ? [mount.source.placeOfNode(mount.item)] : placesOf(environment, bind.keys);
}

/** Where a service is given a file or folder of this machine: the innermost of the mounts that bring it, or the config or secret. */
export function placesOfGiven(environment: CheckedEnvironment, service: string, file: string): readonly FindingPlace[] {
  const [bind] = [...bindsOf(environment), ...fileGrants(environment)]
    .filter((one) => one.service === service && isWithin(one.source, file))
    .sort((a, b) => b.source.length - a.source.length);
  return placesOfMount(environment, bind ?? { service, target: '', keys: ['services', service, 'volumes'] });
}

function targetOf(source: ComposeSource, keys: Keys, item: Node): ShortPart | undefined {
  const node = source.node([...keys, 'target']) ?? item;
  const { start, end } = source.range(node);
  const raw = source.text.slice(start, end);
  const quotes = /^(["']).*\1$/s.test(raw) ? 1 : 0;
  const written = raw.slice(quotes, raw.length - quotes);
  if (node !== item) return { text: written, start: start + quotes };
  if (text(source.valueOf(item)) === '') return undefined;
  // `./conf:/etc/conf:ro,z`
  const parts = shortParts(written);
  const last = parts.length > 2 && /^[a-z,]+$/i.test(parts.at(-1)?.text ?? '') ? parts.at(-2) : parts.at(-1);
  return last && { text: last.text, start: start + quotes + last.start };
}

function isMeant(written: string, target: string): boolean {
  const plain = written.replace(/(?<=.)\/+$/, '');
  // What stands behind a variable is known.
  const end = plain.slice(plain.lastIndexOf('}') + 1);
  return plain === target || (plain.includes('$') && end !== '' && target.endsWith(end));
}
