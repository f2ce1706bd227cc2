import path from 'node:path';
import { list, record, text } from '../common/json';
import { isWithin } from '../model/dataFolder';
import type { Credential, DataPlace, MountedPath, ServiceFacts, ServiceNetwork } from '../model/facts';
import { keepsDataAt } from '../model/storeData';
import { storeKindOf } from '../model/storeKind';
import { limitsOf } from './limits';
import { parsePort } from './resolve';
import { isSecretName } from './secretValue';

type Json = Readonly<Record<string, unknown>>;

/**
 * What is compared of the services, from what `docker compose config --format json` says. No value of a variable is in it.
 * @param config with the values of all variables.
 * @param written the same with `--no-interpolate`, which says where values come from; undefined when Compose did not tell.
 */
export function serviceFacts(config: unknown, written: unknown | undefined): readonly ServiceFacts[] {
  const all = record(config);
  const asWritten = record(record(written).services);
  return Object.entries(record(all.services)).map(([name, value]) => {
    const service = record(value);
    const limits = limitsOf(service);
    const image = text(service.image) || undefined;
    const networkMode = text(service.network_mode) || undefined;
    const mounts = mountsOf(service);
    return {
      name,
      ...(image === undefined ? {} : { image }),
      profiles: list(service.profiles).map(String),
      ...(service.build === undefined ? {} : { build: buildOf(record(service.build)) }),
      ports: list(service.ports)
        .map(parsePort)
        .sort((a, b) => a.target - b.target || (a.published ?? 0) - (b.published ?? 0)),
      data: dataOf(service, record(all.volumes)),
      sources: mounts.filter((mount) => isSource(mount, service)),
      mounts: mounts.filter((mount) => !isSource(mount, service)),
      networks: networkMode === undefined ? networksOf(service, record(all.networks)) : [],
      ...(networkMode === undefined ? {} : { networkMode }),
      restart: text(service.restart) || text(record(record(service.deploy).restart_policy).condition) || 'no',
      ...(limits ? { limits } : {}),
      ...(written === undefined
        ? {}
        : { credentials: credentialsOf(service, record(asWritten[name]), record(all.secrets)) }),
    };
  });
}

/** A user, or a token in its place, in the address of a repository. */
const REPOSITORY_USER = /^([a-z][a-z\d+.-]*:\/\/)[^\s/@]*@/i;

function buildOf(build: Json): NonNullable<ServiceFacts['build']> {
  const target = text(build.target) || undefined;
  const context = text(build.context).replace(REPOSITORY_USER, '$1');
  return { context, ...(target === undefined ? {} : { target }) };
}

/** Volumes and tmpfs mounts, folders that a data store keeps its data in; of a store without any, that it has none. */
function dataOf(service: Json, volumes: Json): readonly DataPlace[] {
  const places = [
    ...list(service.volumes).flatMap((mount) => dataPlace(record(mount), service, volumes) ?? []),
    // Options stand behind a colon: `/data:size=64m`.
    ...list(service.tmpfs).map((mount): DataPlace => ({ kind: 'tmpfs', target: String(mount).replace(/:.*$/, '') })),
  ];
  const isStore = storeKindOf({ image: text(service.image) }) !== undefined;
  return places.length === 0 && isStore ? [{ kind: 'none' }] : places;
}

function dataPlace(mount: Json, service: Json, volumes: Json): DataPlace | undefined {
  const { type } = mount;
  const [source, target] = [text(mount.source), text(mount.target)];
  if (type === 'tmpfs') return { kind: 'tmpfs', target };
  if (type === 'bind') return keepsData(mount, service) ? { kind: 'bind', source, target } : undefined;
  if (type !== 'volume') return undefined;
  if (source === '') return { kind: 'unnamed-volume', target };
  const { name, external } = record(volumes[source]);
  return { kind: 'volume', key: source, name: text(name) || source, external: Boolean(external), target };
}

