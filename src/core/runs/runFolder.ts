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
  readonly context?: string;
  /** The machine that it runs on. */
  readonly host: string;
  readonly process: number;
  /** Whether what it made is to stay. */
  readonly kept: boolean;
  /** Whether the volumes go with the rest. */
  readonly removesVolumes: boolean;
  readonly state: 'running' | 'over';
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
      await removeOldest(runs);
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
    await fs.writeFile(`${file}.part`, text);
    await fs.rename(`${file}.part`, file);
  }

  /** Notes how the run is going. */
  note(record: RunRecord): Promise<void> {
    return this.write(RECORD, `${JSON.stringify(record, undefined, 2)}\n`);
  }

  /** Removes it unless there is something in it that is worth keeping. @returns whether it is kept. */
  async settle(): Promise<boolean> {
    const names = await fs.readdir(this.path).catch((): string[] => []);
    if (names.some((name) => name !== RECORD && name !== RUN_FILE_NAME)) return true;
    await fs.rm(this.path, { recursive: true, force: true });
    return false;
  }
}

const RECORD = 'run.json';

/** The runs that a workspace folder has notes of. @param workspaceFolder absolute path. */
export async function runRecords(workspaceFolder: string): Promise<readonly RunRecord[]> {
  const runs = path.join(workspaceFolder, '.berth', 'runs');
  const names = await fs.readdir(runs).catch((): string[] => []);
  const read = names.map(async (name) => {
    const text = await fs.readFile(path.join(runs, name, RECORD), 'utf8').catch(() => '');
    try {
      return [JSON.parse(text) as RunRecord];
    } catch {
      // Half-written, or somebody's own: it says nothing.
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}

/** Those that go on, or stay for somebody to look into, have a container that is marked: their folder is of no use to that. */
async function removeOldest(runs: string): Promise<void> {
  const names = (await fs.readdir(runs)).filter((name) => /^\d{4}-/.test(name)).sort();
  const old = names.slice(0, Math.max(0, names.length - KEPT_RUNS));
  await Promise.all(old.map((name) => fs.rm(path.join(runs, name), { recursive: true, force: true })));
}

function unlessThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
