import { isDeepStrictEqual } from 'node:util';
import { type Disposable, DisposableStore, toDisposable } from '../common/disposable';
import type { Container } from '../model/container';
import type { OnEngine } from '../model/environment';
import type { EngineFeed, EngineState } from './engineFeed';

export interface EngineFeedsOptions {
  /** The feed of a Docker context; the same one every time. It is started here, and not disposed. */
  readonly feedFor: (context: string | undefined) => EngineFeed;
  /** Where a Docker context leads now, deeply equal as long as that is the same; see `targetOf`. */
  readonly targetOf: (context: string | undefined) => Promise<{ readonly engine: string }>;
  readonly onDidChangeContainers: () => void;
  readonly onDidChangeState: () => void;
}

/** Listens to the engines that the contexts in use lead to, and to no others: to each by one feed, however many lead there. */
export class EngineFeeds implements Disposable {
  /** Where contexts lead, as it was last looked at. */
  private readonly targets = new Map<string | undefined, { readonly engine: string }>();
  private looking: Promise<unknown> = Promise.resolve();
  /** Of each context in use, the one whose feed is listened to: the same for all that lead to one engine. */
  private leading: ReadonlyMap<string | undefined, string | undefined> = new Map();
  private readonly feeds = new Map<string | undefined, { readonly feed: EngineFeed; readonly watch: Disposable }>();

  constructor(private readonly options: EngineFeedsOptions) {}

  /** The engine that a context led to when it was last looked at; undefined while it has not been. */
  engineOf(context: string | undefined): string | undefined {
    return this.targets.get(context)?.engine;
  }

  /** Whose feed tells of the engine that a context leads to: of the contexts in use that lead there the current one, or the first. */
  leadingContext(context: string | undefined): string | undefined {
    return this.leading.has(context) ? this.leading.get(context) : context;
  }

  /** The state of a context's engine: `connecting` while nothing needs it. */
  state(context: string | undefined): EngineState {
    return this.feeds.get(this.leadingContext(context))?.feed.state ?? { kind: 'connecting' };
  }

  /** The containers of each engine that is listened to. */
  get containers(): readonly (readonly [OnEngine, readonly Container[]])[] {
    return [...this.feeds].map(
      ([context, { feed }]) => [{ context, engine: this.engineOf(context) }, [...feed.containers]] as const,
    );
  }

  /** Looks where contexts lead now, one look after another. @returns those that lead elsewhere than before. */
  look(contexts: Iterable<string | undefined>): Promise<readonly (string | undefined)[]> {
    const look = async () => {
      const asked = [...new Set(contexts)].map(async (one) => [one, await this.options.targetOf(one)] as const);
      const moved: (string | undefined)[] = [];
      for (const [context, target] of await Promise.all(asked)) {
        const before = this.targets.get(context);
        this.targets.set(context, target);
        if (before && !isDeepStrictEqual(before, target)) moved.push(context);
      }
      return moved;
    };
    const looked = this.looking.then(look);
    this.looking = looked.catch(() => {});
    return looked;
  }

  /**
   * Listens to the engines of these contexts from now on.
   * @param moved the contexts that lead elsewhere than before. Their feeds follow, also those not listened to now: they may be again.
   */
  use(used: ReadonlySet<string | undefined>, moved: readonly (string | undefined)[]): void {
    const leaders = new Map<string | undefined, string | undefined>();
    // The current context comes first: whoever follows it follows its feed.
    for (const context of used.has(undefined) ? [undefined, ...used] : used) {
      const engine = this.engineOf(context);
      if (!leaders.has(engine)) leaders.set(engine, context);
    }
    this.leading = new Map([...used].map((context) => [context, leaders.get(this.engineOf(context))]));
    const contexts = new Set(leaders.values());
    for (const [context, { watch }] of this.feeds) {
      if (contexts.has(context)) continue;
      watch.dispose();
      this.feeds.delete(context);
    }
    for (const context of moved) this.options.feedFor(context).reconnect();
    for (const context of contexts) if (!this.feeds.has(context)) this.listenTo(context);
  }

  dispose(): void {
    for (const { watch } of this.feeds.values()) watch.dispose();
    this.feeds.clear();
  }

  private listenTo(context: string | undefined): void {
    const feed = this.options.feedFor(context);
    const watch = new DisposableStore();
    watch.add(feed.onDidChangeContainers(() => this.options.onDidChangeContainers()));
    watch.add(feed.onDidChangeState(() => this.options.onDidChangeState()));
    this.feeds.set(context, { feed, watch: toDisposable(() => watch.dispose()) });
    feed.start();
  }
}
