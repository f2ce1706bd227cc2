import { randomBytes } from 'node:crypto';
import { startDetached } from '../common/program';
import { runCompose } from '../compose/compose';
import { dockerCall, inContext } from '../compose/composeCall';
import type { EnvironmentCommand } from '../model/command';
import { environmentOf, type RunContext } from './runContext';

/**
 * Runs a command of a test run that may have a container made for it: gives that a name, and removes it afterwards. Compose does so
 * itself only when it is not killed.
 * @param run gets the name; undefined where no container is made.
 */
export async function withContainer<T>(
  { service, inNewContainer }: EnvironmentCommand,
  { surroundings, request, project, connection, afterwards }: RunContext,
  run: (containerName: string | undefined) => Promise<T>,
): Promise<T> {
  if (service === undefined || !inNewContainer) return run(undefined);
  const name = `${project.name}-${service}-${randomBytes(3).toString('hex')}`;
  const { context } = environmentOf(surroundings.store, request).definition;
  const removal = inContext(dockerCall(context, ['rm', '--force', '--volumes', name]), connection.context);
  // Whoever does not wait any longer ends this process.
  const onExit = () => startDetached(removal);
  process.once('exit', onExit);
  try {
    return await run(name);
  } finally {
    await runCompose(removal, { signal: afterwards }).catch(() => {});
    process.removeListener('exit', onExit);
  }
}
