import * as l10n from '@vscode/l10n';
import type { Severity } from '../model/finding';
import { imageReference } from '../model/imageReference';
import { bindsOf } from './binds';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { writtenMount } from './mounts';
import { type CheckedService, isProduction, servicesByName, servicesOf } from './services';
import { placesOf } from './written';

/** Where the engine listens, in paths of its machine. Source: Docker's documentation, "dockerd", "Daemon socket option" and "Rootless mode". */
const SOCKET = /^(?:(?:\/var)?\/run\/(?:user\/\d+\/)?docker\.sock|(?:\/\/|\\\\)\.[\\/]pipe[\\/]docker_engine)$/;

/** Programs that are there to work on the engine or the machine, by the names of their images. */
const ENGINE_TOOLS =
  /^(?:acme-companion|act_runner|alloy|autoheal|buildkit|caddy-docker-proxy|cadvisor|coolify|diun|docker|docker-gen|docker-volume-backup|dozzle|filebeat|fluent-bit|github-runner|gitlab-runner|glances|k3s|lazydocker|localstack(?:-pro)?|logspout|metricbeat|netdata|nginx-proxy|node-exporter|ofelia|otelcol(?:-contrib)?|opentelemetry-collector(?:-contrib)?|ouroboros|portainer(?:-ce|-ee)?|promtail|ryuk|telegraf|testcontainers|traefik|vector|watchtower|woodpecker-agent)$/;
const ENGINE_TOOL_REPOSITORIES = /(?:^|\/)(?:datadog|portainer|kindest)\/(?:agent|node)(?:[:@]|$)/;
/** Programs that hand on to others only what these may have. */
const SOCKET_PROXIES = /socket-proxy$/;

/** Services that can do to the machine what its administrator can: worth a warning in production, elsewhere a hint. */
export const engineAccess: Check = {
  codes: ['privileged-service', 'docker-socket'],
  *find({ environments }) {
    for (const environment of environments) {
      if (environment.isOnCiOnly) continue;
      yield* privileged(environment);
      yield* withSocket(environment);
    }
  },
};

function* privileged(environment: CheckedEnvironment) {
  for (const service of servicesOf(environment)) {
    const severity = service.config.privileged === true ? severityOf(service, environment) : undefined;
    if (!severity) continue;
    yield findingOf('privileged-service', [environment], {
      severity,
      message: l10n.t('"{0}" is privileged: what runs in it can do anything on the machine.', service.name),
      remedy: l10n.t('Give it only what it needs, by "cap_add" and "devices".'),
      service: service.name,
      places: placesOf(environment, ['services', service.name, 'privileged']),
    });
  }
}

function* withSocket(environment: CheckedEnvironment) {
  const services = servicesByName(environment);
  for (const bind of bindsOf(environment)) {
    const service = services.get(bind.service);
    if (!service || !SOCKET.test(bind.source)) continue;
    const severity = severityOf(service, environment);
    if (!severity || SOCKET_PROXIES.test(nameOf(service))) continue;
    const mount = writtenMount(environment, bind);
    yield findingOf('docker-socket', [environment], {
      severity,
      message: l10n.t(
        '"{0}" has the Docker engine mounted: what runs in it can do anything on the machine.',
        bind.service,
      ),
      remedy: l10n.t('Remove the mount, or let it ask a proxy that hands on only what it needs.'),
      service: bind.service,
      places: mount ? [mount.source.placeOfNode(mount.item)] : placesOf(environment, bind.keys),
    });
  }
}

/** Undefined of what is there for it, but in production, where it is worth to know. */
function severityOf(service: CheckedService, environment: CheckedEnvironment): Severity | undefined {
  const isTool = ENGINE_TOOLS.test(nameOf(service)) || ENGINE_TOOL_REPOSITORIES.test(service.resolved.image ?? '');
  if (isProduction(environment)) return isTool ? 'info' : 'warning';
  return isTool ? undefined : 'info';
}

/** What a service is, by its image; of one whose image is built here, its own name has to do. */
function nameOf({ name, resolved }: CheckedService): string {
  return resolved.built || !resolved.image ? name : imageReference(resolved.image).name;
}
