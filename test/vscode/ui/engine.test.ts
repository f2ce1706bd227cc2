import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { findOnPath } from '../../support/paths';
import { noSecondEngineBecause, type SecondEngine, startSecondEngine } from '../../support/secondEngine';
import { removeFolder, temporaryFolder } from '../../support/temporary';
import { useBerthWorkbench } from './support/berthWorkbench';
import { idleServices } from './support/projects';

(noSecondEngineBecause() ? describe.skip : describe)('UI: an engine that comes and goes', () => {
  let engine: SecondEngine;
  let folder: ComposeFolder;
  let silence: SilentListener | undefined;
  const berth = useBerthWorkbench(
    async () => {
      engine = await startSecondEngine();
      folder = new ComposeFolder('ui-engine', { 'compose.yaml': idleServices('web') }, engine.environment.DOCKER_HOST);
      await engine.load('berth/idle:1');
      await engine.stop();
      silence = await SilentListener.start(engine.socketPath);
      return { workspace: folder.folder, env: engine.environment };
    },
    async () => {
      silence?.close();
      await folder?.dispose();
      await engine?.dispose();
    },
  );

  it('says so while it is being connected to', async () => {
    const { view } = berth();
    await view.open();
    await view.welcome.filter({ hasText: 'Connecting to the Docker engine…' }).waitFor();
  });

  it('says that no engine answers, and offers to try again', async () => {
    const { view, workbench } = berth();
    silence?.close();
    await view.welcome.filter({ hasText: 'The Docker engine does not answer.' }).waitFor();
    await workbench.screenshot('engine-down');
    await view.welcome.getByRole('button', { name: 'Retry' }).click();
    await view.welcome.filter({ hasText: 'The Docker engine does not answer.' }).waitFor();
  });

  it('comes alive when the engine is started', async () => {
    const { view, status } = berth();
    await engine.start();
    await view.untilRows(['v dev stopped', '    web stopped']);
    await view.press('Up', 'dev');
    await view.untilRows(['v dev healthy · 1/1', '    web healthy']);
    await status.filter({ hasText: 'dev healthy' }).waitFor();
  });

  it('knows nothing while the engine is gone, and says so', async () => {
    const { view, workbench, status } = berth();
    await engine.kill();
    await view.untilRows([/^ {2}Docker engine not reachable/, 'v dev unknown', '    web unknown']);
    await status.filter({ hasText: 'dev unknown' }).waitFor();
    await workbench.screenshot('engine-lost');
  });

  it('finds it again by itself', async () => {
    const { view } = berth();
    await engine.start();
    // An engine that was killed ends what it finds running when it starts.
    await view.untilRows([/^v dev (stopped|exited)/, /^ {4}web (stopped|exited)/]);
  });
});

describe('UI: a machine without Docker', () => {
  let folder: ComposeFolder;
  let pathFolder: string;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('ui-docker', { 'compose.yaml': idleServices('web') });
      pathFolder = temporaryFolder('path');
      return { workspace: folder.folder, env: { PATH: pathFolder } };
    },
    async () => {
      await folder?.dispose();
      removeFolder(pathFolder);
    },
  );

  it('is told what is missing and where to get it', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.welcome.filter({ hasText: 'The Docker command line was not found.' }).waitFor();
    await view.welcome.getByRole('button', { name: 'Install Docker' }).waitFor();
    await workbench.screenshot('docker-missing');
  });

  it('has its environments as soon as Docker is there', async () => {
    const { view } = berth();
    fs.symlinkSync(findOnPath('docker') ?? 'docker', path.join(pathFolder, 'docker'));
    await view.welcome.getByRole('button', { name: 'Check Again' }).click();
    await view.untilRows(['v dev stopped', '    web stopped']);
  });
});

/** What is there when an engine hangs: it takes connections and never says a word. */
class SilentListener {
  private readonly clients = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {
    server.on('connection', (client) => this.clients.add(client.on('error', () => {})));
  }

  static async start(socketPath: string): Promise<SilentListener> {
    const server = net.createServer();
    server.listen(socketPath);
    await once(server, 'listening');
    return new SilentListener(server);
  }

  /** Hangs up on all, and takes the socket away. */
  close(): void {
    this.server.close();
    for (const client of this.clients) client.destroy();
  }
}
