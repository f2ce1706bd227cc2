import * as l10n from '@vscode/l10n';
import { groupBy } from '../../common/lists';
import type { Finding, FindingPlace } from '../../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from '../check';
import { servicesByName } from '../services';
import { allQuoted, isFirstThere, placesBetween, quoted } from './names';
import { overrideFix, PortFixes, remedyOfAppended } from './portFixes';
import { hostsOverlap, type PublishedPort, portKey, portsText, publishedPorts } from './publishedPorts';
import { type Clash, clashesOf, compete, severityOf, withoutLeftOut } from './together';

/** One port of the machine that two environments publish, or two services of one environment: only one of them gets it. */
export const samePort: Check = {
  codes: ['same-port'],
  *find(facts, isLeftOut) {
    const fixes = new PortFixes(facts);
    for (const environment of facts.environments) yield* withinEnvironment(environment, fixes);
    const all = clashesOf(facts.environments, publishedPorts, portKey, hostsOverlap, compete);
    const clashes = withoutLeftOut(all, 'same-port', isLeftOut, (one) => fixes.placesOf(one.environment, one.thing));
    const ofService = groupBy(clashes, ({ environment, thing }) => [environment.definition.id, thing.service]);
    for (const ofOne of ofService) {
      // Those of a range are one.
      const ofOnePlace = groupBy(ofOne, ({ environment, thing, others }) => [
        fixes.placesOf(environment, thing),
        others.map((other) => other.environment.definition.id),
      ]);
      for (const together of ofOnePlace) yield betweenEnvironments(together, ofOne, fixes);
    }
  },
};

function* withinEnvironment(environment: CheckedEnvironment, fixes: PortFixes): Iterable<Finding> {
  const known = new Map<string, PublishedPort[]>();
  for (const port of publishedPorts(environment)) {
    const before = known.get(portKey(port)) ?? [];
    known.set(portKey(port), [...before, port]);
    const other = before.find((one) => hostsOverlap(one, port));
    if (!other || fixes.appendedTo(environment, other) || fixes.appendedTo(environment, port)) continue;
    const { service } = port;
    const number = String(port.published);
    const isOne = other.service === service;
    const places = [...fixes.placesOf(environment, port), ...fixes.placesOf(environment, other)].filter(isFirstThere);
    const isSure = isOne || areUpTogether(environment, [other, port], places);
    yield findingOf('same-port', [environment], {
      severity: isSure ? 'error' : 'warning',
      message: isOne
        ? l10n.t('"{0}" publishes port {1} twice: "up" fails.', service, number)
        : isSure
          ? l10n.t(
              'The services "{0}" and "{1}" both publish port {2}: "up" of both fails.',
              other.service,
              service,
              number,
            )
          : l10n.t(
              'The services "{0}" and "{1}" both publish port {2}: only one of them can be up.',
              other.service,
              service,
              number,
            ),
      remedy: isOne
        ? l10n.t('Publish it once.')
        : l10n.t('Publish another port, or put the two into different profiles.'),
      service,
      places,
      fixes: fixes.fixes(environment, port),
    });
  }
}

/**
 * Whether two services of an environment surely are up at the same time: neither is in a profile, of which one may be meant instead of the
 * other, nor ends by itself, and one file has both, so that it is not only guessed that they belong together.
 * @param places where they publish the port.
 */
function areUpTogether(
  environment: CheckedEnvironment,
  ports: readonly PublishedPort[],
  places: readonly FindingPlace[],
): boolean {
  const services = servicesByName(environment);
  const files = new Set(places.map(({ file }) => file));
  return (
    files.size === 1 &&
    ports.every(({ service }) => {
      const { profiles, oneShot } = services.get(service)?.resolved ?? {};
      return profiles?.length === 0 && oneShot !== true;
    })
  );
}

type PortClash = Clash<PublishedPort>;
type PortClashes = readonly [PortClash, ...PortClash[]];

/** @param all what clashes of the service in that environment. */
function betweenEnvironments(together: PortClashes, all: PortClashes, fixes: PortFixes): Finding {
  const [clash] = together;
  const { environment, thing, others } = clash;
  const those = others.map((other) => other.environment);
  const appended = fixes.appendedTo(environment, thing);
  const ports = portsText(together.map((one) => one.thing.published));
  const overlay = appended ? [appended.source.placeOfNode(appended.entry.key)] : [];
  return findingOf('same-port', [environment, ...those], {
    severity: severityOf(clash),
    message: l10n.t(
      '{0} and {1} both publish port {2}: only one of them can be up.',
      allQuoted(those),
      quoted(environment),
      thing.protocol === 'tcp' ? ports : `${ports}/${thing.protocol}`,
    ),
    remedy: appended
      ? remedyOfAppended(appended, fixes.canTag)
      : l10n.t('Publish another port in {0}, or none.', quoted(environment)),
    service: thing.service,
    places: [
      ...overlay,
      ...placesBetween(
        [{ environment, thing }, ...others].map((one) => [one.environment, fixes.placesOf(one.environment, one.thing)]),
      ),
    ],
    fixes: appended
      ? overrideFix(appended, fixes.canTag)
      : fixes.fixes(
          environment,
          thing,
          those,
          all.map((one) => one.thing),
        ),
  });
}
