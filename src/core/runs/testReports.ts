import fs from 'node:fs';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../common/errors';
import type { TestCase } from '../model/testCase';
import { readJUnit } from './junit';

/** The largest report that is read, and all together, in bytes: a parser takes seconds for 20 MB. */
const MOST_BYTES = 20_000_000;
const MOST_BYTES_OF_ALL = 50_000_000;
/** How many files are looked at, and how many tests are read of all: more than that nobody looks through. */
const MOST_FILES = 5_000;
const MOST_CASES = 20_000;
/** How much earlier than a run its reports may seem to be written, in milliseconds: file systems and archives round. */
const TIME_TOLERANCE = 2_000;

/** What the reports say that a command left. */
interface TestReports {
  readonly cases: readonly TestCase[];
  /** What could not be read, or is of an earlier run: a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads the reports in the form of JUnit among what was collected; other XML is passed over. What is left out because there is too
 * much of it is among the problems.
 * @param folder absolute path; every `.xml` below it is looked at.
 * @param writtenSince when the command began, in milliseconds since the epoch: what is older is not its own.
 * @throws the signal's reason when aborted.
 */
export async function readReports(folder: string, writtenSince: number, signal?: AbortSignal): Promise<TestReports> {
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && /\.xml$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const cases: TestCase[] = [];
  const problems: string[] = [];
  let bytes = 0;
  for (const [index, file] of files.entries()) {
    if (index >= MOST_FILES || bytes >= MOST_BYTES_OF_ALL || cases.length >= MOST_CASES) {
      problems.push(
        l10n.t('{0} further XML files are not read: there is too much in those before.', files.length - index),
      );
      break;
    }
    const name = path.relative(folder, file);
    try {
      const { mtimeMs, size } = await fs.promises.stat(file);
      if (size > MOST_BYTES) {
        problems.push(l10n.t('{0} is too large to be read ({1} MB).', name, Math.round(size / 1_000_000)));
        continue;
      }
      bytes += size;
      const pieces = fs.createReadStream(file, { encoding: 'utf8', signal });
      const report = await readJUnit(pieces, MOST_CASES - cases.length);
      if (!report) continue;
      if (mtimeMs < writtenSince - TIME_TOLERANCE) {
        problems.push(l10n.t('{0} is left over from an earlier run: this one did not write it.', name));
        continue;
      }
      for (const one of report.cases) cases.push(one);
      if (report.isCut) problems.push(l10n.t('{0} has more tests than are read: {1} of all.', name, MOST_CASES));
      if (report.broken) {
        const { line, message } = report.broken;
        problems.push(l10n.t("{0} can't be read to its end (line {1}: {2}).", name, line, message));
      }
    } catch (error) {
      signal?.throwIfAborted();
      problems.push(l10n.t("{0} can't be read: {1}", name, messageOf(error)));
    }
  }
  return { cases, problems };
}
