import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { unlessAborted } from '../common/event';
import { lockReach } from '../common/lock';
import type { OwnedVolume } from '../model/belongings';
import type { TestRunMark } from '../model/container';
import { dataFoldersOf } from '../model/dataFolder';
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
  /** The ids of the containers that were there once it was up; undefined where it was not brought up. */
  private broughtUp: ReadonlySet<string> | undefined;
  private isSetUp = false;

  constructor(private readonly context: RunContext) {}

  /** Whether it has yet to be set up: what a run has kept hardly is meant to be so twice, and what somebody brought up not at all. */
  get needsSetUp(): boolean {
    return this.context.project.occupation.kind !== 'others' && !this.isSetUp;
  }

  /** Notes that it is set up, for later runs that use it. */
  async noteSetUp(): Promise<void> {
    this.isSetUp = true;
    if (!this.record) return;
    this.record = { ...this.record, isSetUp: true };
    await this.context.folder.note(this.record);
  }

  /** Looks whether there is room, where that is needed, and brings it up until it is ready. */
  async bringUp(): Promise<void> {
    const { project, hooks, request } = this.context;
    if (project.occupation.kind !== 'others') {
      await this.claim();
      return this.up(request.services ?? []);
    }
    hooks.onNote(l10n.t('Uses "{0}" as it runs, and leaves it as it is.', this.current.definition.name));
    const missing = notReady(this.current, request.services ?? []);
    if (missing.length > 0) await this.up(missing);
  }

  /**
   * Removes what the run made, unless it is to stay.
   * @throws UserError when that fails; what is left, the next run removes.
   */
  async leave(): Promise<Exclude<TestRunResult['after'], 'left'>> {
    const { project, request, hooks, afterwards } = this.context;
    const { kind } = project.occupation;
    const { broughtUp } = this;
    if (!broughtUp || kind === 'others') return 'as-before';
    if (kind === 'kept' || request.keep) return 'kept';
    if (!this.mark && kind !== 'nothing') return 'as-before';
    if (!this.mark && this.containerIds().some((id) => !broughtUp.has(id))) {
      hooks.onNote(l10n.t('Somebody else uses "{0}" by now: it stays up.', this.current.definition.name));
      return 'as-before';
    }
    this.context.begin('remove', l10n.t('Removing "{0}" …', this.current.definition.name));
    await this.down(this.mark?.removesVolumes ?? false, afterwards);
    return 'removed';
  }

  private get current(): EnvironmentSnapshot {
    return environmentOf(this.context.surroundings.store, this.context.request);
  }

  /** Makes the project this run's own: with its mark, with nothing of an earlier run, and with room beside all others. */
  private async claim(): Promise<void> {
    const { project, request, hooks, surroundings, connection, signal, begin } = this.context;
    const { definition } = this.current;
    begin('check', l10n.t('Checking whether there is room for "{0}" …', definition.name));
    if (project.isBeside)
      hooks.onNote(l10n.t('Runs in the project {0}, as that of "{1}" is in use.', project.name, definition.name));
    const killed = await this.killedRuns();
    const volumes = await this.volumes();
    if (isEphemeral(definition)) await this.markAs(this.markFor(volumes));
    if (project.occupation.kind === 'kept') return this.useKept(project.occupation.mark);
    // Before anything goes: what is somebody else's is among what stands in the way.
    const { environments } = surroundings.store;
    await checkRoom(this.current, request.services ?? [], { connection, environments, signal });
    await this.clear(volumes);
    for (const { folder } of killed) await folder.settle();
    const folders = isEphemeral(definition) ? dataFoldersOf(this.current) : [];
    if (folders.length > 0) {
      const paths = folders.map(({ path }) => path).join(', ');
      hooks.onNote(l10n.t('What is in these data folders is there for the tests, and stays: {0}', paths));
    }
  }

  private async useKept({ id }: TestRunMark): Promise<void> {
    const recorded = await RunFolder.recorded(this.current.definition.workspaceFolder);
    this.isSetUp = recorded.some(({ record }) => record.id === id && record.isSetUp);
    this.context.hooks.onNote(
      this.isSetUp
        ? l10n.t('Uses the environment that an earlier run has kept as it is, and keeps it.')
        : l10n.t(
            'Uses the environment that an earlier run has kept, and keeps it. As that run did not set it up, it is now.',
          ),
    );
  }

  /** Removes what earlier runs have left in the project, and old volumes of an environment that says that they may go. */
  private async clear(volumes: readonly OwnedVolume[]): Promise<void> {
    const { project, hooks, signal } = this.context;
    const { definition } = this.current;
    const areLeft = volumes.every(isLeftByRun);
    if (project.occupation.kind === 'left' || (areLeft && volumes.length > 0)) {
      hooks.onNote(l10n.t('Removing what a run that was interrupted has left …'));
      await this.down(areLeft || definition.ephemeral === true, signal);
    } else if (definition.ephemeral === true && volumes.length > 0) {
      hooks.onNote(
        l10n.t(
          'Removing the volumes of before, as "{0}" is ephemeral: {1}',
          definition.name,
          namesOf(volumes).join(', '),
        ),
      );
      await this.down(true, signal);
    }
  }

  /** The runs in this project that were killed: as this one has the project for itself, none of them goes on. */
  private async killedRuns(): Promise<readonly RecordedRun[]> {
    const { folder, project, connection } = this.context;
    const { workspaceFolder } = this.current.definition;
    const open = await RunFolder.open(workspaceFolder, { project: project.name, engine: connection.engine });
    return open.filter((one) => one.folder.path !== folder.path && one.record.host === lockReach());
  }

  /** What marks this run. Volumes of before that nobody says may go stay, with all others beside them. */
  private markFor(volumes: readonly OwnedVolume[]): TestRunMark {
    const { project, request, hooks } = this.context;
    const { occupation } = project;
    if (occupation.kind === 'kept') return occupation.mark;
    const removesVolumes = this.current.definition.ephemeral === true || volumes.every(isLeftByRun);
    if (!removesVolumes) {
      this.keptVolumes = namesOf(volumes);
      hooks.onNote(
        l10n.t(
          'These volumes were there before, and stay with what is in them: {0}. "ephemeral: true" in berth.yaml says that they may go.',
          this.keptVolumes.join(', '),
        ),
      );
    }
    return { id: randomBytes(6).toString('hex'), host: lockReach(), kept: request.keep === true, removesVolumes };
  }

  private async markAs(mark: TestRunMark): Promise<void> {
    const { folder, project, connection, surroundings, signal } = this.context;
    const { definition, resolution } = this.current;
    const resolved = projectOf(resolution);
    if (resolved) await folder.write(RUN_FILE_NAME, runFileText(resolved, mark));
    this.record = {
      id: mark.id,
      environment: definition.name,
      project: project.name,
      engine: connection.engine,
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
    const { request, hooks, connection, signal, begin } = this.context;
    const { definition } = this.current;
    begin('up', l10n.t('Bringing up "{0}" …', definition.name));
    const options = { build: request.build };
    const asked = {
      operation: 'up' as const,
      environmentId: definition.id,
      services,
      options,
      engine: connection.engine,
    };
    const result = await hooks.operate(asked, signal).finally(() => {
      // Also when it failed half-way: what there is by then is this run's.
      this.broughtUp = new Set(this.containerIds());
    });
    if (result.kind === 'cancelled') throw signal.reason ?? new DOMException('', 'AbortError');
    if (result.kind === 'failed') throw result.error;
  }

  /** Those of its services, as the engine has told them by now. */
  private containerIds(): readonly string[] {
    return this.current.services.flatMap(({ containers }) => containers.map(({ id }) => id));
  }

  /** The volumes that the project has by now, those of single containers left out. */
  private async volumes(): Promise<readonly OwnedVolume[]> {
    const { connection, project, signal } = this.context;
    const { volumes } = await connection.inspect((engine) => engine.belongings(project.name, { signal }));
    return volumes.filter(({ anonymous }) => !anonymous);
  }

  private async down(volumes: boolean, signal: AbortSignal): Promise<void> {
    const { hooks, connection } = this.context;
    const environmentId = this.current.definition.id;
    const about = { environmentId, services: [], engine: connection.engine };
    const result = await hooks.operate({ operation: 'down', ...about, options: { volumes } }, signal);
    if (result.kind === 'cancelled') throw signal.reason ?? new DOMException('', 'AbortError');
    if (result.kind === 'failed') throw result.error;
  }
}

/** The services that are not ready of those that `up` starts. @param wanted names of those; all when empty. */
function notReady({ services }: EnvironmentSnapshot, wanted: readonly string[]): readonly string[] {
  const meant = services.filter(({ name, enabled }) => (wanted.length > 0 ? wanted.includes(name) : enabled));
  const missing = meant.filter(({ health }) => health === 'unknown' || !isReady(health));
  return missing.map(({ name }) => name);
}

/** Whether a run on this machine has made a volume, and not to be kept. Asked while no other one goes on in its project. */
function isLeftByRun({ testRun }: OwnedVolume): boolean {
  return testRun?.host === lockReach() && !testRun.kept;
}

function namesOf(volumes: readonly OwnedVolume[]): readonly string[] {
  return volumes.map(({ name }) => name);
}
