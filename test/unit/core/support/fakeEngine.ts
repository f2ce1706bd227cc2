import { UserError } from '../../../../src/core/common/errors';
import type { EngineConnection } from '../../../../src/core/engine/connection';
import type { ContainerEvent } from '../../../../src/core/engine/messages';
import type { Container } from '../../../../src/core/model/container';

/** A running container of the project `app` and the service `web`, named by its id. */
export function container(id: string, change: Partial<Container> = {}): Container {
  return {
    id,
    name: id,
    image: 'image',
    project: 'app',
    service: 'web',
    number: 1,
    oneOff: false,
    configFiles: [],
    state: 'running',
    healthCheck: 'none',
    exitCode: undefined,
    stoppedOnRequest: undefined,
    killedOnRequest: undefined,
    ports: [],
    ...change,
  };
}

/** An event of {@link container}. */
export function event(action: string, id: string, change: Partial<ContainerEvent> = {}): ContainerEvent {
  const { name, image, project, service, number, oneOff, configFiles } = container(id);
  return { id, action, identity: { name, image, project, service, number, oneOff, configFiles }, ...change };
}

/** A request for containers that waits for the test to answer it. */
export interface FakeListing {
  readonly ids: readonly string[] | undefined;
  readonly signal: AbortSignal;
  answer(containers: readonly Container[]): void;
  fail(error?: Error): void;
}

/** A connection whose other side is the test. */
export class FakeConnection implements EngineConnection {
  readonly address = 'fake';
  readonly context = 'default';
  isRemote = false;
  /** `subscribe`, `list`, `list a,b`, `close`: in the order in which they came. */
  readonly calls: string[] = [];
  /** The requests for containers, in their order. */
  readonly listings: FakeListing[] = [];
  private onEvent: ((event: ContainerEvent) => void) | undefined;
  private end: ((error: UserError) => void) | undefined;

  /** @param refuse makes subscribing fail. */
  constructor(
    private readonly refuse?: UserError,
    readonly engine = 'fake',
  ) {}

  async subscribe(onEvent: (event: ContainerEvent) => void, signal: AbortSignal) {
    this.calls.push('subscribe');
    if (this.refuse) throw this.refuse;
    this.onEvent = onEvent;
    const ended = new Promise<UserError>((resolve) => {
      this.end = resolve;
      signal.addEventListener('abort', () => resolve(lost('aborted')));
    });
    return { ended };
  }

  listContainers(signal: AbortSignal, ids?: readonly string[]): Promise<readonly Container[]> {
    this.calls.push(ids ? `list ${[...ids].sort().join(',')}` : 'list');
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort);
      const answered = () => signal.removeEventListener('abort', onAbort);
      this.listings.push({
        ids,
        signal,
        answer: (containers) => {
          answered();
          resolve(containers);
        },
        fail: (error = lost('no answer')) => {
          answered();
          reject(error);
        },
      });
    });
  }

  async lastHealthOutput(_id?: string, _signal?: AbortSignal): Promise<string | undefined> {
    return undefined;
  }

  inspect(): Promise<never> {
    return Promise.reject(lost('nobody to ask'));
  }

  close(): void {
    this.calls.push('close');
  }

  /** The engine tells of something. */
  emit(...events: readonly ContainerEvent[]): void {
    for (const one of events) this.onEvent?.(one);
  }

  /** The engine ends the stream of events. */
  drop(error = lost('ended')): void {
    this.end?.(error);
  }

  /** The last request for containers. */
  get lastListing(): FakeListing {
    const last = this.listings.at(-1);
    if (!last) throw new Error('Nothing was asked for.');
    return last;
  }
}

export function lost(message: string): UserError {
  return new UserError('engine-unreachable', message);
}
