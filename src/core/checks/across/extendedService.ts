import path from 'node:path';
import { record, text } from '../../common/json';
import type { ComposeSource } from '../../compose/composeSource';
import type { CheckedEnvironment } from '../check';

/** A service where a file has it. */
export interface ServiceInFile {
  readonly source: ComposeSource;
  readonly service: string;
}

/**
 * The services that a service is made of by `extends`, the nearest first; none where a variable says which. Source: the Compose file
 * reference, "extends".
 */
export function extendedServices(environment: CheckedEnvironment, start: ServiceInFile): readonly ServiceInFile[] {
  const found: ServiceInFile[] = [];
  let next = extendedOf(environment, start);
  while (next && !found.some((one) => one.source === next?.source && one.service === next.service)) {
    found.push(next);
    next = extendedOf(environment, next);
  }
  return found;
}

function extendedOf(
  { definition, sources, takenIn }: CheckedEnvironment,
  { source, service }: ServiceInFile,
): ServiceInFile | undefined {
  const value = source.value(['services', service, 'extends']);
  const { service: name, file } = record(value);
  const extended = text(value) || text(name);
  if (extended === '') return undefined;
  if (file === undefined) return { source, service: extended };
  const folders = [path.dirname(source.file), definition.projectDirectory];
  const paths = folders.map((folder) => path.resolve(folder, text(file)));
  const other = [...takenIn, ...sources].find((one) => paths.includes(one.file));
  return other && { source: other, service: extended };
}
