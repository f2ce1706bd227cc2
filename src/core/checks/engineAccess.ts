import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { list } from '../common/json';
import type { Severity } from '../model/finding';
import { imageReference } from '../model/imageReference';
import { bindsOf } from './binds';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { writtenMount } from './mounts';
import { type CheckedService, isProduction, servicesByName, servicesOf } from './services';
import { placesOf } from './written';

/** Where the engine listens, in paths of its machine. Source: Docker's documentation, "dockerd", "Daemon socket option" and "Rootless mode". */
const SOCKET = /^(?:(?:\/var)?\/run\/(?:user\/\d+\/)?docker\.sock|(?:\/\/|\\\\)\.[\\/]pipe[\\/]docker_engine)$/;

/** The folders that it is in. Not `/var` alone, where `run` is a link to `/run`. */
const SOCKET_FOLDER = /^(?:\/|(?:\/var)?\/run)$/;

/** Programs that are there to work on the engine or the machine, by the names of their images. */
const ENGINE_TOOLS =
  /^(?:acme-companion|act_runner|alloy|autoheal|buildkit|caddy-docker-proxy|cadvisor|coolify|diun|docker|docker-gen|docker-volume-backup|dozzle|filebeat|fluent-bit|github-runner|gitlab-runner|glances|k3s|lazydocker|localstack(?:-pro)?|logspout|metricbeat|netdata|nginx-proxy|node-exporter|ofelia|otelcol(?:-contrib)?|opentelemetry-collector(?:-contrib)?|ouroboros|portainer(?:-ce|-ee)?|promtail|ryuk|telegraf|testcontainers|traefik|vector|watchtower|woodpecker-agent)$/;
const ENGINE_TOOL_REPOSITORIES = /(?:^|\/)(?:datadog|portainer|kindest)\/(?:agent|node)(?:[:@]|$)/;
/** Programs that hand on to others only what these may have. */
const SOCKET_PROXIES = /socket-proxy$/;

/** Capabilities with which a container can mount what the machine has. Source: capabilities(7); Docker's documentation, "docker run". */
const FULL_CAPABILITY = /^(?:CAP_)?(?:ALL|SYS_ADMIN)$/i;

/** Services that can do to the machine what its administrator can: worth a warning in production, elsewhere a hint. */
export const engineAccess: Check = {
  codes: ['privileged-service', 'docker-socket'],
  *find({ environments }) {
    for (const environment of environments) {
      if (environment.isOnCiOnly) continue;
      yield* privileged(environment);
      if (isProduction(environment)) yield* nearlyPrivileged(environment);
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

/** What lets a service out of its container as well, of those that are neither privileged nor there for it. */
function* nearlyPrivileged(environment: CheckedEnvironment) {
  for (const service of servicesOf(environment)) {
    const { name, config } = service;
    if (config.privileged === true || severityOf(service, environment) !== 'warning') continue;
    const capability = list(config.cap_add)
      .map(String)
      .find((one) => FULL_CAPABILITY.test(one));
    if (capability !== undefined) {
      yield findingOf('privileged-service', [environment], {
        message: l10n.t(
          '"{0}" has the capability {1}, and so is nearly privileged: what runs in it can get out of its container.',
          name,
          capability,
        ),
        remedy: l10n.t('Give it only the capabilities that it needs.'),
        service: name,
        places: placesOf(environment, ['services', name, 'cap_add']),
      });
    }
    if (config.pid === 'host') {
      yield findingOf('privileged-service', [environment], {
        // Mostly that is to watch them.
        severity: 'info',
        message: l10n.t('"{0}" has the processes of the machine: what runs in it as root can end each of them.', name),
        remedy: l10n.t('Remove "pid: host" where it does not need them.'),
        service: name,
        places: placesOf(environment, ['services', name, 'pid']),
      });
    }
  }
}

function* withSocket(environment: CheckedEnvironment) {
  const services = servicesByName(environment);
  for (const bind of bindsOf(environment)) {
    const service = services.get(bind.service);
    const source = plain(bind.source);
    const isFolder = isProduction(environment) && SOCKET_FOLDER.test(source);
    if (!service || !(isFolder || SOCKET.test(source))) continue;
    const severity = severityOf(service, environment);
    if (!severity || SOCKET_PROXIES.test(nameOf(service))) continue;
    const mount = writtenMount(environment, bind);
    yield findingOf('docker-socket', [environment], {
      severity,
      message: isFolder
        ? l10n.t(
            '"{0}" has {1} mounted, in which the Docker engine listens: what runs in it can do anything on the machine.',
            bind.service,
            source,
          )
        : l10n.t('"{0}" has the Docker engine mounted: what runs in it can do anything on the machine.', bind.service),
      remedy: isFolder
        ? l10n.t('Mount only what it needs of the folder.')
        : l10n.t('Remove the mount, or let it ask a proxy that hands on only what it needs.'),
      service: bind.service,
      places: mount ? [mount.source.placeOfNode(mount.item)] : placesOf(environment, bind.keys),
    });
  }
}

/** A path in its one form, as Docker takes it; that of a pipe of Windows as it is. */
function plain(source: string): string {
  return /[\\/]pipe[\\/]/.test(source) ? source : path.posix.normalize(source).replace(/(?<=.)\/$/, '');
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
