/** What an option looks like, for the parser, for `--help` and for completion. */
export interface OptionDescription {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** Whether it can be given several times. */
  readonly multiple?: boolean;
  /** How its value is called, for those that take one. */
  readonly value?: string;
  /** What its value must look like, where not every text will do, and that in words. */
  readonly accepts?: { readonly pattern: RegExp; readonly noun: string; readonly remedy: string };
  readonly help: string;
}

/** `10m`, `1h30m`, `2026-03-01`, `2026-03-01T08:00:00Z`, `1772352000`: what Docker takes for a time. */
const TIME = /^(?:(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+|\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?|\d+)$/;

/** `90s`, `1h30m`. */
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/** All options that there are; which of them a command takes stands with the command. */
export const OPTIONS = {
  all: { type: 'boolean', help: 'every environment, instead of naming them' },
  project: {
    type: 'string',
    value: 'NAME',
    help: 'the project NAME on the engine, whatever it was started from, instead of an environment',
  },
  elsewhere: { type: 'boolean', help: 'also the projects on the engine that are not of this folder' },
  profile: {
    type: 'string',
    multiple: true,
    value: 'PROFILE',
    help: "with the services of this profile; can be given several times, '*' stands for all",
  },
  build: { type: 'boolean', help: 'build the images first' },
  keep: { type: 'boolean', help: 'leave the environment up when it is over' },
  kept: { type: 'boolean', help: 'also what was kept on purpose' },
  'use-running': { type: 'boolean', help: 'use what runs already, and leave it as it is; so it is where CI=true' },
  timeout: {
    type: 'string',
    value: 'TIME',
    accepts: {
      pattern: DURATION,
      noun: 'length of time',
      remedy: 'Give --timeout a length of time, as 90s, 10m or 1h30m.',
    },
    help: 'how long it may take, as 90s or 10m',
  },
  env: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'a variable for the command; can be given several times',
  },
  service: {
    type: 'string',
    multiple: true,
    value: 'SERVICE',
    help: 'bring up this service, with what it depends on, instead of all; can be given several times',
  },
  attach: { type: 'boolean', help: 'then follow the logs; Ctrl-C stops what was brought up' },
  'no-cache': { type: 'boolean', help: 'take nothing from the build cache' },
  pull: { type: 'boolean', help: 'look for newer base images' },
  volumes: { type: 'boolean', short: 'v', help: 'remove the volumes, too, and so the data' },
  'data-folders': { type: 'boolean', help: 'empty the data folders of the workspace, too' },
  yes: { type: 'boolean', short: 'y', help: 'do it without asking' },
  'show-command': { type: 'boolean', help: 'print the docker command behind it, and do nothing' },
  watch: { type: 'boolean', help: 'go on showing every change, until Ctrl-C' },
  'no-follow': { type: 'boolean', help: 'print what there is and end, instead of waiting for more' },
  tail: {
    type: 'string',
    value: 'N',
    accepts: { pattern: /^(?:\d{1,9}|all)$/, noun: 'number of lines', remedy: 'Give --tail a number, or "all".' },
    help: 'begin with the last N lines of each service, or "all" (default: 100)',
  },
  since: {
    type: 'string',
    value: 'TIME',
    accepts: {
      pattern: TIME,
      noun: 'time',
      remedy: 'Give --since how long ago, as 10m or 2h, or a date, as 2026-03-01.',
    },
    help: 'only what came since then: how long ago, as 10m or 2h, or a date, as 2026-03-01',
  },
  timestamps: { type: 'boolean', help: 'with the time in front of each line' },
  user: { type: 'string', short: 'u', value: 'USER', help: "as this user, instead of the image's own" },
  index: {
    type: 'string',
    value: 'N',
    accepts: {
      pattern: /^[1-9]\d{0,8}$/,
      noun: 'number of a container',
      remedy: 'Give --index what its name ends with, as 2 for shop-web-2.',
    },
    help: 'in container N of the service, where it has several (default: the first)',
  },
  shell: { type: 'string', value: 'PROGRAM', help: 'this shell, instead of the best one there is' },
  workdir: { type: 'string', value: 'DIR', help: 'in this folder of the container' },
  'no-deps': { type: 'boolean', help: 'leave alone what the service depends on' },
  file: { type: 'string', value: 'FILE', help: 'run the SQL of this file, up to the first error' },
  inside: { type: 'boolean', help: 'as other services of the environment reach it, instead of this machine' },
  'show-secrets': { type: 'boolean', help: 'show passwords and other secrets, instead of ***' },
  fix: { type: 'boolean', help: 'write the fixes that do just what is surely meant' },
  code: {
    type: 'string',
    multiple: true,
    value: 'CODE',
    help: 'only findings of this code; with --fix its first fix, whichever that is; can be given several times',
  },
  explain: { type: 'string', value: 'CODE', help: 'what findings of this code are, why they bite and what to do' },
  live: { type: 'boolean', help: 'also what only the Docker engine and this machine can tell' },
  sarif: { type: 'boolean', help: 'print SARIF 2.1.0, for code scanning' },
  differences: { type: 'boolean', help: 'only what differs' },
  markdown: { type: 'boolean', help: 'as a Markdown document' },
  image: { type: 'boolean', help: 'the image, instead of the container' },
  config: { type: 'boolean', help: 'what Compose makes of the files, instead of a container' },
  compose: { type: 'boolean', help: 'with Docker Compose alone, instead of "berth test"' },
  junit: { type: 'string', value: 'FILE', help: 'write a report in the form of JUnit to FILE, too' },
  output: { type: 'string', value: 'FILE', help: 'write it to FILE, instead of printing it' },
  memory: { type: 'string', value: 'SIZE', help: 'at most so much memory, as 512M or 2G, or "none"' },
  cpus: { type: 'string', value: 'N', help: 'at most so many processors, as 0.5, or "none"' },
  'log-size': { type: 'string', value: 'SIZE', help: 'log files of at most this size, as 10m, or "none"' },
  'log-files': { type: 'string', value: 'N', help: 'at most so many log files, or "none"' },
  show: { type: 'boolean', help: 'what there is now, and change nothing' },
  'no-stream': { type: 'boolean', help: 'measure once, and end' },
  template: { type: 'string', value: 'NAME', help: 'which template to use (default: the first)' },
  verbose: { type: 'boolean', help: "show Docker Compose's own output, too" },
  json: { type: 'boolean', help: 'print JSON for machines on standard output, everything else on standard error' },
  directory: {
    type: 'string',
    short: 'C',
    value: 'DIR',
    help: 'look for environments in DIR instead of the current folder and the folders above it',
  },
  'no-color': { type: 'boolean', help: 'no colours; the variable NO_COLOR does the same' },
  help: { type: 'boolean', short: 'h', help: 'show how the command is used' },
  version: { type: 'boolean', help: "show Berth's version" },
} as const satisfies Record<string, OptionDescription>;
export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** The options that every command takes. */
export const COMMON_OPTIONS: readonly OptionName[] = ['directory', 'no-color', 'help'];

/** The options as they were given; those that were not are missing. */
export type Options = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name] extends { readonly type: 'boolean' }
    ? boolean
    : (typeof OPTIONS)[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};
