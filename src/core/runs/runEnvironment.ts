import { randomBytes } from 'node:crypto';
import os from 'node:os';
import * as l10n from '@vscode/l10n';
import { unlessAborted } from '../common/event';
import type { TestRunMark } from '../model/container';
import { type EnvironmentDefinition, RUN_FILE_NAME } from '../model/environment';
import { isReady } from '../model/health';
import { type EnvironmentSnapshot, projectOf } from '../model/snapshot';
import { checkRoom } from './room';
import { environmentOf, type RunContext } from './runContext';
import { runFileText } from './runFile';
import { type RecordedRun, RunFolder, type RunRecord } from './runFolder';
import type { TestRunResult } from './testRun';

/** Whether an environment is made for a run: where nobody says it, those for tests and for CI are. */
export function isEphemeral({ ephemeral, purpose }: EnvironmentDefinition): boolean {
  return ephemeral ?? (purpose === 'test' || purpose === 'ci');
}

/** The environment that a test run is in: from the look whether there is room until it has gone. */
export class RunEnvironment {
  /** Volumes that stay, because they were there before the run. */
  keptVolumes: readonly string[] = [];
  /** What the run marks its containers with; undefined where the environment is not made for the run. */
  private mark: TestRunMark | undefined;
  private record: RunRecord | undefined;
  private isBroughtUp = false;

  constructor(private readonly context: RunContext) {}

  /** Whether it is to be set up: what a run has kept, or somebody brought up, hardly is meant to be so twice. */
  get isNew(): boolean {
    const { kind } = this.context.project.occupation;
    return kind !== 'others' && kind !== 'kept';
  }

  /** Looks whether there is room, where that is needed, and brings it up until it is ready. */
  async bringUp(): Promise<void> {
    const { project, hooks, request } = this.context;
    if (project.occupation.kind !== 'others') {
      await this.claim();
      return this.up(request.services ?? []);
    }
    hooks.onNote(l10n.t('Uses "{0}" as it runs, and leaves it as it is.', this.current.definition.name));
    const missing = notReady(this.current);
    if (missing.length > 0) await this.up(missing);
  }

  /**
   * Removes what the run made, unless it is to stay.
   * @throws UserError when that fails; what is left, the next run removes.
   */
  async leave(): Promise<Exclude<TestRunResult['after'], 'left'>> {
    const { project, request, afterwards } = this.context;
    const { kind } = project.occupation;
    if (!this.isBroughtUp || kind === 'others') return 'as-before';
    if (kind === 'kept' || request.keep) return 'kept';
    if (!this.mark && kind !== 'nothing') return 'as-before';
    this.context.begin('remove', l10n.t('Removing "{0}" …', this.current.definition.name));
    await this.down(this.mark?.removesVolumes ?? false, afterwards);
    return 'removed';
  }

  private get current(): EnvironmentSnapshot {
    return environmentOf(this.context.surroundings.store, this.context.request);
  }

  /** Makes the project this run's own: with its mark, with nothing of an earlier run, and with room beside all others. */
  private async claim(): Promise<void> {
    const { project, hooks, surroundings, connection, signal, begin } = this.context;
    const { definition } = this.current;
    begin('check', l10n.t('Checking whether there is room for "{0}" …', definition.name));
    if (project.isBeside)
      hooks.onNote(l10n.t('Runs in the project {0}, as that of "{1}" is in use.', project.name, definition.name));
    const before = await this.volumes();
    const killed = await this.killedRuns();
    const leftover = before.filter((name) => killed.some(({ record }) => record.volumes?.includes(name)));
    if (isEphemeral(definition)) await this.markAs(this.markFor(before, leftover));
    if (project.occupation.kind === 'kept') {
      hooks.onNote(l10n.t('Uses the environment that an earlier run has kept as it is, and keeps it.'));
      return;
    }
    await this.clear(before, leftover);
    for (const { folder } of killed) await folder.settle();
    await checkRoom(this.current, { connection, environments: surroundings.store.environments, signal });
  }

  /** Removes what earlier runs have left in the project, and old volumes of an environment that says that they may go. */
  private async clear(before: readonly string[], leftover: readonly string[]): Promise<void> {
    const { project, hooks, signal } = this.context;
    const { definition } = this.current;
    const { occupation } = project;
    if (occupation.kind === 'left' || (leftover.length > 0 && leftover.length === before.length)) {
      hooks.onNote(l10n.t('Removing what a run that was interrupted has left …'));
      await this.down(occupation.kind === 'left' ? occupation.mark.removesVolumes : true, signal);
    } else if (definition.ephemeral === true && before.length > 0) {
      const names = before.join(', ');
      hooks.onNote(l10n.t('Removing the volumes of before, as "{0}" is ephemeral: {1}', definition.name, names));
      await this.down(true, signal);
    }
  }

