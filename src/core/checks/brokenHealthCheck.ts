import * as l10n from '@vscode/l10n';
import { list, record } from '../common/json';
import { removeEntry, replaceNode } from '../compose/composeEdit';
import { runBy, runByShell, SHELL_OPERATOR } from '../compose/healthCheckEdit';
import type { FileEdit, Finding } from '../model/finding';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { isHealthChecked } from './dependencyNotAwaited';
import { lackingTool } from './imageTools';
import { type CheckedService, servicesOf } from './services';
import { lastWritten, placesOf, type Written } from './written';

/** What is wrong with a health check. */
interface Trouble extends Pick<Finding, 'message' | 'remedy'> {
  readonly severity?: Finding['severity'];
  readonly fix?: {
    readonly title: string;
    readonly isSafe: boolean;
    readonly edits: (test: Written) => readonly FileEdit[] | undefined;
  };
}

/** Health checks that can't tell what they are meant to, as their text alone shows. */
export const brokenHealthCheck: Check = {
  codes: ['broken-health-check'],
  *find({ environments }) {
    for (const environment of environments) {
      const services = servicesOf(environment);
      for (const service of services) {
        if (service.config.healthcheck === undefined) continue;
        const trouble = isHealthChecked(service) ? troubleOf(service, services) : switchedOff(environment, service);
        if (trouble) yield found(environment, service, trouble);
      }
    }
  },
};

function found(
  environment: CheckedEnvironment,
  { name }: CheckedService,
  { message, remedy, severity = 'warning', fix }: Trouble,
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

function troubleOf(service: CheckedService, services: readonly CheckedService[]): Trouble | undefined {
  const test = list(record(service.config.healthcheck).test).map(String);
  return ofForm(service.name, test) ?? ofTool(service, test) ?? ofPort(service, services, test);
}

/** Programs that make something of such words themselves. */
const INTERPRETERS = /(?:^|\/)(?:\w*sh|python[\d.]*|node|php|perl|ruby|expr|test|\[)$/;

/** Source: the Dockerfile reference, `HEALTHCHECK`: `CMD` starts a program with its arguments, `CMD-SHELL` runs one text in a shell. */
function ofForm(name: string, [kind, program = '', ...words]: readonly string[]): Trouble | undefined {
  if (kind === 'CMD' && words.length === 0 && /\S\s+\S/.test(program)) {
    return {
      severity: 'error',
      message: l10n.t(
        'The health check of "{0}" never succeeds: "CMD" takes the whole command for the name of a program.',
        name,
      ),
      remedy: l10n.t('Write "CMD-SHELL" in the place of "CMD", or each argument as an item of its own.'),
      fix: {
        title: l10n.t('Run it in a shell'),
        isSafe: true,
        edits: ({ source, keys }) => runBy(source, keys, 'CMD-SHELL'),
      },
    };
  }
  if (kind === 'CMD-SHELL' && words.length > 0) {
    const isPlain = ![program, ...words].some((word) => /[\s|&;<>$`"'\\*?()]/.test(word));
    return {
      message: l10n.t(
        'The health check of "{0}" runs without its arguments: "CMD-SHELL" only runs the one text after it.',
        name,
      ),
      remedy: l10n.t('Write the command as one text, or "CMD" in the place of "CMD-SHELL".'),
      fix: {
        title: l10n.t('Run it with its arguments'),
        isSafe: true,
        edits: ({ source, keys }) => (isPlain ? runBy(source, keys, 'CMD') : runByShell(source, keys)),
      },
    };
  }
  if (kind !== 'CMD' || INTERPRETERS.test(program)) return undefined;
  const runInShell: Trouble['fix'] = {
    title: l10n.t('Run it in a shell'),
    isSafe: true,
    edits: ({ source, keys }) => runByShell(source, keys),
  };
  const operator = words.find((word) => SHELL_OPERATOR.test(word));
  if (operator !== undefined) {
    return {
      message: l10n.t(
        'The health check of "{0}" hands "{1}" to its program as an argument: "CMD" uses no shell.',
        name,
        operator.replace(/\s.*/, ''),
      ),
      remedy: l10n.t('Write the command as one text after "CMD-SHELL".'),
      fix: runInShell,
    };
  }
  // Compose writes a dollar sign that is none of its own twice.
  const variable = words.map((word) => /\$\$\{?(\w+)\}?$/.exec(word)?.[1]).find((one) => one !== undefined);
  if (variable === undefined) return undefined;
  return {
    message: l10n.t(
      'The health check of "{0}" uses the name of the variable {1} in the place of its value: "CMD" uses no shell.',
      name,
      variable,
    ),
    remedy: l10n.t('Write the command as one text after "CMD-SHELL".'),
    fix: runInShell,
  };
}

function ofTool({ name, config, resolved }: CheckedService, test: readonly string[]): Trouble | undefined {
  const lacking = resolved.built || !resolved.image ? undefined : lackingTool(resolved.image, test);
  // It may be installed as the container starts.
  if (!lacking || JSON.stringify([config.command, config.entrypoint]).includes(lacking.tool)) return undefined;
  const { tool, instead } = lacking;
  return {
    message: l10n.t('The health check of "{0}" needs "{1}", which its image does not have.', name, tool),
    remedy: instead
      ? l10n.t('Use what the image has: "{0}".', instead)
      : l10n.t('Use what the image has, or build one that has it.'),
  };
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

function ofPublished(name: string, wrong: number, right: number): Trouble {
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
function switchedOff(environment: CheckedEnvironment, { name }: CheckedService): Trouble | undefined {
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
