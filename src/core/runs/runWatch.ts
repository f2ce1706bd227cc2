import { type Disposable, DisposableStore } from '../common/disposable';
import { Emitter } from '../common/event';
import { whenFree } from '../common/lock';
import type { EnvironmentStore } from '../environmentStore';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { runLockKey, runMarkOf } from './runProject';

/** What an environment that a test run has made is: the run goes on in it, was told to leave it, or was killed. */
export type RunState = 'under-way' | 'kept' | 'left';

/** A run that made something, until it is known to be over. */
interface WatchedRun {
  readonly ending: AbortController;
  /** Undefined until its lock has been looked at. */
  isUnderWay?: boolean;
}

/**
 * Knows of the environments that test runs on this machine have made whether those still go on: the operating system tells when
 * the lock that a run has on its project is free again. That a later run uses what an earlier one has kept, nothing tells.
 */
export class RunWatch implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new Emitter<void>());
  private readonly runs = new Map<string, WatchedRun>();

  /** Fires when the state of an environment changed without a change of its containers. */
  readonly onDidChange = this.emitter.event;

  constructor(private readonly store: Pick<EnvironmentStore, 'environments' | 'elsewhere' | 'onDidChange'>) {
    this.owned.add(store.onDidChange(() => this.look()));
    this.look();
  }

  /** Undefined where no test run on this machine has made what there is of the environment, and until it is known of one. */
  stateOf(environment: EnvironmentSnapshot): RunState | undefined {
    const mark = runMarkOf(environment);
    const run = mark && this.runs.get(mark.id);
    if (run?.isUnderWay === undefined) return undefined;
    if (run.isUnderWay) return 'under-way';
    return mark?.kept ? 'kept' : 'left';
  }

  dispose(): void {
    for (const { ending } of this.runs.values()) ending.abort();
    this.owned.dispose();
  }

  private look(): void {
    const there = new Set<string>();
    for (const environment of [...this.store.environments, ...this.store.elsewhere]) {
      const { definition, projectName } = environment;
      const mark = runMarkOf(environment);
      if (!mark) continue;
      there.add(mark.id);
      const { engine } = definition;
      // Which lock it is is known only with these.
      if (this.runs.has(mark.id) || projectName === undefined || engine === undefined) continue;
      this.watch(mark.id, runLockKey(engine, projectName));
    }
    for (const [id, { ending }] of this.runs) {
      if (there.has(id)) continue;
      ending.abort();
      this.runs.delete(id);
    }
  }

  private watch(id: string, key: string): void {
    const run: WatchedRun = { ending: new AbortController() };
    this.runs.set(id, run);
    const tell = (isUnderWay: boolean) => {
      if (run.ending.signal.aborted || run.isUnderWay === isUnderWay) return;
      run.isUnderWay = isUnderWay;
      this.emitter.fire();
    };
    whenFree(key, run.ending.signal, () => tell(true)).then(
      () => tell(false),
      () => {},
    );
  }
}
