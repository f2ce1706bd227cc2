import type { CheckedEnvironment } from '../checks/check';
import { placesOfMount } from '../checks/mounts';
import { lastWritten, placesOf } from '../checks/written';
import type { FindingPlace } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';

/** What a service failed of. */
interface Failure {
  readonly code: FindingCode;
  /** Of a mount: where it is in the container. */
  readonly subject?: string;
}

/** Where in the compose files a user mends what a service failed of; empty where that is not in them. */
export function failurePlaces(
  environment: CheckedEnvironment,
  service: string,
  { code, subject = '' }: Failure,
): readonly FindingPlace[] {
  const at = (...keys: readonly string[]) => placesOf(environment, ['services', service, ...keys]);
  switch (code) {
    case 'out-of-memory': {
      const forms = [['mem_limit'], ['deploy', 'resources', 'limits', 'memory']];
      const written = forms.find((keys) => lastWritten(environment, ['services', service, ...keys]));
      return at(...(written ?? []));
    }
    case 'image-not-found':
    case 'wrong-platform':
    case 'postgres-version':
      return at('image');
    case 'health-check-failing':
      return at('healthcheck', 'test');
    case 'volume-permission':
      return placesOfMount(environment, { service, target: subject, keys: ['services', service, 'volumes'] });
    case 'connection-refused':
      return at();
    default:
      return [];
  }
}
