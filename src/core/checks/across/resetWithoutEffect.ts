import * as l10n from '@vscode/l10n';
import { record } from '../../common/json';
import { addTag } from '../../compose/composeEdit';
import type { ComposeSource, Entry } from '../../compose/composeSource';
import type { Finding } from '../../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { knowsTags, withoutTags } from './tags';

/** `ports: []` and the like in an overlay, where the files before it have some: what is empty changes nothing. */
export const resetWithoutEffect: Check = {
  codes: ['reset-without-effect'],
  *find(facts) {
    const canTag = knowsTags(facts);
    for (const environment of facts.environments) {
      for (const empty of emptyOnes(environment)) yield ofEmpty(environment, empty, canTag);
    }
  },
};

/** What is empty in an overlay, and is not once Compose has merged the files. */
interface Empty {
  readonly source: ComposeSource;
  readonly service: string;
  readonly entry: Entry;
  /** `[]`, `{}` or `null`. */
  readonly text: string;
}

function* emptyOnes({ sources, project }: CheckedEnvironment): Iterable<Empty> {
  const resolved = record(project?.config.content.services);
  for (const [index, source] of sources.entries()) {
    if (index === 0) continue;
    for (const { key: name, value } of source.entries(['services'])) {
      const service = String(name.value);
      for (const entry of source.entriesOf(value)) {
        const text = emptyText(source, entry);
        if (text === undefined) continue;
        const key = String(entry.key.value);
        const keys = ['services', service, key];
        const isLeft = isSome(record(resolved[service])[key]);
        const isThere = sources.slice(0, index).some((before) => isSome(before.value(keys)));
        if (isLeft && isThere && source.tag(keys) === undefined) yield { source, service, entry, text };
      }
    }
  }
}

/** Undefined where there is something, and where nothing is written at all: that may have yet to be. */
function emptyText(source: ComposeSource, { value }: Entry): string | undefined {
  if (value === null) return undefined;
  const { start, end } = source.range(value);
  if ('items' in value) return value.items.length > 0 ? undefined : source.text[start] === '{' ? '{}' : '[]';
  return 'value' in value && value.value === null && end > start ? 'null' : undefined;
}

function ofEmpty(environment: CheckedEnvironment, { source, service, entry, text }: Empty, canTag: boolean): Finding {
  const key = String(entry.key.value);
  const fix = {
    kind: 'edit',
    title: l10n.t('Remove what was there, with "!reset"'),
    edits: [addTag(source, entry, '!reset')],
    isSafe: text !== 'null',
  } as const;
  return findingOf('reset-without-effect', [environment], {
    message: l10n.t(
      '"{0}" of "{1}" is empty in the overlay, which removes nothing: what the files before it say stays.',
      key,
      service,
    ),
    remedy: canTag ? l10n.t('Write "{0}: !reset {1}" to remove it.', key, text) : withoutTags('!reset', key),
    service,
    places: [source.placeOfNode(entry.key)],
    fixes: canTag && source.isOwn(['services', service, key]) ? [fix] : [],
  });
}

function isSome(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
