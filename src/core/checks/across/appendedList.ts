import * as l10n from '@vscode/l10n';
import type { Finding } from '../../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { appendedHosts } from './appendedHosts';
import { type AppendedPorts, appendedPorts } from './appendedPorts';
import { doubleMounts } from './doubleMount';
import { overrideFix, remedyOfAppended } from './portFixes';
import { hostsOverlap, portKey } from './publishedPorts';
import { knowsTags } from './tags';

/** Lists of an overlay that mean to replace those of the files before it: Compose adds them. */
export const appendedList: Check = {
  codes: ['appended-list'],
  *find(facts, isLeftOut) {
    const canTag = knowsTags(facts);
    for (const environment of facts.environments) {
      const found = appendedPorts(environment).map((appended) => ofPorts(environment, appended, canTag));
      // One that is left out must not take the others with it.
      yield* onceEach(found.filter(({ code, places }) => !isLeftOut(code, environment, places)));
      yield* appendedHosts(environment, canTag);
      yield* doubleMounts(environment);
    }
  },
};

/** Several overlays may add to the same ports: they are told at the last, which can take the place of all before it. */
function onceEach(findings: readonly Finding[]): Iterable<Finding> {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const places = [...finding.places, ...(found.get(finding.message)?.places ?? [])];
    const once = new Map(places.map((place) => [JSON.stringify(place), place]));
    found.set(finding.message, { ...finding, places: [...once.values()] });
  }
  return found.values();
}

function ofPorts(environment: CheckedEnvironment, appended: AppendedPorts, canTag: boolean): Finding {
  const { service, source, entry, replaced, published, extended } = appended;
  const isImpossible = published.some((one, index) =>
    published.slice(0, index).some((other) => portKey(other) === portKey(one) && hostsOverlap(other, one)),
  );
  const ports = published.map(({ host, published: port }) => (host === '' ? `${port}` : `${host}:${port}`));
  const words = [String(published[0]?.target), service, ports.join(l10n.t(' and '))];
  return findingOf('appended-list', [environment], {
    severity: isImpossible ? 'error' : 'warning',
    message:
      extended === undefined
        ? l10n.t(
            'Port {0} of "{1}" is published at {2}: the ports of an overlay are added to those of the files before it.',
            ...words,
          )
        : l10n.t(
            'Port {0} of "{1}" is published at {2}: its ports are added to those of "{3}", which it extends.',
            ...words,
            extended,
          ),
    remedy: remedyOfAppended(appended, canTag),
    service,
    places: [source.placeOfNode(entry.key), replaced.source.placeOfNode(replaced.item)],
    fixes: overrideFix(appended, canTag),
  });
}
