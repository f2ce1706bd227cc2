import path from 'node:path';
import { readMakefile } from '../makefile';
import type { SourceFile, WrittenScript } from '../sources';

export async function makefile({ path: file, text, root, onFile }: SourceFile): Promise<readonly WrittenScript[]> {
  const folder = path.dirname(file);
  const lines = await readMakefile(file, text, { root, onFile });
  return lines.map(({ target, ...line }) => ({ source: 'makefile', label: target, folders: [folder], ...line }));
}
