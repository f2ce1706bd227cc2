// A process with a core of its own, as a further VS Code window is: runs one operation and tells of it, a JSON object in
// a line. Its arguments: folder, environment, operation. An interrupt (SIGINT) cancels.
import { createBerth } from '../../../src/core/berth';
import { silentLog } from '../../../src/core/common/log';
import { OPERATION_NAMES } from '../../../src/core/compose/operationCalls';
import { describeEnvironment, environmentNamed } from './waiting';

async function main([folder = '', name = '', wanted = '']: readonly string[]): Promise<void> {
  const operation = OPERATION_NAMES.find((one) => one === wanted);
  if (!operation) throw new Error(`There is no operation ${wanted}.`);
  const cancel = new AbortController();
  process.once('SIGINT', () => cancel.abort());
  const berth = createBerth(silentLog, 'window');
  await berth.store.setScope({ workspaceFolders: [folder], trusted: true });
  const environmentId = environmentNamed(berth.store, name).definition.id;
  const request = { operation, environmentId, services: [] };
  const result = await berth.operations.run(
    request,
    (progress) => console.log(JSON.stringify(progress)),
    cancel.signal,
  );
  const environment = result.environment && describeEnvironment(result.environment);
  console.log(JSON.stringify({ result: result.kind, environment }));
  berth.dispose();
}

void main(process.argv.slice(2));
