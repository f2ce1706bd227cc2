import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import http from 'node:http';
import type net from 'node:net';
import { Duplex } from 'node:stream';

/**
 * An HTTP agent whose connections are children `docker <args> system dial-stdio`: what the docker command line itself
 * does for `ssh://` hosts, so that `~/.ssh/config`, known hosts, agents and jump hosts hold. Idle connections are kept
 * for the next request: each costs an ssh handshake.
 */
export class DialStdioAgent extends http.Agent {
  constructor(private readonly dockerArgs: readonly string[]) {
    super({ keepAlive: true });
  }

  override createConnection(): Duplex {
    return new ChildConnection(
      spawn('docker', [...this.dockerArgs, 'system', 'dial-stdio'], { stdio: 'pipe', windowsHide: true }),
    );
  }
}

/** The two pipes of a child process as one connection, with the methods of a socket that node's http client calls. */
class ChildConnection extends Duplex {
  private complaint = '';

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    super();
    child.stdout.on('data', (chunk) => this.push(chunk) || child.stdout.pause());
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-2000);
    });
    child.stdin.on('error', (error) => this.destroy(error));
    child.once('error', (error) => this.destroy(error));
    // `close`, not `exit`: all of stderr has been read by then.
    child.once('close', () => this.destroy(new Error(this.complaint.trim() || 'the connection to the engine ended')));
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.child.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Ends with its input: a signal alone it does not heed while it waits for either side.
    this.child.stdin.destroy();
    this.child.stdout.destroy();
    this.child.kill();
    done(error);
  }

  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  /** An idle connection does not keep this process alive; neither must the child's pipes. */
  ref(): this {
    for (const part of this.parts()) part.ref();
    return this;
  }
  unref(): this {
    for (const part of this.parts()) part.unref();
    return this;
  }

  private parts(): { ref(): void; unref(): void }[] {
    return [this.child, this.child.stdin, this.child.stdout, this.child.stderr] as (ChildProcess & net.Socket)[];
  }
}
