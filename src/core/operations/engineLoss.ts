import { UserError } from '../common/errors';
import type { EngineFeed } from '../engine/engineFeed';

/** How long the engine may take to show that it is still there, in milliseconds. */
const ENGINE_LIMIT = 2_000;

/**
 * Asks an engine whether it is still there, after something has failed: then that it is gone is the reason.
 * @returns why it does not answer (engine-unreachable); undefined where it does, or can't be found to be gone in time.
 */
export async function engineLoss(feed: EngineFeed): Promise<UserError | undefined> {
  const limit = AbortSignal.timeout(ENGINE_LIMIT);
  const answer = await feed
    .whenConnected(limit)
    .then((connection) => connection.inspect((engine) => engine.version(limit)))
    .catch((thrown: unknown) => thrown);
  return answer instanceof UserError && answer.kind === 'engine-unreachable' ? answer : undefined;
}
