import type { PublishedPort } from '../checks/across/publishedPorts';
import { lacksAddress } from '../common/portHolder';
import { publishersAmong } from '../engine/contents';
import { sharesPorts } from '../engine/sharesPorts';
import type { PortWitnesses } from './takenPorts';

/** The ports at addresses that this machine does not have; none of an engine whose machine may be another one. */
export async function missingAddresses(
  ports: readonly PublishedPort[],
  { projectName, subnets }: { readonly projectName: string | undefined; readonly subnets?: readonly string[] },
  { containers, connection }: Pick<PortWitnesses, 'containers' | 'connection'>,
): Promise<readonly PublishedPort[]> {
  const atAddress = ports.filter(({ host }) => host !== '');
  if (atAddress.length === 0 || !(await sharesPorts(connection))) return [];
  const isMissing = await Promise.all(
    atAddress.map(async ({ host, published, protocol }) => {
      const holders = publishersAmong(containers, { published, hostIp: host, protocol });
      // What it has had since the machine had the address, it keeps.
      return !holders.some((one) => one.project === projectName) && (await lacksAddress(host, subnets));
    }),
  );
  return atAddress.filter((_, index) => isMissing[index]);
}
