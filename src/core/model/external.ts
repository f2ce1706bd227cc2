import { list, record, text } from '../common/json';
import type { ResolvedProject, ResolvedService } from './project';

/** What is external, as the compose files call it, and by the name on the engine. */
export interface External {
  readonly key: string;
  readonly name: string;
}

/** The external networks or volumes that some services of a project use. */
export function externalOf(
  kind: 'networks' | 'volumes',
  { config: { content } }: ResolvedProject,
  services: readonly ResolvedService[],
): readonly External[] {
  const used = new Set(
    services.flatMap(({ name }) => {
      const service = record(record(content.services)[name]);
      if (kind === 'networks') return Object.keys(record(service.networks));
      return list(service.volumes).flatMap((mount) => {
        const { type, source } = record(mount);
        return type === 'volume' ? [text(source)] : [];
      });
    }),
  );
  return Object.entries(record(content[kind])).flatMap(([key, value]) => {
    const { external, name } = record(value);
    return external && used.has(key) ? [{ key, name: text(name) || key }] : [];
  });
}
