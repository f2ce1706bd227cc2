import fs from 'node:fs/promises';
import path from 'node:path';
import { RUN_FILE_NAME } from '../model/environment';

/** How many runs are kept of a workspace folder. */
const KEPT_RUNS = 10;

/** What is noted of a test run while it goes on, for whoever finds what it left when it was killed. */
export interface RunRecord {
  readonly id: string;
  /** The name of the environment. */
  readonly environment: string;
  readonly project: string;
  /** The engine that it is on; see `EngineConnection`. */
  readonly engine: string;
  /** The machine that it runs on; see `lockReach`. */
  readonly host: string;
  readonly process: number;
  /** Whether what it made is to stay. */
  readonly kept: boolean;
  /** Whether the volumes go with the rest. */
  readonly removesVolumes: boolean;
  /** Whether what sets the environment up was run to its end: only then can a later run use what this one has kept. */
  readonly isSetUp?: boolean;
  /** It stays `running` when the run was killed, or could not remove what it made. */
  readonly state: 'running' | 'over';
}

/** A run that a workspace folder has notes of. */
export interface RecordedRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
}

/**
 * The folder of a test run: `.berth/runs/<time>` in the workspace folder, which git is told to ignore. What it is worth keeping for
 * (logs of a run that failed, collected files) stays there until ten newer runs have come.
 */
export class RunFolder {
  private constructor(
    /** Absolute path. */
    readonly path: string,
  ) {}

  /**
   * Makes the folder of a new run, and removes those of the oldest.
   * @param workspaceFolder absolute path.
   * @throws Error of the system when it can't be written.
   */
  static async make(workspaceFolder: string, now = new Date()): Promise<RunFolder> {
    const runs = path.join(workspaceFolder, '.berth', 'runs');
    await fs.mkdir(runs, { recursive: true });
    await fs.writeFile(path.join(workspaceFolder, '.berth', '.gitignore'), '*\n', { flag: 'wx' }).catch(unlessThere);
    const time = now
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(':', '-');
    for (let number = 1; ; number++) {
      const folder = path.join(runs, number === 1 ? time : `${time}-${number}`);
      const isMade = await fs.mkdir(folder).then(() => true, unlessThere);
      if (!isMade) continue;
      await RunFolder.removeOldest(workspaceFolder);
      return new RunFolder(folder);
    }
  }

  /** Absolute path of something in it. */
  file(...names: readonly string[]): string {
    return path.join(this.path, ...names);
  }

  /** Writes a file in it as a whole or not at all. @param name relative path. */
  async write(name: string, text: string): Promise<void> {
    const file = this.file(name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    const part = `${file}.part`;
    try {
      await fs.writeFile(part, text);
      await fs.rename(part, file);
    } catch (error) {
      await fs.rm(part, { force: true });
      throw error;
    }
  }

  /** Notes how the run is going. */
  note(record: RunRecord): Promise<void> {
    return this.write(RECORD, `${JSON.stringify(record, undefined, 2)}\n`);
  }

  /** Reads what is noted; undefined when nothing is, or half of it. */
  async record(): Promise<RunRecord | undefined> {
    const text = await fs.readFile(this.file(RECORD), 'utf8').catch(() => '');
    try {
      return JSON.parse(text) as RunRecord;
    } catch {
      return undefined;
    }
  }

  /** Whether there is something in it that is worth keeping. */
  async isWorthKeeping(): Promise<boolean> {
    const names = await fs.readdir(this.path).catch((): string[] => []);
    return names.some((name) => name !== RECORD && name !== RUN_FILE_NAME);
  }

  /**
   * The run is over: notes that, or removes the folder where it is not worth keeping.
   * @param isKept whether the environment stays, and the notes with it.
   */
  async settle(isKept = false): Promise<void> {
    if (!isKept && !(await this.isWorthKeeping())) return fs.rm(this.path, { recursive: true, force: true });
    const record = await this.record();
    if (record) await this.note({ ...record, state: 'over' });
  }

  /** The runs that a workspace folder has notes of, oldest first. @param workspaceFolder absolute path. */
  static async recorded(workspaceFolder: string): Promise<readonly RecordedRun[]> {
    const runs = path.join(workspaceFolder, '.berth', 'runs');
    const names = await fs.readdir(runs).catch((): string[] => []);
    const read = names.sort().map(async (name) => {
      const folder = new RunFolder(path.join(runs, name));
      const record = await folder.record();
      return record ? [{ folder, record }] : [];
    });
    return (await Promise.all(read)).flat();
  }

  /** Those of a project of which nothing says that they are over. @param workspaceFolder absolute path. */
  static async open(
    workspaceFolder: string,
    { project, engine }: Pick<RunRecord, 'project' | 'engine'>,
  ): Promise<readonly RecordedRun[]> {
    return (await RunFolder.recorded(workspaceFolder)).filter(
      ({ record }) => record.state === 'running' && record.project === project && record.engine === engine,
    );
  }

  /** Removes the oldest folders of a workspace folder, but those of runs that go on: Compose reads a file there. */
  private static async removeOldest(workspaceFolder: string): Promise<void> {
    const runs = path.join(workspaceFolder, '.berth', 'runs');
    const names = (await fs.readdir(runs)).filter((name) => /^\d{4}-/.test(name)).sort();
    const old = names
      .slice(0, Math.max(0, names.length - KEPT_RUNS))
      .map((name) => new RunFolder(path.join(runs, name)));
    await Promise.all(
      old.map(async (folder) => {
        if ((await folder.record())?.state === 'running') return;
        await fs.rm(folder.path, { recursive: true, force: true });
      }),
    );
  }
}

const RECORD = 'run.json';

/**
 * Notes of the runs in a project that they are over: nothing that there is of it from now on is theirs.
 * @param workspaceFolder absolute path of the folder whose notes are meant.
 */
export async function closeRecords(
  workspaceFolder: string,
  project: Pick<RunRecord, 'project' | 'engine'>,
): Promise<void> {
  const open = await RunFolder.open(workspaceFolder, project);
  await Promise.all(open.map(({ folder }) => folder.settle()));
}

function unlessThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
