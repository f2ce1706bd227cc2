import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type EngineProxy, engineSocket, startProxy } from '../../../engine/support/engineApi';
import { findOnPath } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

/**
 * A docker command line and an engine's socket to put in the place of the real ones. They do what the real ones do, and
 * know of each time that anybody used them.
 */
export class DockerWitness {
  private constructor(
    private readonly folder: string,
    private readonly proxy: EngineProxy,
    private readonly clients: { count: number },
  ) {}

  /** @returns undefined where the engine is not reached through a socket. */
  static async start(): Promise<DockerWitness | undefined> {
    const socket = await engineSocket();
    const docker = findOnPath('docker');
    if (!socket || !docker) return undefined;
    const folder = temporaryFolder('docker');
    const script = ['#!/bin/sh', `echo "$*" >>'${path.join(folder, 'calls')}'`, `exec '${docker}' "$@"`, ''];
    fs.writeFileSync(path.join(folder, 'docker'), script.join('\n'), { mode: 0o755 });
    const clients = { count: 0 };
    const proxy = await startProxy(socket, {
      listen: (onConnection) =>
        net.createServer((client) => {
          clients.count++;
          onConnection(client);
        }),
    });
    return new DockerWitness(folder, proxy, clients);
  }

  /** What makes programs use these two. */
  get environment(): { readonly PATH: string; readonly DOCKER_HOST: string } {
    return {
      PATH: [this.folder, process.env.PATH].join(path.delimiter),
      DOCKER_HOST: this.proxy.dockerHost,
    };
  }

  /** The arguments of each call of the command line, and how many connections there were to the socket. */
  get testimony(): { readonly calls: readonly string[]; readonly connections: number } {
    const file = path.join(this.folder, 'calls');
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    return { calls: text.split('\n').filter(Boolean), connections: this.clients.count };
  }

  async dispose(): Promise<void> {
    await this.proxy.close();
    removeFolder(this.folder);
  }
}
