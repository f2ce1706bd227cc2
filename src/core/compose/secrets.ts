import { UserError } from '../common/errors';
import { list, record } from '../common/json';
import { escapeRegExp } from '../common/text';
import { isOpenValue, isPinAnywhere, isSecretName } from './secretValue';

/** What stands in the place of a secret. */
export const MASK = '***';

/** Values that say too little to be secrets, and would mask half of an output. */
const TOO_PLAIN = /^(?:.{0,3}|\d{1,5}|true|false|none|null)$/i;

/** User and password in an address: `postgres://app:…@db/app`. */
const USER_INFO = /(?<=\b[a-z][a-z\d+.-]*:\/\/)[^\s/@:'"]*:[^\s/@'"]+(?=@)/gi;

/**
 * Knows the secrets of environments, and masks them in what other programs print. They are kept here, in memory, and
 * nowhere else.
 */
export class Secrets {
  private readonly valuesOf = new Map<string, readonly string[]>();
  private pattern: RegExp | undefined;

  /**
   * Takes the secrets of an environment from its resolved configuration, in the place of those it had before.
   * @param contents of the files of its secrets.
   */
  learn(environmentId: string, config: unknown, contents: readonly string[] = []): void {
    this.valuesOf.delete(environmentId);
    this.learnValues(environmentId, secretValues(config, contents));
  }

  /** Values that are secrets of an environment, besides those it has. */
  learnValues(environmentId: string, secrets: readonly string[]): void {
    this.valuesOf.set(environmentId, [...new Set([...(this.valuesOf.get(environmentId) ?? []), ...secrets])]);
    // Longest first: one may begin with another.
    const values = [...new Set([...this.valuesOf.values()].flat())].sort((a, b) => b.length - a.length);
    // Whole words only: the password "post" is no part of "postgres".
    this.pattern =
      values.length > 0
        ? new RegExp(`(?<![A-Za-z0-9])(?:${values.map(escapeRegExp).join('|')})(?![A-Za-z0-9])`, 'g')
        : undefined;
  }

  /** A text without secrets, as far as they are known, and without users and passwords in addresses. */
  readonly mask = (text: string): string => {
    const masked = text.replace(USER_INFO, MASK);
    return this.pattern ? masked.replace(this.pattern, MASK) : masked;
  };

  /** An error without secrets; the same one when it has none. */
  maskError(error: UserError): UserError {
    const { output } = error.details;
    const message = this.mask(error.message);
    const maskedOutput = output && this.mask(output);
    if (message === error.message && maskedOutput === output) return error;
    return new UserError(error.kind, message, { ...error.details, output: maskedOutput });
  }
}

/**
 * The values of variables that are secrets by their names, and the contents of the files of secrets. A value that is also a name in the
 * project, or that another variable has openly, is none: masking "postgres" would hide which service an output is about.
 */
function secretValues(config: unknown, contents: readonly string[]): readonly string[] {
  const services = Object.entries(record(record(config).services));
  const open = new Set<string>();
  const ports = new Set(services.flatMap(([, service]) => portsOf(record(service))));
  const secret = new Set(contents.map((content) => content.trim()).filter((content) => !TOO_PLAIN.test(content)));
  for (const name of [record(config).name, ...services.map(([service]) => service)]) open.add(String(name));
  for (const [, service] of services) {
    const { environment, build, image, container_name: container, hostname } = record(service);
    for (const name of [image, container, hostname]) open.add(String(name));
    for (const [name, value] of [environment, record(build).args].flatMap((set) => Object.entries(record(set)))) {
      if (typeof value !== 'string') continue;
      if (!isSecretName(name)) {
        if (isOpenValue(name, value)) open.add(value);
      } else if (!TOO_PLAIN.test(value) || isPinAnywhere(name, value, ports)) secret.add(value);
    }
  }
  return [...secret].filter((value) => !open.has(value)).flatMap(withLines);
}

/** The ports of a service as Compose has resolved it: of a range, the first and the last. */
function portsOf({ ports, expose }: Record<string, unknown>): readonly string[] {
  const all = list(ports)
    .map(record)
    .flatMap(({ target, published }) => [target, published]);
  return [...all, ...list(expose)].flatMap((port) => String(port ?? '').match(/\d+/g) ?? []);
}

/** A value of several lines, such as a PEM key, is printed line by line. */
function withLines(value: string): readonly string[] {
  return value.includes('\n')
    ? value
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => !TOO_PLAIN.test(line) && !/^-----/.test(line))
    : [value];
}
