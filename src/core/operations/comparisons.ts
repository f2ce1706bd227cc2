import { text } from '../common/json';
import { runCompose } from '../compose/compose';
import { ALL_PROFILES, composeCall } from '../compose/composeCall';
import { parseConfig } from '../compose/config';
import { envFilesOf } from '../compose/envFiles';
import { serviceFacts } from '../compose/facts';
import type { EnvironmentStore } from '../environmentStore';
import { type Comparison, compare } from '../model/comparison';
import type { EnvironmentFacts } from '../model/facts';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { containersOnly, untrusted } from './operation';

/** Puts environments beside each other: asks Compose what their files amount to, as they are now. */
export class Comparisons {
  constructor(private readonly store: EnvironmentStore) {}

  /**
   * The facts of environments as a table. One whose files Compose does not accept is in it with its error.
   * @throws UserError (usage) when the workspace is not trusted, or nothing but containers is known of one; docker-missing;
   *   failed when Compose prints something else than it should; the signal's reason when aborted.
   */
  async compare(environments: readonly EnvironmentSnapshot[], signal: AbortSignal): Promise<Comparison> {
    if (!this.store.isTrusted) throw untrusted();
    const unknown = environments.find(({ resolution }) => resolution.kind === 'containers-only');
    if (unknown) throw containersOnly(unknown.definition);
    const facts: EnvironmentFacts[] = [];
    // One after another: each is two processes already.
    for (const environment of environments) facts.push(await this.factsOf(environment, signal));
    return compare(facts);
  }

  /** The facts of one environment, as they are now. @throws as {@link compare} does, but does not look whether it may ask. */
  async factsOf({ definition }: EnvironmentSnapshot, signal: AbortSignal): Promise<EnvironmentFacts> {
    const ask = (...options: string[]) =>
      runCompose(composeCall(definition, ['config', '--format', 'json', ...options], { profiles: [ALL_PROFILES] }), {
        signal,
      });
    const [resolved, written] = await Promise.all([ask(), ask('--no-interpolate')]);
    const known = { definition, envFiles: envFilesOf(definition) };
    if (resolved.exitCode !== 0)
      return { ...known, project: definition.projectName, ...(await this.errorOf(definition.id)) };
    const config = parseConfig(resolved.stdout);
    return {
      ...known,
      project: text(config.name),
      services: serviceFacts(config, written.exitCode === 0 ? parseConfig(written.stdout) : undefined),
    };
  }

  /** The error of an environment with its place, as it is shown everywhere else, too. */
  private async errorOf(id: string): Promise<Pick<EnvironmentFacts, 'error'>> {
    await this.store.whenResolved(id);
    const resolution = this.store.find(id)?.resolution;
    return resolution?.kind === 'broken' ? { error: resolution.error } : {};
  }
}
