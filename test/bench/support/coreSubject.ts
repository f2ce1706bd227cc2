// A plain Node process with core in it, as the extension and the command line have it, to be measured.
import { createBerth } from '../../../src/core/berth';
import { waitFor } from '../../../src/core/common/event';
import { silentLog } from '../../../src/core/common/log';
import type { ServiceSnapshot } from '../../../src/core/model/snapshot';
import { Subject, variables } from './subject';

async function main(): Promise<void> {
  const subject = new Subject();
  const berth = createBerth(silentLog, 'test');
  const { store } = berth;
  const trusted = process.env[variables.feed] !== 'no';
  await store.setScope({ workspaceFolders: [process.env[variables.workspace] ?? ''], trusted });
  await store.whenResolved();
  if (trusted) {
    await waitFor(store.onDidChange, () => (store.engineState().kind === 'connected' ? true : undefined));
  }
  const seen = new Map<string, ServiceSnapshot>();
  const look = () => {
    for (const { services } of store.environments) {
      for (const service of services) {
        const before = seen.get(service.name);
        seen.set(service.name, service);
        if (before && before.health !== service.health) subject.tell(service.name, service.health);
      }
    }
  };
  look();
  store.onDidChange(look);
  await subject.answer();
  berth.dispose();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
