import path from 'node:path';
import type { SourceFile, WrittenScript } from '../sources';
import { foldersFor } from './texts';

export function shellScript({ path: file, text, root }: SourceFile): readonly WrittenScript[] {
  const isScript = /\.(?:sh|bash)$/.test(file) || /^#!.*\b(?:ba|z|da|k)?sh\b/.test(text);
  return isScript
    ? [{ source: 'shell', label: path.parse(file).name, shell: text, file, line: 1, folders: foldersFor(file, root) }]
    : [];
}
