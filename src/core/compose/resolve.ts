import fs from 'node:fs/promises';
import { isTooDeep } from '../common/depth';
import { list, record, text } from '../common/json';
import type { EnvironmentDefinition } from '../model/environment';
import { type BindMount, ComposeConfig, type Port, type ResolvedProject, type ResolvedService } from '../model/project';
import { RefusedFiles } from '../model/refusedFiles';
import { keepsDataAt } from '../model/storeData';
import { runCompose } from './compose';
import { ALL_PROFILES, composeCall } from './composeCall';
import { parseConfig } from './config';
import { type ComposeText, configurationError } from './configurationError';
import { envFilesOf } from './envFiles';
import { limitsOf } from './limits';
import type { OutputCache } from './outputCache';
import { secretContents } from './secretContents';
import type { Secrets } from './secrets';
import { stoppedAtVariable, unsetInTexts, unsetVariables } from './unsetVariables';
import { variableSecrets } from './variableSecrets';

/**
 * Asks `docker compose config` what an environment contains, the services of all profiles included. Works without an engine.
 * @param dependsOn absolute paths of what the compose files take in: a mistake may be there.
 * @param secrets learns the environment's secrets.
 * @param cache spares asking where nothing of `dependsOn` is other than it was: only where that is all that Compose reads.
 * @param asOriginals turns paths of copies that Compose is given, in any text, into those of the files that they are copies of.
 * @throws UserError: configuration, with file and line where it can be told, when Compose does not accept the files: a `RefusedFiles`
 *   where it warned of something besides;
 *   docker-missing when there is no Compose. The signal's reason when aborted.
 */
export async function resolveProject(
  environment: EnvironmentDefinition,
  {
    dependsOn = [],
    signal,
    secrets,
    cache,
    asOriginals = (text) => text,
  }: {
    dependsOn?: Iterable<string>;
    signal?: AbortSignal;
    secrets?: Secrets;
    cache?: OutputCache;
    asOriginals?: (text: string) => string;
  } = {},
): Promise<ResolvedProject> {
  const call = composeCall(environment, ['config', '--format', 'json'], { profiles: [ALL_PROFILES] });
  const ask = () => runCompose(call, { signal });
  const printed = await (cache?.output(call, [...environment.files, ...dependsOn], ask) ?? ask());
  const [stdout, stderr] = [asOriginals(printed.stdout), asOriginals(printed.stderr)];
  const asOriginal = (one: ComposeText) => ({ ...one, path: asOriginals(one.path) });
  const read = async () => {
    const { yaml, envFiles } = await readTexts(environment, dependsOn);
    return { yaml: yaml.map(asOriginal), envFiles: envFiles.map(asOriginal) };
  };
  if (printed.exitCode !== 0) {
    const { yaml, envFiles } = await read();
    // Whatever Compose prints of these files has them, too.
    secrets?.learnValues(environment.id, variableSecrets(yaml, envFiles));
    const error = await configurationError(stderr, yaml, envFiles);
    const warnings = stoppedAtVariable(stderr)
      ? await unsetInTexts(yaml, envFiles, { stderr })
      : await unsetVariables(stderr, async () => [...yaml, ...envFiles]);
    throw warnings.length > 0 ? new RefusedFiles(error, warnings) : error;
  }
  const warnings = await unsetVariables(stderr, async () => {
    const { yaml, envFiles } = await read();
    return [...yaml, ...envFiles];
  });
  const project = parseProject(stdout);
  const { content } = project.config;
  secrets?.learn(environment.id, content, await secretContents(content, async () => (await read()).envFiles));
  return warnings.length > 0 ? { ...project, warnings } : project;
}

/** The texts of an environment's compose files, in merging order, of what they take in, and of its env files. */
async function readTexts(environment: EnvironmentDefinition, dependsOn: Iterable<string>) {
  const isYaml = (file: string) => /\.ya?ml$/i.test(file);
  const takenIn = [...new Set([...envFilesOf(environment), ...dependsOn])].filter(
    (file) => !environment.files.includes(file),
  );
  const read = async (file: string, otherwise?: string): Promise<ComposeText[]> => {
    const text = await fs.readFile(file, 'utf8').catch(() => otherwise);
    if (text === undefined) return [];
    // Of what can't be read, Compose's own words have to do.
    return [{ path: file, text: isYaml(file) && isTooDeep(text) ? '' : text }];
  };
  const yaml = await Promise.all([
    ...environment.files.map((file) => read(file, '')),
    ...takenIn.filter(isYaml).map((file) => read(file)),
  ]);
  const envFiles = await Promise.all(takenIn.filter((file) => !isYaml(file)).map((file) => read(file)));
  return { yaml: yaml.flat(), envFiles: envFiles.flat() };
}

/**
 * The JSON that `docker compose config --format json` prints; only what Berth uses is taken, values of variables are not.
 * @throws UserError (failed) when it is not of the form that Compose 2 prints.
 */
