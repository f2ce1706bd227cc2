import type { FileEdit } from '../model/finding';
import { addToMap, replaceNode } from './composeEdit';
import type { ComposeSource, Keys } from './composeSource';
import { shortParts } from './shortSyntax';

/** Addresses that stand for all of a machine. */
const ALL_ADDRESSES: readonly string[] = ['0.0.0.0', '::', '[::]'];

/** Whether an address of the host, as Compose says it, is all of them. @param hostIp undefined where none is given. */
export function isOnAllAddresses(hostIp: string | undefined): boolean {
  return hostIp === undefined || ALL_ADDRESSES.includes(hostIp);
}

/**
 * Has a published port listen on one address of the host.
 * @param keys the path of an item of `ports`.
 * @returns undefined where the item names an address of its own or a variable for one, or where others share its text.
 */
export function listenOn(source: ComposeSource, keys: Keys, address: string): FileEdit | undefined {
  const item = source.node(keys);
  if (!item || !source.isOwn(keys)) return undefined;
  if (source.entriesOf(item).length > 0) return listenOnInMap(source, keys, address);
  const { start, end } = source.range(item);
  const raw = source.text.slice(start, end);
  const quotes = /^(["']).*\1$/s.test(raw) ? 1 : 0;
  const parts = shortParts(raw.slice(quotes, raw.length - quotes));
  const [{ text = '' } = {}] = parts;
  const at = start + quotes;
  if (parts.length < 3) {
    return { file: source.file, start: at, end: at, text: `${address}${parts.length === 1 ? '::' : ':'}` };
  }
  if (parts.length > 3 || !ALL_ADDRESSES.includes(text)) return undefined;
  return { file: source.file, start: at, end: at + text.length, text: address };
}

function listenOnInMap(source: ComposeSource, keys: Keys, address: string): FileEdit | undefined {
  const own = source.entriesOf(source.node(keys)).filter(({ map }) => map === source.node(keys));
  const known = source.node([...keys, 'host_ip']);
  if (!known) return addToMap(source, own, `host_ip: ${address}`, `host_ip: ${address}`);
  return ALL_ADDRESSES.includes(String(source.valueOf(known))) ? replaceNode(source, known, address) : undefined;
}
