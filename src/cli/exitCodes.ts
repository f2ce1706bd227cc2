import type { UserErrorKind } from '../core/common/errors';

/** How the command line ends; documented in `docs/command-line.md`. */
export const EXIT = { done: 0, failed: 1, usage: 2, noEngine: 3, cancelled: 130 } as const;

/** The exit code for an error of a kind. */
export function exitCodeOf(kind: UserErrorKind): number {
  switch (kind) {
    case 'usage':
      return EXIT.usage;
    case 'engine-unreachable':
    case 'docker-missing':
      return EXIT.noEngine;
    case 'configuration':
    case 'failed':
      return EXIT.failed;
  }
}