export function parseProject(json: string): ResolvedProject {
  const config = parseConfig(json);
  const services = Object.entries(record(config.services)).map(([name, value]) => [name, record(value)] as const);
  const awaitedToComplete = new Set(
    services.flatMap(([, service]) =>
      Object.entries(record(service.depends_on))
        .filter(([, dependency]) => record(dependency).condition === 'service_completed_successfully')
        .map(([name]) => name),
    ),
  );
  const volumes = namesOf(config.volumes, { external: false });
  const volumeKeys = ownKeys(config.volumes);
  const externalVolumes = namesOf(config.volumes, { external: true });
  const networks = namesOf(config.networks, { external: false });
  const externalNetworks = namesOf(config.networks, { external: true });
  const subnets = subnetsOf(config.networks);
  const saysTrue = services.some(([, service]) =>
    bindVolumes(service).some(({ bind }) => createHostPath(bind) === true),
  );
  return {
    name: String(config.name ?? ''),
    config: new ComposeConfig(config),
    ...(volumes.length > 0 ? { volumes, volumeKeys } : {}),
    ...(externalVolumes.length > 0 ? { externalVolumes } : {}),
    ...(networks.length > 0 ? { networks } : {}),
    ...(externalNetworks.length > 0 ? { externalNetworks } : {}),
    ...(subnets.length > 0 ? { subnets } : {}),
    services: services.map(([name, service]): ResolvedService => {
      const ports = list(service.ports).map(parsePort);
      const dependencies = Object.keys(record(service.depends_on));
      const binds = bindsOf(service, saysTrue);
      const limits = limitsOf(service);
      return {
        name,
        image: typeof service.image === 'string' ? service.image : undefined,
        profiles: list(service.profiles).map(String),
        ports,
        oneShot: awaitedToComplete.has(name),
        watched: list(record(service.develop).watch).length > 0,
        ...(service.build === undefined ? {} : { built: true }),
        replicas: replicasOf(service),
        ...(dependencies.length > 0 ? { dependencies } : {}),
        ...(binds.length > 0 ? { binds } : {}),
        ...(limits ? { limits } : {}),
        ...(service.container_name === undefined ? {} : { containerName: text(service.container_name) }),
        ...(service.network_mode === 'host' ? { onHostNetwork: true } : {}),
      };
    }),
  };
}

/** The names that volumes or networks have on the engine: of those that Compose makes, or of those that it does not. */
function namesOf(all: unknown, { external }: { readonly external: boolean }): readonly string[] {
  return Object.values(record(all))
    .map(record)
    .filter((one) => Boolean(one.external) === external)
    .map(({ name }) => text(name));
}

/** What the compose files call the volumes that Compose makes. */
function ownKeys(all: unknown): readonly string[] {
  return Object.entries(record(all)).flatMap(([key, one]) => (record(one).external ? [] : [key]));
}

/** The subnets that networks are given which Compose makes. */
function subnetsOf(networks: unknown): readonly string[] {
  return Object.values(record(networks))
    .map(record)
    .filter(({ external }) => !external)
    .flatMap(({ ipam }) => list(record(ipam).config).map((one) => text(record(one).subnet)))
    .filter(Boolean);
}

function replicasOf(service: Record<string, unknown>): number | undefined {
  const replicas = service.scale ?? record(service.deploy).replicas;
  return typeof replicas === 'number' ? replicas : undefined;
}

function bindVolumes({ volumes }: Record<string, unknown>): readonly Record<string, unknown>[] {
  return list(volumes)
    .map(record)
    .filter(({ type }) => type === 'bind');
}

function createHostPath(bind: unknown): unknown {
  return record(bind).create_host_path;
}

/**
 * @param saysTrue whether this Compose writes that a folder may be made. Then to write nothing means that it may not: so does
 *   Compose 2.26, which leaves out `false`. One that leaves out `true` writes `false`.
 */
function bindsOf(service: Record<string, unknown>, saysTrue: boolean): readonly BindMount[] {
  const mustExist = (bind: unknown) =>
    bind !== undefined && (createHostPath(bind) === false || (saysTrue && createHostPath(bind) === undefined));
  return bindVolumes(service).map(({ source, target, bind, read_only: isReadOnly }) => ({
    source: text(source),
    keepsData: isReadOnly !== true && keepsDataAt(service, text(target)),
    ...(mustExist(bind) ? { mustExist: true } : {}),
  }));
}

/** A port as `docker compose config` writes it. */
export function parsePort(value: unknown): Port {
  const { target, published, host_ip: hostIp, protocol } = record(value);
  return {
    target: Number(target),
    // A range such as "8000-8010" leaves the choice to the engine.
    published: typeof published === 'string' && /^\d+$/.test(published) ? Number(published) : undefined,
    hostIp: typeof hostIp === 'string' && hostIp !== '0.0.0.0' ? hostIp : undefined,
    protocol: typeof protocol === 'string' ? protocol : 'tcp',
  };
}
