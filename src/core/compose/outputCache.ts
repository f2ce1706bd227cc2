import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import type { ProgramCall, ProgramResult } from '../common/program';

/** How many outputs are kept: the newest. Each is some ten kilobytes. */
const KEPT = 200;

/**
 * What Compose calls printed that only read files, by the contents of those files: where they are as they were at some time before,
 * nothing is run. A call that failed is run again, as what it stumbled over may not be in the files.
 */
export class OutputCache {
  private readonly outputs = new Map<string, ProgramResult>();

  /**
   * @param files absolute paths of all that the call reads, there or not.
   * @param run runs the call.
   */
  async output(call: ProgramCall, files: Iterable<string>, run: () => Promise<ProgramResult>): Promise<ProgramResult> {
    const paths = [...new Set(files)].sort();
    const key = await keyOf(call, paths);
    const known = this.outputs.get(key);
    if (known) {
      this.keep(key, known);
      return known;
    }
    const result = await run();
    // Where something was written meanwhile, nobody knows which of the two Compose has read.
    if (result.exitCode === 0 && (await keyOf(call, paths)) === key) this.keep(key, result);
    return result;
  }

  /** As the newest, in the place of the oldest. */
  private keep(key: string, result: ProgramResult): void {
    this.outputs.delete(key);
    this.outputs.set(key, result);
    const [oldest] = this.outputs.keys();
    if (oldest !== undefined && this.outputs.size > KEPT) this.outputs.delete(oldest);
  }
}

async function keyOf(call: ProgramCall, paths: readonly string[]): Promise<string> {
  const digests = paths.map(async (file) => {
    const content = await fs.readFile(file).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    return [file, typeof content === 'string' ? content : createHash('sha256').update(content).digest('hex')];
  });
  return JSON.stringify([call, await Promise.all(digests)]);
}
