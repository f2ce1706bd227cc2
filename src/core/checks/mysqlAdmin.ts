import * as l10n from '@vscode/l10n';
import type { HealthCheckTrouble } from './healthCheckForm';

/** The program that tells whether a server of MySQL or MariaDB takes requests. */
export const MYSQL_ADMIN = /^(?:.*\/)?(?:mysqladmin|mariadb-admin)$/;

/** Its commands, which may be shortened. Sources: the manuals of MySQL ("mysqladmin") and MariaDB ("mariadb-admin"). */
const COMMANDS =
  'create debug drop extended-status flush- kill old-password password ping processlist reload refresh shutdown start- status stop- variables version'.split(
    ' ',
  );

/** Whether a word is one of its commands, several of which may follow each other, or what may stand for one. */
function isCommand(word: string): boolean {
  return COMMANDS.some((one) => one.startsWith(word) || (one.endsWith('-') && word.startsWith(one)));
}

/**
 * Whether a word behind `-p` and is meant as a password. Only what follows without a blank is one: this is taken for a command, and there is
 * none such. Sources: as above, and `client/mysqladmin.cc`, where `ping` succeeds without access only if nothing but it is to be done.
 */
export function isDetachedPassword(option: string, next: string): boolean {
  return /^(?:-p|--password)$/.test(option) && !next.startsWith('-') && !isCommand(next);
}

/** The words of a health check that runs this program and nothing else; undefined of others. @param test as Compose has it. */
function wordsOf([kind, ...words]: readonly string[]): readonly string[] | undefined {
  const [program = '', ...rest] = kind === 'CMD' ? words : (ONLY_COMMAND.exec(words[0] ?? '')?.[1]?.split(/\s+/) ?? []);
  return MYSQL_ADMIN.test(program) ? rest : undefined;
}

/** A text for a shell with one command, which fails where that does. */
const ONLY_COMMAND = /^\s*([^|&;<>`()]+?)\s*(?:\|\|\s*exit\s+1\s*)?$/;

/** What no server makes true: an option that the program does not have, or a password that is taken for a command. */
export function ofMysqlAdmin(name: string, test: readonly string[]): HealthCheckTrouble | undefined {
  const words = wordsOf(test) ?? [];
  if (words.some((word) => word.startsWith('-U'))) {
    return {
      severity: 'error',
      message: l10n.t('The health check of "{0}" never succeeds: "mysqladmin" has no option -U.', name),
      remedy: l10n.t('Write "-u" before the name of the user.'),
    };
  }
  if (!words.some((word, index) => isDetachedPassword(word, words[index + 1] ?? '-'))) return undefined;
  return {
    severity: 'error',
    message: l10n.t(
      'The health check of "{0}" never succeeds: "mysqladmin" takes what stands behind "-p" and a blank for a command.',
      name,
    ),
    remedy: l10n.t(
      'Write the password right behind "-p", or have it in a variable: "-p$$MYSQL_ROOT_PASSWORD" after "CMD-SHELL".',
    ),
  };
}
