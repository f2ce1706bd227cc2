import path from 'node:path';
import { record } from '../../../common/json';
import { normalisedProjectName } from '../../../model/project';
import type { SourceFile, WrittenScript } from '../sources';
import { jsonWithComments, quoted } from './texts';

/**
 * What the Dev Containers extension runs. Source: containers.dev, "Dev Container metadata reference"; the project's name:
 * devcontainers/cli, `dockerCompose.ts` (getProjectName).
 */
export async function devcontainer({ path: file, text }: SourceFile): Promise<readonly WrittenScript[]> {
  const { value, lineOf } = await jsonWithComments(text);
  const { dockerComposeFile } = record(value);
  const files = [dockerComposeFile].flat().filter((one) => typeof one === 'string');
  const [first] = files;
  if (first === undefined) return [];
  const folder = path.dirname(file);
  const holder = path.dirname(path.resolve(folder, first));
  const defaultProject =
    path.basename(holder) === '.devcontainer'
      ? normalisedProjectName(`${path.basename(path.dirname(holder))}_devcontainer`)
      : undefined;
  const words = ['docker', 'compose', ...files.flatMap((one) => ['--file', one]), 'up'];
  const line = lineOf(['dockerComposeFile']);
  return [
    { source: 'devcontainer', shell: words.map(quoted).join(' '), file, line, folders: [folder], defaultProject },
  ];
}
