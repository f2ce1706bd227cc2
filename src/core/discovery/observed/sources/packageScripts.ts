import path from 'node:path';
import { record } from '../../../common/json';
import type { SourceFile, WrittenScript } from '../sources';
import { json, lineOf, MOST_SCRIPTS } from './texts';

export function packageScripts({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const scripts = record(record(json(text)).scripts);
  return Object.entries(scripts)
    .slice(0, MOST_SCRIPTS)
    .flatMap(([label, shell]) =>
      typeof shell === 'string'
        ? [
            {
              source: 'script',
              label,
              shell,
              file,
              line: lineOf(text, JSON.stringify(label)),
              folders: [path.dirname(file)],
            },
          ]
        : [],
    );
}
