import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { list, record, text } from '../common/json';
import { removeEntry, replaceNode } from '../compose/composeEdit';
import type { Finding } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { isHealthChecked } from './dependencyNotAwaited';
import { type HealthCheckTrouble, ofForm, ofRefused, refusedTests } from './healthCheckForm';
import { lackingTool } from './imageTools';
import { ofMysqlAdmin } from './mysqlAdmin';
import { type CheckedService, servicesOf } from './services';
import { lastWritten, placesOf } from './written';

/** Health checks that can't tell what they are meant to, as their text alone shows. */
export const brokenHealthCheck: Check = {
  codes: ['broken-health-check'],
  *find({ environments }) {
    for (const environment of environments) {
      for (const { service, words } of refusedTests(environment)) {
        yield found(environment, service, ofRefused(service, words));
      }
      const services = servicesOf(environment);
      for (const service of services) {
        if (service.config.healthcheck === undefined) continue;
        const trouble = isHealthChecked(service) ? troubleOf(service, services) : switchedOff(environment, service);
        if (trouble) yield found(environment, service.name, trouble);
      }
    }
  },
};

function found(
  environment: CheckedEnvironment,
  name: string,
  { message, remedy, severity = 'warning', fix }: HealthCheckTrouble,
): Finding {
  const keys = ['services', name, 'healthcheck', 'test'];
  const test = lastWritten(environment, keys);
  const edits = test && fix?.edits(test);
  return findingOf('broken-health-check', [environment], {
    severity,
    message,
    remedy,
    service: name,
    places: test?.entry.value ? [test.source.placeOfNode(test.entry.value)] : placesOf(environment, keys),
    fixes: fix && edits ? [{ kind: 'edit', title: fix.title, edits, isSafe: fix.isSafe }] : [],
  });
}

function troubleOf(service: CheckedService, services: readonly CheckedService[]): HealthCheckTrouble | undefined {
  const test = list(record(service.config.healthcheck).test).map(String);
  return (
    ofForm(service.name, test) ??
    ofMysqlAdmin(service.name, test) ??
    ofTool(service, test) ??
    ofPort(service, services, test)
  );
}

function ofTool(service: CheckedService, test: readonly string[]): HealthCheckTrouble | undefined {
  const { name, resolved } = service;
  const lacking = resolved.built || !resolved.image ? undefined : lackingTool(resolved.image, test);
  if (!lacking || mayBringTool(service, lacking.tool, test)) return undefined;
  const { tool, instead, isShell } = lacking;
  if (isShell) {
    return {
      message: l10n.t('The health check of "{0}" is run by a shell, which its image does not have.', name),
      remedy: l10n.t('Write a program of the image after "CMD", with its arguments, or remove the health check.'),
    };
  }
  return {
    message: l10n.t('The health check of "{0}" needs "{1}", which its image does not have.', name, tool),
    remedy: instead
      ? l10n.t('Use what the image has: "{0}".', instead)
      : l10n.t('Use what the image has, or build one that has it.'),
  };
}

/** Folders that programs are looked for in, and those that these are in. */
const PROGRAMS = /^(?:\/usr(?:\/local)?|(?:\/usr(?:\/local)?)?\/s?bin)$/;

/** Whether a service may have a tool that its image lacks: installed as the container starts, or mounted. */
function mayBringTool({ config }: CheckedService, tool: string, test: readonly string[]): boolean {
  const started = JSON.stringify([config.command, config.entrypoint]);
  if (new RegExp(`(?<![\\w.-])${tool}(?![\\w.-])`).test(started)) return true;
  return [config.volumes, config.configs, config.secrets].flatMap(list).some((mount) => {
    const target = text(record(mount).target).replace(/\/+$/, '');
    if (target === '') return false;
    return path.posix.basename(target) === tool || PROGRAMS.test(target) || test.join(' ').includes(`${target}/`);
  });
}

/** An address of the container itself. */
const OWN_ADDRESS = /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d+)(?!\d)/g;

/** A request to the container itself, at the port that only the host has, or that only another service has. */
function ofPort(
  { name, config, resolved }: CheckedService,
  services: readonly CheckedService[],
  test: readonly string[],
) {
  const { healthcheck: _, ports: __, ...others } = config;
  const own = new Set([
    ...resolved.ports.map(({ target }) => target),
    ...list(config.expose).map((one) => Number.parseInt(String(one), 10)),
  ]);
  if (own.size === 0 || config.network_mode !== undefined) return undefined;
  const rest = JSON.stringify(others);
  const asked = [...test.join(' ').matchAll(OWN_ADDRESS)].map(([, port]) => Number(port));
  const wrong = asked.find((port) => !own.has(port) && !new RegExp(`(?<!\\d)${port}(?!\\d)`).test(rest));
  if (wrong === undefined) return undefined;
  const published = resolved.ports.find((port) => port.published === wrong);
  if (published) return ofPublished(name, wrong, published.target);
  const other = services.find((one) => one.name !== name && one.resolved.ports.some(({ target }) => target === wrong));
  if (!other) return undefined;
  return {
    message: l10n.t(
      'The health check of "{0}" asks its own container for port {1}, which is that of "{2}".',
      name,
      wrong,
      other.name,
    ),
    remedy: l10n.t('Ask for a port of "{0}", or move the health check to "{1}".', name, other.name),
  };
}

function ofPublished(name: string, wrong: number, right: number): HealthCheckTrouble {
  return {
    message: l10n.t(
      'The health check of "{0}" asks for port {1}, which only the host has: in the container it is {2}.',
      name,
      wrong,
      right,
    ),
    remedy: l10n.t('Ask for port {0}.', right),
    fix: {
      title: l10n.t('Ask for port {0}', right),
      isSafe: false,
      edits: ({ source, keys, entry }) => {
        const value = source.isOwn(keys) ? entry.value : null;
        if (!value) return undefined;
        const { start, end } = source.range(value);
        const written = source.text.slice(start, end);
        const changed = written.replaceAll(new RegExp(`:${wrong}(?!\\d)`, 'g'), `:${right}`);
        return changed === written ? undefined : [replaceNode(source, value, changed)];
      },
    },
  };
}

/** A test beside `disable: true` in the same place: an overlay that switches off what another file says is meant. */
function switchedOff(environment: CheckedEnvironment, { name }: CheckedService): HealthCheckTrouble | undefined {
  const keys = ['services', name, 'healthcheck'];
  const disable = lastWritten(environment, [...keys, 'disable']);
  const test = disable?.source.entry([...keys, 'test']);
  const isBeside = test?.map === disable?.entry.map && list(disable?.source.valueOf(test?.value))[0] !== 'NONE';
  if (!disable || !test || !isBeside || disable.source.valueOf(disable.entry.value) !== true) return undefined;
  return {
    severity: 'info',
    message: l10n.t('The health check of "{0}" is never run: "disable" is beside it.', name),
    remedy: l10n.t('Remove one of both.'),
    fix: {
      title: l10n.t('Remove "disable"'),
      isSafe: false,
      edits: () =>
        disable.source.isOwn([...keys, 'disable']) ? [removeEntry(disable.source, disable.entry)] : undefined,
    },
  };
}
