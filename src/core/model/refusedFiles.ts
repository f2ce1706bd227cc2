import { UserError } from '../common/errors';
import type { ConfigurationWarning } from './project';

/** That Compose does not accept the files of an environment, with what it warned of besides. */
export class RefusedFiles extends UserError {
  constructor(
    { kind, message, details }: UserError,
    readonly warnings: readonly ConfigurationWarning[],
  ) {
    super(kind, message, details);
  }
}
