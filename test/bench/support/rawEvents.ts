import http from 'node:http';
import type { Disposable } from '../../../src/core/common/disposable';
import { EVENT_FILTERS } from '../../../src/core/engine/messages';
import { machineTime } from './figures';

/** An event as it came out of the engine's socket. */
export interface RawEvent {
  /** When its line was read, see {@link machineTime}. */
  readonly at: number;
  /** `start`, `health_status: healthy` … */
  readonly action: string;
  readonly project: string;
  readonly service: string;
}

/**
 * The engine's event stream without any of the product's code: a plain request on the unix socket, and the time at which
 * each line is there. What everything else is measured against.
 */
export class RawEvents implements Disposable {
  readonly events: RawEvent[] = [];
  onEvent: ((event: RawEvent) => void) | undefined;
  private readonly waiting = new Set<() => void>();
  private bytes = 0;
  private rest = '';

  private constructor(private readonly request: http.ClientRequest) {}

  /**
   * Resolves when the engine has accepted the subscription.
   * @param filtered as the product asks for them; otherwise every event of the engine.
   */
  static open(socketPath: string, { filtered }: { readonly filtered: boolean }): Promise<RawEvents> {
    const query = filtered ? `?${new URLSearchParams({ filters: JSON.stringify(EVENT_FILTERS) })}` : '';
    return new Promise((resolve, reject) => {
      const request = http.get({ socketPath, path: `/events${query}`, agent: false }, (response) => {
        const raw = new RawEvents(request);
        response.on('data', (chunk: Buffer) => raw.push(chunk, machineTime()));
        response.on('error', () => {});
        resolve(raw);
      });
      request.once('error', reject);
    });
  }

  /** Bytes received so far. */
  get size(): number {
    return this.bytes;
  }

  /** Resolves when so many events that pass `test` have come since the `from`th. */
  until(from: number, count: number, test: (event: RawEvent) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.events.slice(from).filter(test).length < count && !signal.aborted) return;
        this.waiting.delete(look);
        signal.removeEventListener('abort', look);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      this.waiting.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  dispose(): void {
    this.request.on('error', () => {});
    this.request.destroy();
  }

  private push(chunk: Buffer, at: number): void {
    this.bytes += chunk.length;
    const lines = (this.rest + chunk.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line) continue;
      const { Action, Actor } = JSON.parse(line);
      const labels: Record<string, string> = Actor?.Attributes ?? {};
      const project = labels['com.docker.compose.project'] ?? '';
      const service = labels['com.docker.compose.service'] ?? '';
      const event = { at, action: Action, project, service };
      this.events.push(event);
      this.onEvent?.(event);
    }
    for (const look of [...this.waiting]) look();
  }
}
