import fs from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Berth } from '../../src/core/berth';
import { BenchError } from '../support/errors';

/** What a process holds while nothing is under way. */
export interface Holdings {
  /** Bytes, right after garbage was collected. */
  readonly heap: number;
  /** Handles and requests that keep it alive, by kind. */
  readonly resources: ReadonlyMap<string, number>;
  /** Who listens to core. */
  readonly listeners: number;
  /** The commands of its child processes. */
  readonly children: readonly string[];
}

/** How much the heap may grow from the first look to the last, in bytes: what code and caches take once. */
const HEAP_SLACK = 6e6;
/** How many more handles of a kind there may be: connections are kept a while for the next request. */
const RESOURCE_SLACK = 3;

v8.setFlagsFromString('--expose-gc');
const collect: () => void = vm.runInNewContext('gc');

export function holdings(berth: Berth): Holdings {
  collect();
  collect();
  const resources = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) resources.set(kind, (resources.get(kind) ?? 0) + 1);
  const emitters: [owner: object, name: string][] = [
    [berth.store, 'emitter'],
    [berth.operations, 'emitter'],
  ];
  for (const feed of berth.feeds) emitters.push([feed, 'stateEmitter'], [feed, 'containersEmitter']);
  return {
    heap: process.memoryUsage().heapUsed,
    resources,
    listeners: emitters.reduce((sum, [owner, name]) => sum + listenersOf(owner, name), 0),
    children: children(),
  };
}

/** How many listeners an emitter has: private to core, and for no one else to know. */
function listenersOf(owner: object, name: string): number {
  return Reflect.get(Reflect.get(owner, name), 'listeners').size;
}

/** @throws {@link BenchError} when there is more of anything than there was. */
export function refuseLeaks(first: Holdings, now: Holdings): void {
  const more: string[] = [];
  for (const [kind, count] of now.resources) {
    const before = first.resources.get(kind) ?? 0;
    if (count > before + RESOURCE_SLACK) more.push(`${kind}: ${before}, now ${count}`);
  }
  if (now.listeners !== first.listeners) more.push(`listeners: ${first.listeners}, now ${now.listeners}`);
  if (now.children.length > first.children.length) more.push(`processes: ${now.children.join('; ')}`);
  if (now.heap > first.heap + HEAP_SLACK) more.push(`heap: ${first.heap} bytes, now ${now.heap}`);
  if (more.length > 0) throw new BenchError(`Something leaks:\n  ${more.join('\n  ')}`);
}

function children(): readonly string[] {
  const tasks = fs.readdirSync('/proc/self/task');
  const ids = tasks.flatMap((task) => fs.readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '));
  return ids.filter(Boolean).map((id) => {
    try {
      return fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100);
    } catch {
      return id;
    }
  });
}
