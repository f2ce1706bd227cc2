import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { list, record } from '../../common/json';
import type { FileEdit, FindingPlace, Fix } from '../../model/finding';
import type { CheckedEnvironment, CheckFacts } from '../check';
import { anotherPort, portEdits, portPlace } from '../portEdit';
import { placesOf } from '../written';
import { type AppendedPorts, appendedPorts } from './appendedPorts';
import { addToService, hasFile, ownSources } from './ownFiles';
import { type PublishedPort, portKey, publishedPorts } from './publishedPorts';
import { knowsTags, withoutTags } from './tags';

/** Where environments have their ports, and what gives them other ones, in one look at them. */
export class PortFixes {
  private readonly places = new Map<PublishedPort, readonly FindingPlace[]>();
  private readonly taken: Set<number>;
  private readonly given = new Map<string, number | undefined>();

  /** Whether Compose knows `!override`. */
  readonly canTag: boolean;

  constructor(facts: CheckFacts) {
    this.canTag = knowsTags(facts);
    this.taken = new Set(facts.environments.flatMap((one) => publishedPorts(one).map(({ published }) => published)));
  }

  /** Where a port is written; where no number is, at the key of the ports. */
  placesOf(environment: CheckedEnvironment, port: PublishedPort): readonly FindingPlace[] {
    const known = this.places.get(port);
    if (known) return known;
    const place = portPlace(environment, port.service, port);
    const places = place ? [place] : placesOf(environment, ['services', port.service, 'ports']);
    this.places.set(port, places);
    return places;
  }

  /** The overlay that adds its ports to this one of a file before it, where it means to take its place. */
  appendedTo(environment: CheckedEnvironment, port: PublishedPort): AppendedPorts | undefined {
    return appendedPorts(environment).find(
      ({ service, published, source }) =>
        service === port.service &&
        published.some(({ target }) => target === port.target) &&
        this.placesOf(environment, port)[0]?.file !== source.file,
    );
  }

  /** Another port in the place of one, written where it changes none of some other environments. */
  fixes(
    environment: CheckedEnvironment,
    port: PublishedPort,
    others: readonly CheckedEnvironment[] = [],
    clashing: readonly PublishedPort[] = [],
  ): readonly Fix[] {
    const to = this.insteadOf(environment, port);
    if (to === undefined) return [];
    const isOwn = (file: string) => !others.some((other) => hasFile(other, file) || wouldRead(other, file));
    const ways = portEdits(environment, port.service, port, to, true)
      .map(({ edits }) => edits)
      .filter((edits) => edits.every(({ file }) => isOwn(file)));
    const all = ways.length > 0 ? ways : this.inOverlay(environment, port.service, others, clashing);
    return all.map((edits) => ({
      kind: 'edit',
      title: l10n.t('Publish port {0}, in {1}', String(to), path.basename(edits.at(-1)?.file ?? '')),
      edits,
      isSafe: false,
    }));
  }

  /** One that no environment publishes, always the same in the place of the same. */
  private insteadOf({ definition }: CheckedEnvironment, port: PublishedPort): number | undefined {
    const key = `${definition.id}\n${portKey(port)}`;
    if (!this.given.has(key)) {
      const other = anotherPort(port.published, (one) => this.taken.has(one));
      if (other !== undefined) this.taken.add(other);
      this.given.set(key, other);
    }
    return this.given.get(key);
  }

  /** All ports of a service anew, in an overlay that says nothing of them, where each of them is to be another one. */
  private inOverlay(
    environment: CheckedEnvironment,
    service: string,
    others: readonly CheckedEnvironment[],
    clashing: readonly PublishedPort[],
  ): readonly (readonly FileEdit[])[] {
    const [overlay] = ownSources(environment, others);
    const written = list(record(record(environment.project?.config.content.services)[service]).ports);
    if (!overlay || !this.canTag || clashing.length < written.length) return [];
    const ports = clashing.map((port) => `  - "${portText(port, this.insteadOf(environment, port))}"`);
    const edit = addToService(overlay, service, 'ports', ['ports: !override', ...ports]);
    return edit ? [[edit]] : [];
  }
}

/** What to do about ports that are added. @param canTag whether Compose knows `!override`. */
export function remedyOfAppended({ override, extended, service }: AppendedPorts, canTag: boolean): string {
  if (extended !== undefined) {
    return canTag
      ? l10n.t('Write "ports: !override" in "{0}", with all ports that it is to publish.', service)
      : l10n.t('Move "ports" out of "{0}" into the services that extend it.', extended);
  }
  if (!canTag) return withoutTags('!override', 'ports');
  return override
    ? l10n.t('Write "ports: !override" in the overlay: then only its own are published.')
    : l10n.t('Write "ports: !override" in the overlay, with all ports that it is to publish.');
}

/** Has the ports of an overlay replace those before. @param canTag whether Compose knows `!override`. */
export function overrideFix({ override }: AppendedPorts, canTag: boolean): readonly Fix[] {
  if (!override || !canTag) return [];
  return [{ kind: 'edit', title: l10n.t('Replace the ports with "!override"'), edits: [override], isSafe: true }];
}

/** Whether an environment reads an env file as soon as there is one. */
function wouldRead({ definition: { envFiles, projectDirectory } }: CheckedEnvironment, file: string): boolean {
  return envFiles.length === 0 && file === path.join(projectDirectory, '.env');
}

function portText({ host, target, protocol, published }: PublishedPort, to = published): string {
  const address = host.includes(':') ? `[${host}]:` : host === '' ? '' : `${host}:`;
  return `${address}${to}:${target}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}
