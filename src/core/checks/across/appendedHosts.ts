import * as l10n from '@vscode/l10n';
import { list, record } from '../../common/json';
import { addTag } from '../../compose/composeEdit';
import type { ComposeSource, Entry } from '../../compose/composeSource';
import type { Finding } from '../../model/finding';
import { type CheckedEnvironment, findingOf } from '../check';
import { withoutTags } from './tags';

/** What is asked in its order, so that what an overlay adds hardly counts: name servers, domains to look in, and addresses of a host. */
const KEYS = ['dns', 'dns_search', 'extra_hosts'] as const;
type Key = (typeof KEYS)[number];

/** Name servers, domains and addresses of hosts that an overlay has others of than the files before it, which Compose puts behind those. */
export function* appendedHosts(environment: CheckedEnvironment, canTag: boolean): Iterable<Finding> {
  const resolved = record(environment.project?.config.content.services);
  for (const [index, source] of environment.sources.entries()) {
    if (index === 0) continue;
    for (const { key: name, value } of source.entries(['services'])) {
      const service = String(name.value);
      for (const entry of source.entriesOf(value)) {
        const key = KEYS.find((one) => one === entry.key.value);
        if (!key || source.tag(['services', service, key]) !== undefined) continue;
        const own = answersOf(key, source.valueOf(entry.value));
        const all = answersOf(key, record(resolved[service])[key]);
        const before = environment.sources
          .slice(0, index)
          .flatMap((one) => [...answersOf(key, one.value(['services', service, key]))]);
        if (isReplaced(own, before, all))
          yield ofList(environment, { source, service, entry, key }, before, own, canTag);
      }
    }
  }
}

/** What is asked for, with an answer: a host with an address, or any name with a server or a domain. */
type Answer = readonly [asked: string, answer: string];

function answersOf(key: Key, value: unknown): readonly Answer[] {
  const items = typeof value === 'string' ? [value] : list(value).map(String);
  if (key !== 'extra_hosts') return items.map((server) => ['', server]);
  if (items.length > 0) return items.map(hostOf);
  return Object.entries(record(value)).flatMap(([host, addresses]) =>
    [addresses].flat().map((address): Answer => [host, String(address)]),
  );
}

/** `db:10.0.0.1`, `db=10.0.0.1` */
function hostOf(item: string): Answer {
  const [, host = item, address = ''] = /^([^:=]+)[:=](.*)$/.exec(item) ?? [];
  return [host, address];
}

/** Whether all answers of an overlay are others than those before, which stay. */
function isReplaced(own: readonly Answer[], before: readonly Answer[], all: readonly Answer[]): boolean {
  const isIn = ([asked, answer]: Answer, those: readonly Answer[]) =>
    those.some((other) => other[0] === asked && other[1] === answer);
  const isAskedIn = ([asked]: Answer, those: readonly Answer[]) => those.some((other) => other[0] === asked);
  return (
    own.some((one) => isAskedIn(one, before)) &&
    !own.some((one) => isIn(one, before)) &&
    before.some((one) => isAskedIn(one, own) && isIn(one, all))
  );
}

function ofList(
  environment: CheckedEnvironment,
  {
    source,
    service,
    entry,
    key,
  }: { readonly source: ComposeSource; readonly service: string; readonly entry: Entry; readonly key: Key },
  before: readonly Answer[],
  own: readonly Answer[],
  canTag: boolean,
): Finding {
  const isCovered = before.every(([asked]) => own.some((one) => one[0] === asked));
  const fix = {
    kind: 'edit',
    title: l10n.t('Replace what was there, with "!override"'),
    edits: [addTag(source, entry, '!override')],
    // They may be meant for when the first ones do not answer.
    isSafe: false,
  } as const;
  return findingOf('appended-list', [environment], {
    // Names that are in none of the domains before are found as they are meant to be.
    ...(key === 'dns_search' ? { severity: 'info' } : {}),
    message: l10n.t(
      '"{0}" of "{1}" comes after what the files before the overlay say, which is asked first: it hardly counts.',
      key,
      service,
    ),
    remedy: canTag
      ? l10n.t('Write "{0}: !override" in the overlay, with all that it is to have.', key)
      : withoutTags('!override', key),
    service,
    places: [source.placeOfNode(entry.key)],
    fixes: canTag && isCovered && source.isOwn(['services', service, key]) ? [fix] : [],
  });
}