  /** The runs in this project that were killed: as this one has the project for itself, none of them goes on. */
  private async killedRuns(): Promise<readonly RecordedRun[]> {
    const { folder, project } = this.context;
    const { workspaceFolder, context } = this.current.definition;
    const open = await RunFolder.open(workspaceFolder, { project: project.name, context });
    return open.filter((one) => one.folder.path !== folder.path && one.record.host === os.hostname());
  }

  /** What marks this run. Volumes of before that nobody says may go stay, with all others beside them. */
  private markFor(before: readonly string[], leftover: readonly string[]): TestRunMark {
    const { project, request, hooks } = this.context;
    const { occupation } = project;
    if (occupation.kind === 'kept') return occupation.mark;
    const removesVolumes =
      this.current.definition.ephemeral === true ||
      before.length === leftover.length ||
      (occupation.kind === 'left' && occupation.mark.removesVolumes);
    if (!removesVolumes) {
      this.keptVolumes = before;
      hooks.onNote(
        l10n.t(
          'These volumes were there before, and stay with what is in them: {0}. "ephemeral: true" in berth.yaml says that they may go.',
          this.keptVolumes.join(', '),
        ),
      );
    }
    return { id: randomBytes(6).toString('hex'), host: os.hostname(), kept: request.keep === true, removesVolumes };
  }

  private async markAs(mark: TestRunMark): Promise<void> {
    const { folder, project, surroundings, signal } = this.context;
    const { definition, resolution } = this.current;
    const resolved = projectOf(resolution);
    if (resolved) await folder.write(RUN_FILE_NAME, runFileText(resolved, mark));
    this.record = {
      id: mark.id,
      environment: definition.name,
      project: project.name,
      ...(definition.context === undefined ? {} : { context: definition.context }),
      host: mark.host,
      process: process.pid,
      kept: mark.kept,
      removesVolumes: mark.removesVolumes,
      state: 'running',
    };
    await folder.note(this.record);
    const elsewhere = project.isBeside ? { projectName: project.name, usualProject: project.name } : {};
    await surroundings.store.vary(definition.id, { runFile: folder.file(RUN_FILE_NAME), ...elsewhere });
    await unlessAborted(surroundings.store.whenResolved(definition.id), signal);
    this.mark = mark;
  }

  private async up(services: readonly string[]): Promise<void> {
    const { request, hooks, signal, begin } = this.context;
    const { definition } = this.current;
    begin('up', l10n.t('Bringing up "{0}" …', definition.name));
    this.isBroughtUp = true;
    const options = { build: request.build };
    const result = await hooks.operate({ operation: 'up', environmentId: definition.id, services, options }, signal);
    if (result.kind === 'cancelled') throw signal.reason ?? new DOMException('', 'AbortError');
    await this.noteVolumes();
    if (result.kind === 'failed') throw result.error;
  }

  /** Notes the volumes that the run has made, by which they are known should nothing else of it be left. */
  private async noteVolumes(): Promise<void> {
    if (!this.record?.removesVolumes) return;
    // Where the engine can't tell, what is left counts as somebody's.
    const volumes = await this.volumes().catch(() => []);
    if (volumes.length > 0) await this.context.folder.note({ ...this.record, volumes });
  }

  /** The names of the volumes that the project has by now. */
  private async volumes(): Promise<readonly string[]> {
    const { connection, project, signal } = this.context;
    const { volumes } = await connection.inspect((engine) => engine.belongings(project.name, { signal }));
    return volumes.flatMap(({ name, anonymous }) => (anonymous ? [] : name));
  }

  private async down(volumes: boolean, signal: AbortSignal): Promise<void> {
    const environmentId = this.current.definition.id;
    const request = { operation: 'down' as const, environmentId, services: [], options: { volumes } };
    const result = await this.context.hooks.operate(request, signal);
    if (result.kind === 'cancelled') throw signal.reason ?? new DOMException('', 'AbortError');
    if (result.kind === 'failed') throw result.error;
  }
}

/** The services that are not ready of those that `up` starts. */
function notReady({ services }: EnvironmentSnapshot): readonly string[] {
  const missing = services.filter(({ enabled, health }) => enabled && (health === 'unknown' || !isReady(health)));
  return missing.map(({ name }) => name);
}
