import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { type Clock, systemClock } from '../common/clock';
import { type Disposable, DisposableStore, toDisposable } from '../common/disposable';

/** How long all of it may take, in milliseconds. */
const LIMIT = 2_000;
/** How long a TLS handshake may take, in milliseconds: a server that serves one connection after another hears HTTP then. */
const HANDSHAKE_LIMIT = 1_000;
/** How much longer than an answer to HTTP it may take, in milliseconds. */
const HANDSHAKE_GRACE = 500;

/**
 * What answers at a TCP port: `https` when a TLS handshake succeeds, whoever signed the certificate; `http` when it only
 * answers HTTP, with whatever status; undefined when neither, or not within two seconds.
 * @param host as in `Address.host`.
 * @throws the signal's reason when aborted.
 */
export async function webScheme(
  host: string,
  port: number,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<'http' | 'https' | undefined> {
  signal.throwIfAborted();
  const address = { host: host.replace(/^\[(.*)\]$/, '$1'), port };
  const ended = new AbortController();
  const handshakeEnded = new AbortController();
  const timers = new DisposableStore();
  const abortAfter = (ms: number, controller: AbortController) => timers.add(clock.after(ms, () => controller.abort()));
  abortAfter(LIMIT, ended);
  abortAfter(HANDSHAKE_LIMIT, handshakeEnded);
  const either = AbortSignal.any([signal, ended.signal]);
  try {
    // Both at once, and TLS has the word: what speaks it may answer HTTP, too, to say that it does not want that.
    const handshake = speaksTls(address, AbortSignal.any([either, handshakeEnded.signal]));
    const answer = speaksHttp(address, either);
    void answer.then((yes) => yes && abortAfter(HANDSHAKE_GRACE, handshakeEnded));
    const scheme = (await handshake) ? 'https' : (await answer) ? 'http' : undefined;
    signal.throwIfAborted();
    return scheme;
  } finally {
    ended.abort();
    timers.dispose();
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** False when it does not, or not before the signal is aborted. */
function speaksTls({ host, port }: Target, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // Nothing is sent on it: only whether it is TLS is asked, and developers sign their own certificates.
    const socket = tls.connect({ host, port, rejectUnauthorized: false, servername: net.isIP(host) ? '' : host });
    const end = (result: boolean) => {
      watch.dispose();
      socket.destroy();
      resolve(result);
    };
    const watch = onAbort(signal, () => end(false));
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** False when it does not, or not before the signal is aborted. */
function speaksHttp({ host, port }: Target, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.request({ host, port, method: 'HEAD', path: '/', agent: false });
    const end = (result: boolean) => {
      watch.dispose();
      request.destroy();
      resolve(result);
    };
    const watch = onAbort(signal, () => end(false));
    request.once('response', () => end(true));
    // A dev server may take any request for a wish to speak WebSocket; that is HTTP as well.
    request.once('upgrade', () => end(true));
    request.on('error', () => end(false));
    request.end();
  });
}

function onAbort(signal: AbortSignal, action: () => void): Disposable {
  signal.addEventListener('abort', action, { once: true });
  return toDisposable(() => signal.removeEventListener('abort', action));
}
