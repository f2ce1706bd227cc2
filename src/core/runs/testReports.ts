import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../common/errors';
import type { TestCase } from '../model/testCase';
import { readJUnit } from './junit';

/** The largest report that is read, in bytes: a parser takes a second for it. */
const MOST_BYTES = 20_000_000;
/** How much earlier than a run its reports may seem to be written, in milliseconds: file systems and archives round. */
const TIME_TOLERANCE = 2_000;

/** What the reports say that a command left. */
interface TestReports {
  readonly cases: readonly TestCase[];
  /** What could not be read, or is of an earlier run: a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Reads the reports in the form of JUnit among what was collected; other XML is passed over.
 * @param folder absolute path; every `.xml` below it is looked at.
 * @param writtenSince when the command began, in milliseconds since the epoch: what is older is not its own.
 */
export async function readReports(folder: string, writtenSince: number): Promise<TestReports> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && /\.xml$/i.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const cases: TestCase[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const name = path.relative(folder, file);
    try {
      const { mtimeMs, size } = await fs.stat(file);
      if (size > MOST_BYTES) {
        problems.push(l10n.t('{0} is too large to be read ({1} MB).', name, Math.round(size / 1_000_000)));
        continue;
      }
      const report = await readJUnit(await fs.readFile(file, 'utf8'));
      if (!report) continue;
      if (mtimeMs < writtenSince - TIME_TOLERANCE) {
        problems.push(l10n.t('{0} is left over from an earlier run: this one did not write it.', name));
        continue;
      }
      for (const one of report.cases) cases.push(one);
      if (report.broken) {
        const { line, message } = report.broken;
        problems.push(l10n.t("{0} can't be read to its end (line {1}: {2}).", name, line, message));
      }
    } catch (error) {
      problems.push(l10n.t("{0} can't be read: {1}", name, messageOf(error)));
    }
  }
  return { cases, problems };
}
