import { EventEmitter } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { Transform } from 'node:stream';
import { connectToEngine, type EngineConnection } from '../../../src/core/engine/connection';
import { currentSurroundings, resolveEndpoint } from '../../../src/core/engine/endpoint';
import { removeFolder, temporaryFolder } from '../../support/temporary';

/** The unix socket of the engine under test; undefined when it is reached otherwise, which some tests then skip with. */
export async function engineSocket(): Promise<string | undefined> {
  const endpoint = await resolveEndpoint(undefined, currentSurroundings());
  return endpoint.kind === 'socket' && process.platform !== 'win32' ? endpoint.path : undefined;
}

/** Sends a request of the Engine API, past all code under test. Gives the status and the body. */
export function askEngine(
  socketPath: string,
  method: 'GET' | 'POST' | 'DELETE',
  pathAndQuery: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath, method, path: pathAndQuery, headers: { 'content-type': 'application/json' }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    request.once('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A listener in front of an engine's socket that passes everything on, and notes what is asked. */
export interface EngineProxy {
  /** What DOCKER_HOST has to be to go through it. */
  readonly dockerHost: string;
  /** `GET /events?filters={…}`, in the order in which they came. */
  readonly requests: readonly string[];
  /** Fires `closed`, with what was asked on it, when a connection to it has closed. */
  readonly events: EventEmitter;
  /** Breaks all connections there are; new ones are accepted. */
  drop(): void;
  /** Has vanish what is sent on the connections there are, either way, without ending them; new ones are as ever. */
  silence(): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** On the loopback interface; a unix socket when left out. */
  readonly tcp?: boolean;
  /** Makes the listener, when it is not a plain one: it has to call `onConnection` with what clients write in clear. */
  readonly listen?: (onConnection: (client: net.Socket) => void) => net.Server;
  /** What a request, such as `GET /events?filters={…}`, has to wait for before the engine gets to see it, if for anything. */
  readonly hold?: (request: string) => Promise<unknown> | undefined;
}

/** Starts a proxy in front of an engine's socket. */
export async function startProxy(
  target: string,
  { tcp = false, listen, hold }: ProxyOptions = {},
): Promise<EngineProxy> {
  const requests: string[] = [];
  const events = new EventEmitter();
  const open = new Set<net.Socket>();
  const connections = new Set<() => void>();
  const onConnection = (client: net.Socket) => {
    const engine = net.connect(target);
    const own: string[] = [];
    open.add(client);
    const noting = new Transform({
      // Requests for reading have no body, so each begins a chunk of its own.
      transform(chunk: Buffer, _encoding, done) {
        const held: (Promise<unknown> | undefined)[] = [];
        for (const [, method, where] of chunk.toString('latin1').matchAll(/^(GET|POST|DELETE|HEAD) ([^ ]+)/gm)) {
          const request = `${method} ${decodeURIComponent(where ?? '')}`;
          requests.push(request);
          own.push(request);
          held.push(hold?.(request));
        }
        void Promise.all(held).then(() => done(null, chunk), done);
      },
    });
    client.pipe(noting).pipe(engine).pipe(client);
    const silence = () => {
      client.unpipe(noting).resume();
      engine.unpipe(client).resume();
    };
    connections.add(silence);
    client.once('close', () => {
      open.delete(client);
      connections.delete(silence);
      engine.destroy();
      events.emit('closed', own);
    });
    engine.once('close', () => client.destroy());
    for (const stream of [client, noting, engine]) stream.on('error', () => stream.destroy());
  };
  const folder = temporaryFolder('proxy');
  const socketPath = path.join(folder, 's');
  const server = (listen ?? net.createServer)(onConnection);
  await new Promise<void>((resolve) => {
    if (tcp) server.listen(0, '127.0.0.1', resolve);
    else server.listen(socketPath, resolve);
  });
  const address = server.address();
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    dockerHost: typeof address === 'object' ? `tcp://127.0.0.1:${address?.port}` : `unix://${socketPath}`,
    requests,
    events,
    drop,
    silence: () => {
      for (const silence of connections) silence();
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
      removeFolder(folder);
    },
  };
}

/** A connection to the engine at `dockerHost`, made as if DOCKER_HOST and `variables` were set in this process. */
export function connectThrough(
  dockerHost: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<EngineConnection> {
  const restore = setVariables({ DOCKER_HOST: dockerHost, ...variables });
  try {
    // Reads the variables before it first waits for anything.
    return connectToEngine(undefined);
  } finally {
    restore();
  }
}

/** Sets variables of this process, and gives back what sets them to what they were. */
export function setVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (values: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(variables);
  return () => set(before);
}
