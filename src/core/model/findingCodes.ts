import * as l10n from '@vscode/l10n';
import type { Severity } from './finding';

/** What is known of a code before anything is found. */
interface CodeDescription {
  /** The severity that its findings have, unless the check that makes them knows better. */
  readonly severity: Severity;
  /** What it is called, a few words. */
  readonly title: () => string;
}

/**
 * Every code that a finding can have. They are written into files, to leave findings out, and so never change their meaning. Each has a
 * page in `docs/checks`.
 */
export const FINDING_CODES = {
  // What Compose itself says.
  'invalid-configuration': { severity: 'error', title: () => l10n.t('Compose does not accept the files') },
  'unknown-key': { severity: 'error', title: () => l10n.t('A key that Compose does not know') },
  'missing-env-file': { severity: 'warning', title: () => l10n.t('An env file that is not there') },
  'unset-variable': { severity: 'warning', title: () => l10n.t('A variable without a value') },
  'obsolete-version': { severity: 'info', title: () => l10n.t('The obsolete key "version"') },
  // Of the set-ups of a workspace.
  'unknown-code': { severity: 'info', title: () => l10n.t('A code that there is not') },
  'invalid-declaration': { severity: 'error', title: () => l10n.t('A mistake in berth.yaml') },
  'unreadable-file': { severity: 'warning', title: () => l10n.t("A file that can't be read") },
  'unclear-command': { severity: 'warning', title: () => l10n.t('A command that names no environment') },
  'missing-compose-file': { severity: 'warning', title: () => l10n.t('A compose file that is not there') },
  'overlay-without-base': { severity: 'warning', title: () => l10n.t('An overlay of nothing') },
  'missing-project-directory': { severity: 'warning', title: () => l10n.t('A project directory that is not there') },
  'unknown-service': { severity: 'warning', title: () => l10n.t('A service that is not there') },
  'other-folder': { severity: 'warning', title: () => l10n.t('Containers from another folder') },
  // Between environments.
  'same-project': { severity: 'warning', title: () => l10n.t('Environments in one project') },
  'same-port': { severity: 'warning', title: () => l10n.t('Environments with the same port') },
  'same-container-name': { severity: 'warning', title: () => l10n.t('Environments with the same container name') },
  'same-network': { severity: 'warning', title: () => l10n.t('Environments in one network') },
  'same-volume': { severity: 'warning', title: () => l10n.t('Environments with the same volume') },
  'same-data-folder': { severity: 'warning', title: () => l10n.t('Environments with the same data folder') },
  'appended-list': { severity: 'warning', title: () => l10n.t('An overlay that adds where it means to replace') },
  'reset-without-effect': { severity: 'warning', title: () => l10n.t('An overlay that removes nothing') },
  'test-data-kept': { severity: 'info', title: () => l10n.t('A test database that keeps its data') },
  'data-not-kept': { severity: 'info', title: () => l10n.t('A development database that loses its data') },
  // Of one service.
  'dependency-not-awaited': { severity: 'warning', title: () => l10n.t('A dependency that is not waited for') },
  'dependency-without-health-check': {
    severity: 'warning',
    title: () => l10n.t('Waiting for a health that nothing checks'),
  },
  'broken-health-check': { severity: 'warning', title: () => l10n.t("A health check that can't work") },
  'one-shot-fails-wait': { severity: 'warning', title: () => l10n.t('A service that ends, and fails "--wait"') },
  'port-on-all-interfaces': { severity: 'warning', title: () => l10n.t('A data store that the network can reach') },
  'port-of-replicas': { severity: 'error', title: () => l10n.t('A fixed port of several containers') },
  'image-not-pinned': { severity: 'info', title: () => l10n.t('An image without a version') },
  'missing-bind-source': { severity: 'warning', title: () => l10n.t('A mounted path that is not there') },
  'mount-of-wrong-kind': { severity: 'error', title: () => l10n.t('A folder mounted in the place of a file') },
  'no-log-rotation': { severity: 'info', title: () => l10n.t('Logs that grow without end') },
  'no-limits': { severity: 'info', title: () => l10n.t('A service without a limit') },
  'privileged-service': { severity: 'warning', title: () => l10n.t('A privileged service') },
  'docker-socket': { severity: 'warning', title: () => l10n.t('A service that has the Docker engine') },
  // Env files and secrets.
  'env-variable-missing': { severity: 'warning', title: () => l10n.t('A variable of the example that is missing') },
  'env-variable-not-in-example': { severity: 'info', title: () => l10n.t('A variable that the example lacks') },
  'env-file-not-read': { severity: 'warning', title: () => l10n.t('An env file that Compose does not read') },
  'secret-in-file': { severity: 'warning', title: () => l10n.t('A secret in a compose file') },
  'secret-file-tracked': { severity: 'warning', title: () => l10n.t('A file with secrets in the repository') },
  'secret-file-not-ignored': { severity: 'warning', title: () => l10n.t('A file with secrets that is not ignored') },
  // What only the engine and the machine can tell.
  'compose-too-old': { severity: 'error', title: () => l10n.t('Docker Compose is too old') },
  'engine-too-old': { severity: 'error', title: () => l10n.t('The Docker engine is too old') },
  'engine-unreachable': { severity: 'error', title: () => l10n.t("The Docker engine can't be reached") },
  'port-taken': { severity: 'error', title: () => l10n.t('A port that is taken') },
  'missing-address': { severity: 'error', title: () => l10n.t('An address that the machine does not have') },
  'name-taken': { severity: 'error', title: () => l10n.t('A container name that is taken') },
  'missing-network': { severity: 'error', title: () => l10n.t('An external network that is missing') },
  'missing-volume': { severity: 'error', title: () => l10n.t('An external volume that is missing') },
  'low-disk': { severity: 'warning', title: () => l10n.t('Little room on the disk') },
  'disk-full': { severity: 'error', title: () => l10n.t('The disk is full') },
  'no-addresses': { severity: 'error', title: () => l10n.t('No addresses for another network') },
  'image-missing': { severity: 'info', title: () => l10n.t('An image that is not here yet') },
  'image-not-found': { severity: 'error', title: () => l10n.t("An image that can't be pulled") },
  'wrong-platform': { severity: 'warning', title: () => l10n.t('An image for another kind of processor') },
  'certificate-missing': { severity: 'error', title: () => l10n.t('A certificate or key that is missing') },
  'certificate-mismatch': { severity: 'error', title: () => l10n.t('A key that does not belong to its certificate') },
  'certificate-expired': { severity: 'error', title: () => l10n.t('A certificate that has expired, or soon will') },
  'not-isolated': { severity: 'warning', title: () => l10n.t('Environments that reach each other') },
  'data-folder-owner': { severity: 'warning', title: () => l10n.t('A data folder that its store does not own') },
  'pending-migrations': { severity: 'warning', title: () => l10n.t('Migrations that have not been run') },
  // What operations fail of.
  'volume-permission': { severity: 'error', title: () => l10n.t('A volume that a service may not write to') },
  'postgres-version': { severity: 'error', title: () => l10n.t('Data of another version of PostgreSQL') },
  'out-of-memory': { severity: 'error', title: () => l10n.t('A service that ran out of memory') },
  'health-check-failing': { severity: 'error', title: () => l10n.t('A health check that fails') },
  'connection-refused': { severity: 'error', title: () => l10n.t('A service that does not reach another') },
} as const satisfies Record<string, CodeDescription>;

export type FindingCode = keyof typeof FINDING_CODES;
export const ALL_CODES = Object.keys(FINDING_CODES) as readonly FindingCode[];

/** The page of a code, from the folder that Berth is in. */
export function docsPageOf(code: FindingCode): string {
  return `docs/checks/${code}.md`;
}

/** Whether a text is a code. */
export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(FINDING_CODES, text);
}
