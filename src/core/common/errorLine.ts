import { stripVTControlCharacters } from 'node:util';
import { record } from './json';

/** The words that loggers have for what has gone wrong, and for all else that they tell. */
const BAD = 'ERROR|ERR|FATAL|FTL|PANIC|PNC|DPANIC|CRITICAL|CRIT|EMERGENCY|EMERG|ALERT|SEVERE';
const GOOD =
  'TRACE|TRC|DEBUG|DBG|VERBOSE|FINE|INFO|INF|NOTICE|NOTE|LOG|SYSTEM|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|WARNING|WARN|WRN';

/** How far into a line its level may stand, in characters: before it there are a time, a process and a name. */
const HEAD = 120;

/** A level in capitals between spaces, brackets and their like, or behind a channel (`production.ERROR`); or in other letters too, in brackets: `[error]`, `[Error]`, `[core:error]`. */
const LEVEL = new RegExp(
  `(?:(?<=^|[\\s[(<|]|\\s[\\w-]+\\.)(${BAD}|${GOOD})(?=$|[\\s\\])>|:/,-]))|\\[(?:\\w+:)?(${inOtherLetters(`${BAD}|${GOOD}`)})\\]`,
  'g',
);

/** In small letters, and with the first one capital. */
function inOtherLetters(words: string): string {
  const small = words.toLowerCase();
  return `${small}|${small.replace(/\b[a-z]/g, (first) => first.toUpperCase())}`;
}

const IS_BAD = new RegExp(`^(?:${BAD})$`, 'i');

/** Whether a line begins as those of loggers do: with a level, a time, or something in brackets. */
const LOGGER_LINE = new RegExp(
  `^\\s*(?:[[(<]|\\d|(?:${BAD}|${GOOD})(?![\\w-])|[A-Z], \\[|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )`,
);

/** `level=error`, `severity="ERROR"`. The third is a mistake of log15 that has stayed. */
const LOGFMT =
  /(?:^|\s)(?:level|lvl|severity)=("?)(?:error|err|eror|fatal|panic|dpanic|crit(?:ical)?|alert|emerg(?:ency)?)\1(?=\s|$)/i;

/** What stands at the very beginning of a line that tells of a mistake without a logger. */
const BARE: readonly RegExp[] = [
  // `error: no such table`, `Error: Cannot find module`, `TypeError: x is not a function`, `java.lang.IllegalStateException: …`
  /^\s*(?:Uncaught )?(?:[\w$]+\.)*(?:[A-Z]\w*)?(?:Error|Exception): /,
  // Fields of something that is printed over several lines are indented, and in small letters.
  /^\s*(?:ERROR|FATAL|PANIC|CRITICAL): /,
  /^(?:error|fatal|panic|critical|fatal error|PHP (?:Fatal|Parse) error|Unhandled exception)(?:: |\. )/i,
  /^Traceback \(most recent call last\):/,
  /^thread '.*' (?:\(\d+\) )?panicked at /,
  /^Exception in thread "/,
  // klog and glog: `E0131 12:00:00.000000       1 main.go:12] …`
  /^[EF]\d{4} \d\d:\d\d:\d\d/,
  // Redis: `1:M 31 Jan 2026 12:00:00.000 # Fatal error loading the DB`, `*** FATAL CONFIG FILE ERROR (Redis 7.2.4) ***`
  /^\d+:[A-Z] .{1,60} # Fatal error\b/,
  /^\*\*\* FATAL CONFIG FILE ERROR\b/,
  // nginx and MySQL before they log: `nginx: [emerg] host not found in upstream "api"`, `mysqld: [ERROR] unknown option`
  /^[\w.-]+: \[(?:emerg|alert|crit|error|ERROR)\] /,
  // winston: `2026-01-31T12:00:00.000+00:00 error: no stock`
  /^\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)? error: /,
  // Node.js; Django
  /^\(node:\d+\) UnhandledPromiseRejectionWarning: /,
  /^Internal Server Error: \//,
  // npm; esbuild
  /^npm (?:ERR!|error) /,
  /^✘ \[ERROR\] /,
  // .NET: `fail: Shop.Api[0]`
  /^(?:fail|crit): [\w.]+\[\d+\]/,
];

/** The level of lines in JSON: what pino and bunyan number so is an error from 50 on. Source: their documentation. */
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'levelname', 'loglevel', 'log.level', '@l'];
const BAD_NUMBER = 50;

/**
 * What stores write of whoever comes while they start or stop, a health check among others. Source: PostgreSQL, `postmaster.c`.
 */
const EXPECTED = /\bFATAL: +the database system is (?:starting up|shutting down|not (?:yet )?accepting connections)/;

/**
 * Whether a line of a log tells of an error, by the level at the places where loggers put it: not by a word in its text.
 * Sources: the formats of log4j, logback, Python's logging, gunicorn, uvicorn, Celery, Ruby's Logger, logrus, zap, zerolog, tracing,
 * winston, pino, klog, Monolog, Django, Node.js, nginx, Apache, PostgreSQL, MySQL, MongoDB, Redis, npm and esbuild.
 * @param text as the container wrote it.
 */
export function isErrorLine(text: string): boolean {
  const line = stripVTControlCharacters(text).trimEnd();
  if (EXPECTED.test(line)) return false;
  if (/^\s*\{/.test(line)) return isErrorInJson(line);
  if (LOGFMT.test(line) || BARE.some((form) => form.test(line))) return !isZero(line);
  return LOGGER_LINE.test(line) && !isZero(line) && isBadLevel(line.slice(0, HEAD));
}

/** Whether the first level that a line names is one for errors: what comes after it is text, and so is what follows a sentence. */
function isBadLevel(head: string): boolean {
  const [before = ''] = head.split(/[.!?] /, 1);
  const [first] = before.matchAll(LEVEL);
  return first !== undefined && IS_BAD.test(first[1] ?? first[2] ?? '');
}

/** `ERROR: 0`, `errors: 0` count errors, and there are none. */
function isZero(line: string): boolean {
  return /\b(?:error|fatal|panic|critical)s?\s*[:=]\s*0\b/i.test(line);
}

function isErrorInJson(line: string): boolean {
  let entry: Record<string, unknown>;
  try {
    entry = record(JSON.parse(line));
  } catch {
    return false;
  }
  // MongoDB's "s" for severity, with "E" and "F", stands beside "c" for the component.
  if (typeof entry.s === 'string' && typeof entry.c === 'string') return entry.s === 'E' || entry.s === 'F';
  const nested = record(entry.log).level;
  const level = LEVEL_KEYS.map((key) => entry[key]).find((value) => value !== undefined) ?? nested;
  return typeof level === 'number' ? level >= BAD_NUMBER : IS_BAD.test(String(level ?? ''));
}
