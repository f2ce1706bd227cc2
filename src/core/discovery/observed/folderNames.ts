import fs from 'node:fs/promises';
import path from 'node:path';
import { isWithin } from '../../model/dataFolder';

/** How many folders are looked into for one makefile. */
const MOST_FOLDERS = 100;
/** How many names a pattern gives. */
const MOST_NAMES = 1_000;

/**
 * The names in folders that a makefile asks for. It can't be answered at once: what is asked for is looked up after a reading,
 * and then the makefile is read again.
 */
export class FolderNames {
  private readonly known = new Map<string, readonly string[]>();
  private readonly wanted = new Set<string>();

  /**
   * @param root absolute path of the workspace folder: outside of it no folder is looked into.
   * @param onFile is told what is looked for, there or not: absolute paths, in the last part of which may be `*` and `?`.
   */
  constructor(
    private readonly root: string,
    private readonly onFile?: (file: string) => void,
  ) {}

  /**
   * Those that are there of some paths, which may have `*` and `?` in their last part; undefined as long as that is not known.
   * @param folder absolute path that they start from.
   */
  matching(patterns: string, folder: string): string | undefined {
    const found = patterns
      .split(/\s+/)
      .filter(Boolean)
      .map((pattern) => this.matchingOne(pattern, folder));
    return found.includes(undefined) ? undefined : found.flatMap((names) => names ?? []).join(' ');
  }

  private matchingOne(pattern: string, folder: string): readonly string[] | undefined {
    const [, head = '', last = ''] = /^(.*\/)?([^/]+)$/.exec(pattern) ?? [];
    if (last === '' || last === '.' || last === '..' || /[*?[\]~\\]/.test(head) || /[[\]~\\]/.test(last))
      return undefined;
    const holder = path.resolve(folder, head);
    if (!isWithin(this.root, holder)) return undefined;
    this.onFile?.(path.join(holder, last));
    const names = this.known.get(holder);
    if (!names) {
      if (this.known.size + this.wanted.size < MOST_FOLDERS) this.wanted.add(holder);
      return undefined;
    }
    const isFitting = fitting(last);
    return names
      .filter(isFitting)
      .slice(0, MOST_NAMES)
      .map((name) => head + name);
  }

  /** Looks up what was asked for. @returns whether anything was. */
  async look(): Promise<boolean> {
    const folders = [...this.wanted];
    this.wanted.clear();
    for (const folder of folders) this.known.set(folder, (await fs.readdir(folder).catch(() => [])).sort());
    return folders.length > 0;
  }
}

/** Whether a name fits a pattern with `*` and `?`: a leading dot only fits itself. */
export function fitting(pattern: string): (name: string) => boolean {
  if (!/[*?]/.test(pattern)) return (name) => name === pattern;
  const parts = pattern.split(/\*+/);
  const isDotted = pattern.startsWith('.');
  return (name) => (isDotted || !name.startsWith('.')) && fitsParts(name, parts);
}

/** Whether a name has these parts one after the other, the first at its beginning and the last at its end. Takes no long steps back. */
function fitsParts(name: string, parts: readonly string[]): boolean {
  const isAt = (part: string, at: number) => {
    if (at + part.length > name.length) return false;
    for (let index = 0; index < part.length; index++) {
      if (part[index] !== '?' && part[index] !== name[at + index]) return false;
    }
    return true;
  };
  const [first = '', ...rest] = parts;
  if (!isAt(first, 0)) return false;
  const last = rest.pop();
  if (last === undefined) return first.length === name.length;
  let at = first.length;
  for (const part of rest) {
    while (at <= name.length && !isAt(part, at)) at++;
    if (at > name.length) return false;
    at += part.length;
  }
  return name.length - last.length >= at && isAt(last, name.length - last.length);
}
