import * as l10n from '@vscode/l10n';
import { UserError } from '../common/errors';
import { runCompose } from '../compose/compose';
import { dockerCall, inContext } from '../compose/composeCall';
import { mountedVolumes } from '../engine/mountedVolumes';
import { projectOf } from '../model/snapshot';
import { type AcceptanceContext, currentEnvironment } from './acceptanceContext';

/**
 * The volumes without names of their own that an acceptance has made with its containers. `down` leaves them, and nothing tells then whose
 * they were. One that was there before, or that the configuration names, is not among them.
 */
export class NamelessVolumes {
  private readonly names = new Set<string>();

  constructor(private readonly context: AcceptanceContext) {}

  /** Notes those of the containers that there are now, all of which the acceptance has made. One that can't be asked for stays. */
  async note(): Promise<void> {
    const { connection, volumesBefore, afterwards } = this.context;
    const { services, resolution } = currentEnvironment(this.context);
    const { volumes = [], externalVolumes = [] } = projectOf(resolution) ?? {};
    const others = new Set([...volumesBefore, ...volumes, ...externalVolumes]);
    const containers = services.flatMap((service) => service.containers);
    await Promise.all(
      containers.map(async ({ id }) => {
        const details = await connection
          .inspect((engine) => engine.container(id, afterwards))
          .catch((error: unknown) => {
            if (!(error instanceof UserError)) throw error;
          });
        for (const name of mountedVolumes(details).nameless) if (!others.has(name)) this.names.add(name);
      }),
    );
  }

  /** Removes those that were noted, whose containers are gone by now. */
  async remove(): Promise<void> {
    if (this.names.size === 0) return;
    const { connection, hooks, afterwards } = this.context;
    const { definition } = currentEnvironment(this.context);
    const call = dockerCall(definition.context, ['volume', 'rm', '--force', '--', ...this.names]);
    const { exitCode, stderr } = await runCompose(inContext(call, connection.context), { signal: afterwards });
    if (exitCode !== 0) hooks.onNote(l10n.t('Volumes without names could not be removed: {0}', stderr.trim()));
  }
}
