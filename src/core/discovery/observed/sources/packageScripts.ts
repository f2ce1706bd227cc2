import path from 'node:path';
import { record } from '../../../common/json';
import { withSlashes } from '../forShell';
import type { SourceFile, WrittenScript } from '../sources';
import { json, jsonWithComments, MOST_SCRIPTS } from './texts';

export async function packageScripts({ path: file, text }: SourceFile): Promise<readonly WrittenScript[]> {
  const { lineOf } = await jsonWithComments(text);
  const scripts = record(record(json(text)).scripts);
  return Object.entries(scripts)
    .slice(0, MOST_SCRIPTS)
    .flatMap(([label, shell]) =>
      typeof shell === 'string'
        ? [
            {
              source: 'script',
              label,
              shell: withSlashes(shell),
              file,
              line: lineOf(['scripts', label]),
              folders: [path.dirname(file)],
            },
          ]
        : [],
    );
}
