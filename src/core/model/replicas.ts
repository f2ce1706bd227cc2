import * as l10n from '@vscode/l10n';
import type { Port } from './project';

/** What is so, and what to do, where several containers of a service would publish one port. */
export function portOfReplicasText(
  service: string,
  count: number,
  { published, target }: Port & { readonly published: number },
): { readonly message: string; readonly remedy: string } {
  return {
    message: l10n.t(
      'Service "{0}" is to have {1} containers, and only one of them can publish port {2}.',
      service,
      count,
      published,
    ),
    remedy: l10n.t(
      'Publish a range, a port for each ("{0}-{1}:{2}"), or have one container.',
      published,
      published + count - 1,
      target,
    ),
  };
}
