/** Keys by the place where Compose knows them. Source: the schema of the Compose specification, `compose-spec.json`. */
const KEYS = {
  '': 'configs include models name networks secrets services version volumes',
  service:
    'annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count cpu_percent ' +
    'cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy develop ' +
    'device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose extends external_links ' +
    'extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging mac_address mem_limit ' +
    'mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ' +
    'ports post_start pre_stop privileged profiles provider pull_policy read_only restart runtime scale secrets security_opt shm_size ' +
    'stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user userns_mode uts volumes ' +
    'volumes_from working_dir',
  build:
    'additional_contexts args cache_from cache_to context dockerfile dockerfile_inline entitlements extra_hosts isolation labels network ' +
    'no_cache platforms privileged pull secrets shm_size ssh tags target ulimits',
  healthcheck: 'disable interval retries start_interval start_period test timeout',
  deploy: 'endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config',
  resources: 'limits reservations',
  limits: 'cpus memory pids',
  reservations: 'cpus devices generic_resources memory',
  restart_policy: 'condition delay max_attempts window',
  logging: 'driver options',
  develop: 'watch',
  extends: 'file service',
  network: 'attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam labels name',
  'network of a service':
    'aliases driver_opts gw_priority interface_name ipv4_address ipv6_address link_local_ips mac_address priority',
  volume: 'driver driver_opts external labels name',
  secret: 'driver driver_opts environment external file labels name template_driver',
  config: 'content environment external file labels name template_driver',
} as const;

type Place = keyof typeof KEYS;

const SECTIONS: Readonly<Record<string, Place>> = {
  services: 'service',
  networks: 'network',
  volumes: 'volume',
  secrets: 'secret',
  configs: 'config',
};

/** The keys that Compose knows in the map at a path; undefined where it is not known here. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] | undefined {
  const place = placeAt(path.map(String));
  return place === undefined ? undefined : KEYS[place].split(' ');
}

function placeAt([section, name, ...rest]: readonly string[]): Place | undefined {
  if (section === undefined) return '';
  if (name === undefined) return undefined;
  const of = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
  if (rest.length === 0 || of !== 'service') return rest.length === 0 ? of : undefined;
  if (rest[0] === 'networks' && rest.length === 2) return 'network of a service';
  const last = rest.at(-1) ?? '';
  const isNested = rest.length === 1 || rest[0] === 'deploy';
  return isNested && isPlace(last) ? last : undefined;
}

function isPlace(text: string): text is Place {
  return Object.hasOwn(KEYS, text) && text !== 'service';
}

/** Parts of a service that keys are often meant for which stand in the service itself. */
const PARTS = ['build', 'deploy', 'healthcheck', 'logging', 'resources'] as const;

/**
 * Where a key belongs that Compose does not know at a path: `services` of what stands at the top, `deploy` of `replicas`. Undefined where
 * there is no such place.
 */
export function rightPlaceOf(key: string, path: readonly (string | number)[]): string | undefined {
  const place = placeAt(path.map(String));
  if (place === '' && KEYS.service.split(' ').includes(key)) return 'services';
  if (place !== 'service') return undefined;
  return PARTS.find((part) => KEYS[part].split(' ').includes(key));
}
