import { isDeepStrictEqual } from 'node:util';
import { ALL_CHECKS } from '../checks/allChecks';
import type { CheckFacts } from '../checks/check';
import { type LevelOf, runChecks } from '../checks/runChecks';
import { type Clock, systemClock } from '../common/clock';
import { type Disposable, DisposableStore } from '../common/disposable';
import { isCancellation, messageOf } from '../common/errors';
import { Emitter } from '../common/event';
import { sameList } from '../common/lists';
import type { Log } from '../common/log';
import type { EnvironmentStore } from '../environmentStore';
import { isWithin } from '../model/dataFolder';
import type { Finding } from '../model/finding';
import type { EnvironmentSnapshot } from '../model/snapshot';
import { FactsReader } from './factsReader';

/** How long nothing must have changed before everything is checked, in milliseconds: a save changes several environments. */
const QUIET = 100;
/** The same while somebody types: Compose is asked then. */
const TYPING_QUIET = 400;

/** What one look has found, and what it went by. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly facts: CheckFacts;
}

/** What checks find in the files of all environments, as they are saved and as they stand in editors, kept up to date. */
export class Findings implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new Emitter<void>());
  private readonly reader: FactsReader;
  private readonly texts = new Map<string, string>();
  private found: Checked | undefined;
  private seen: readonly unknown[] = [];
  private timer: Disposable | undefined;
  private checking: AbortController | undefined;

  /** Fires when there are other findings than before. */
  readonly onDidChange = this.emitter.event;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly log: Log,
    private readonly clock: Clock = systemClock,
  ) {
    this.reader = new FactsReader(store, ALL_CHECKS);
  }

  /** Checks by itself from now on, whenever something changes. */
  watch(): void {
    this.owned.add(this.store.onDidChange(() => this.filesChanged()));
    this.owned.add(this.store.onDidRead(() => this.schedule(QUIET)));
  }

  /** The last look; undefined before the first one. */
  get checked(): Checked | undefined {
    return this.found;
  }

  /** What was found last; empty before the first look. */
  get all(): readonly Finding[] {
    return this.found?.findings ?? [];
  }

  /** What the last look went by; undefined before the first one. */
  get facts(): CheckFacts | undefined {
    return this.found?.facts;
  }

  /** Has a file the text that it has in an editor. @param text undefined when it is as on the disk again. */
  setText(file: string, text: string | undefined): void {
    if (text === undefined ? !this.texts.delete(file) : this.texts.get(file) === text) return;
    if (text !== undefined) this.texts.set(file, text);
    this.schedule(TYPING_QUIET);
  }

  /**
   * Looks now, with all that is known by now of the environments.
   * @throws the signal's reason when aborted.
   */
  async check(signal?: AbortSignal): Promise<Checked> {
    const texts = new Map(this.texts);
    const facts = await this.reader.read(checkable(this.store.environments), texts, signal);
    return { facts, findings: this.find(facts) };
  }

  /**
   * Looks now, as {@link check} does, and tells of it as of what was found last.
   * @throws the signal's reason when aborted.
   */
  async refresh(signal?: AbortSignal): Promise<Checked> {
    const checked = await this.check(signal);
    signal?.throwIfAborted();
    const before = this.found?.findings;
    this.found = checked;
    if (!isDeepStrictEqual(before, checked.findings)) this.emitter.fire();
    return checked;
  }

  /** What there would be to find if files had other texts. */
  async checkTexts(texts: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<Checked> {
    const all = new Map([...this.texts, ...texts]);
    const facts = await this.reader.read(checkable(this.store.environments), all, signal);
    return { facts, findings: this.find(facts) };
  }

  dispose(): void {
    this.owned.dispose();
    this.timer?.dispose();
    this.checking?.abort();
  }

  private find(facts: CheckFacts): readonly Finding[] {
    return runChecks(ALL_CHECKS, facts, { textOf: facts.textOf, levelOf: this.levelOf });
  }

  /** What `berth.yaml` says of a code. */
  readonly levelOf: LevelOf = (code, about) => {
    const definition = 'environment' in about ? this.store.find(about.environment)?.definition : undefined;
    const own = definition?.knowledge?.levels?.[code];
    if (own !== undefined) return own;
    const path = definition ? definition.projectDirectory : 'file' in about ? about.file : undefined;
    const folders = this.store.levels.filter(({ folder }) => path !== undefined && isWithin(folder, path));
    return folders.findLast(({ levels }) => levels[code] !== undefined)?.levels[code];
  };

  /** Health changes all the time, which no static check goes by. */
  private filesChanged(): void {
    const seen = checkable(this.store.environments).flatMap(({ definition, resolution }) => [definition, resolution]);
    if (sameList(seen, this.seen)) return;
    this.seen = seen;
    this.schedule(QUIET);
  }

  private schedule(quiet: number): void {
    this.timer?.dispose();
    this.checking?.abort();
    this.timer = this.clock.after(quiet, () => void this.look());
  }

  private async look(): Promise<void> {
    const checking = new AbortController();
    this.checking = checking;
    try {
      await this.refresh(checking.signal);
    } catch (error) {
      if (!isCancellation(error)) this.log.error(`Checks failed: ${messageOf(error)}`);
    }
  }
}

/** Of a project that only its containers tell of, there are no files to check. */
function checkable(environments: readonly EnvironmentSnapshot[]): readonly EnvironmentSnapshot[] {
  return environments.filter(({ resolution }) => resolution.kind !== 'containers-only');
}
