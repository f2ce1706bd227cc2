import path from 'node:path';
import type { SourceFile, WrittenScript } from '../sources';

/** What a `.env` file with a `COMPOSE_FILE` makes of a mere `docker compose up`. */
export function composeFileVariable({ path: file, text }: SourceFile): readonly WrittenScript[] {
  const setting = /^[ \t]*(?:export[ \t]+)?COMPOSE_FILE[ \t]*[=:]/m.exec(text);
  if (!setting) return [];
  const line = text.slice(0, setting.index).split('\n').length;
  return [{ source: 'variables', shell: 'docker compose up', file, line, folders: [path.dirname(file)] }];
}
