import { list, record, text } from '../common/json';
import type { ResolvedProject } from '../model/project';
import { portOfReplicasText } from '../model/replicas';
import { portsOfService } from './across/publishedPorts';
import { type Check, findingOf } from './check';
import { portPlace } from './portEdit';
import { isBroughtUp, servicesOf } from './services';
import { placesOf } from './written';

/**
 * Services with several containers, each of which would publish the same port: the second one is not started. A swarm has one port for all
 * of them, so that files which are written for one are left aside. Source: Docker's documentation, "Use Swarm mode routing mesh".
 */
export const portOfReplicas: Check = {
  codes: ['port-of-replicas'],
  *find({ environments }) {
    for (const environment of environments) {
      if (!environment.project || isForSwarm(environment.project)) continue;
      for (const { name, config, resolved } of servicesOf(environment)) {
        const { replicas = 1 } = resolved;
        if (replicas < 2 || !isBroughtUp(resolved, environment.definition)) continue;
        const [port] = portsOfService(name, config);
        if (!port) continue;
        yield findingOf('port-of-replicas', [environment], {
          ...portOfReplicasText(name, replicas, port),
          service: name,
          places: [portPlace(environment, name, port) ?? placesOf(environment, ['services', name, 'ports'])].flat(),
          fixes: [],
        });
      }
    }
  },
};

/** What only a swarm goes by. */
const OF_SWARM = ['placement', 'update_config', 'rollback_config', 'restart_policy', 'endpoint_mode'];

function isForSwarm({ config: { content } }: ResolvedProject): boolean {
  const deployed = Object.values(record(content.services)).map((service) => record(record(service).deploy));
  const isSet = (value: unknown) =>
    text(value) !== '' || list(value).length > 0 || Object.keys(record(value)).length > 0;
  return (
    deployed.some((deploy) => OF_SWARM.some((key) => isSet(deploy[key]))) ||
    Object.values(record(content.networks)).some((network) => record(network).driver === 'overlay')
  );
}