function keepsData({ target, read_only: isReadOnly }: Json, service: Json): boolean {
  return isReadOnly !== true && keepsDataAt(service, text(target));
}

/** What of the machine is mounted that is no store's data, and what `docker compose watch` follows. */
function mountsOf(service: Json): readonly MountedPath[] {
  const binds = list(service.volumes)
    .map(record)
    .filter((mount) => mount.type === 'bind' && !keepsData(mount, service))
    .map((mount) => mounted('mount', mount.source, mount.target, mount.read_only === true));
  const watched = list(record(service.develop).watch)
    .map(record)
    .map((rule) => mounted('watch', rule.path, rule.target, false));
  return [...binds, ...watched];
}

function mounted(kind: MountedPath['kind'], source: unknown, target: unknown, readOnly: boolean): MountedPath {
  return { kind, source: text(source), ...(text(target) ? { target: text(target) } : {}), readOnly };
}

/** Whether a mount is of the sources that a service is built from, or is one that is watched. */
function isSource({ kind, source }: MountedPath, { build }: Json): boolean {
  const context = text(record(build).context);
  return kind === 'watch' || (path.isAbsolute(context) && (isWithin(context, source) || isWithin(source, context)));
}

function networksOf({ networks }: Json, declared: Json): readonly ServiceNetwork[] {
  return Object.keys(record(networks)).map((key) => {
    const { name, external, internal } = record(declared[key]);
    return { key, name: text(name) || key, external: Boolean(external), internal: internal === true };
  });
}

/** A variable in a text of a compose file; `$$` stands for a dollar sign. */
const VARIABLE = /(?<!\$)(?:\$\$)*\$[{A-Za-z_]/;
/** A user with a password in an address, be they variables, or left empty. */
const USER_INFO = /^[a-z][a-z\d+.-]*:\/\/[^\s/]*:[^\s/]*@/i;
/** Where programs keep credentials in a home folder. */
const CREDENTIAL_FILE = /\/\.(?:aws|azure|config\/gcloud|docker|gnupg|kube|netrc|npmrc|pgpass|pypirc|ssh)(?:\/|$)/;

function credentialsOf(service: Json, written: Json, secrets: Json): readonly Credential[] {
  const inFiles = writtenVariables(written.environment);
  const variables = Object.entries(record(service.environment)).flatMap(([name, value]): Credential[] => {
    if (/_FILE$/.test(name) && isSecretName(name.slice(0, -'_FILE'.length))) return [{ name, source: 'file' }];
    const one = inFiles.get(name);
    if (!isSecretName(name) && !USER_INFO.test(text(value)) && !USER_INFO.test(one ?? '')) return [];
    // What no compose file says, an env file of the service does.
    if (!inFiles.has(name)) return [{ name, source: 'file' }];
    return [{ name, source: one === undefined || VARIABLE.test(one) ? 'variable' : 'literal' }];
  });
  const mounted = list(service.volumes)
    .map(record)
    .filter(({ type, source }) => type === 'bind' && CREDENTIAL_FILE.test(text(source).replaceAll('\\', '/')))
    .map(({ source }): Credential => ({ name: path.basename(text(source)), source: 'file' }));
  const declared = list(service.secrets).map((one) => secretSource(text(record(one).source), secrets));
  return [...variables, ...mounted, ...declared].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The variables that the compose files set, with what stands there; undefined for one that is passed on as it is. */
function writtenVariables(environment: unknown): ReadonlyMap<string, string | undefined> {
  if (!Array.isArray(environment)) {
    return new Map(
      Object.entries(record(environment)).map(([name, value]) => [name, value === null ? undefined : String(value)]),
    );
  }
  return new Map(
    environment.map(String).map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

function secretSource(name: string, secrets: Json): Credential {
  const { environment, content } = record(secrets[name]);
  if (environment !== undefined) return { name, source: 'variable' };
  return { name, source: content === undefined ? 'file' : 'literal' };
}
