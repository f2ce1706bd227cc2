import * as l10n from '@vscode/l10n';
import type { Reason } from './reason';

/**
 * How an engine, and the shells of images, say that there is no such program. Sources: runc and crun ("executable file not found"); dash
 * (`sh: 1: curl: not found`), BusyBox (`sh: curl: not found`) and bash (`bash: line 1: curl: command not found`).
 */
const NO_PROGRAM: readonly RegExp[] = [
  /exec: "([^"\s]+)": executable file not found/,
  /executable file `([^`\s]+)` not found/,
  /^(?:[\w/.-]*\/)?(?:ba|da|a)?sh: (?:line \d+: |\d+: )?([\w./-]+): (?:command )?not found/m,
];

/** Why a health check failed, where it is a program that the image lacks. @param printed what the check last printed. */
export function lackingTool(service: string, printed: string): Reason | undefined {
  const [tool] = NO_PROGRAM.flatMap((form) => form.exec(printed)?.[1] ?? []);
  if (tool === undefined) return undefined;
  return {
    code: 'health-check-failing',
    message: l10n.t('The health check of "{0}" needs "{1}", which its image does not have.', service, tool),
    remedy: l10n.t('Use what the image has, such as its own client or "wget", or build one that has "{0}".', tool),
  };
}
