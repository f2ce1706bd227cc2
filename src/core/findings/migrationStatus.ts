import { stripVTControlCharacters } from 'node:util';
import * as l10n from '@vscode/l10n';

/** What a command said that tells whether migrations are to be run. */
export interface MigrationOutput {
  readonly exitCode: number;
  /** Both of its outputs. */
  readonly output: string;
}

/** Whether migrations are to be run; or why that could not be told, one sentence. */
export type MigrationStatus = { readonly isPending: boolean } | { readonly unknown: string };

/**
 * How tools say that there are migrations to run; some of them end with 0 all the same. Sources: their documentation and own words, in
 * the order of the lines: Django and TypeORM, Flyway (two), Goose, Knex, Liquibase, Prisma, Rails (three), Alembic (two), Sequelize,
 * Laravel, Entity Framework.
 */
const PENDING: readonly RegExp[] = [
  /^\s*\[ \] \S/m,
  /\|\s*Pending\s*\|/,
  /Detected resolved migration not applied to database/,
  /^\s*(?:\d{4}\/\d\d\/\d\d \S+\s+)?Pending\s+-- /m,
  /Found [1-9]\d* Pending Migration/i,
  /[1-9]\d* change ?sets? ha(?:s|ve) not been applied/,
  /Following migrations? have not yet been applied/,
  /You have [1-9]\d* (?:pending|unapplied) migration/i,
  /Migrations are pending|PendingMigrationError/,
  /^\s*down\s+\d{14}\s/m,
  /Target database is not up to date/,
  /Database is not on all head revisions/,
  /^down \d\S*\.[cm]?[jt]s$/m,
  /\.{3,} Pending\s*$/m,
  /\(Pending\)\s*$/m,
];
/** How somebody's own script may say it, which then fails. */
const PENDING_IN_WORDS = /\b(?:pending|unapplied|not (?:yet )?(?:been )?applied|not up[ -]to[ -]date)\b/i;
/** `alembic current` names the revision that the database has, and whether that is the newest. */
const ALEMBIC_CURRENT = /\balembic\b.*\bcurrent\b/;

/**
 * Reads what a command said that is to tell whether migrations are to be run. One that fails without a word says that they are; of one
 * that fails with other words than these, it is not known: it may not reach the database.
 * @param command its words, as they are declared.
 */
export function migrationStatus(command: string, { exitCode, output }: MigrationOutput): MigrationStatus {
  const said = stripVTControlCharacters(output).replace(/\b(?:no|0) (?:\w+ )?(?:pending|unapplied)\b/gi, '');
  if (PENDING.some((form) => form.test(said))) return { isPending: true };
  if (exitCode === 0) return { isPending: ALEMBIC_CURRENT.test(command) && !said.includes('(head)') };
  const lines = said.split('\n').filter((line) => line.trim());
  const last = lines.at(-1)?.trim();
  if (last === undefined) return { isPending: true };
  const telling = lines.findLast((line) => FAILURE.test(line))?.trim();
  if (telling === undefined && PENDING_IN_WORDS.test(said)) return { isPending: true };
  return { unknown: l10n.t('its command failed: {0}', (telling ?? last).slice(0, LONGEST)) };
}

/** How many characters of what a command said are told. */
const LONGEST = 300;

/** That the command itself could not do its work. */
const FAILURE =
  /connection|could not connect|can't (?:reach|connect)|ECONNREFUSED|ENOTFOUND|timed? ?out|authentication|permission denied|not found|no such file|no module named|cannot find|syntax ?error|exception|traceback|\berror\b/i;
