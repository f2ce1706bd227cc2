import path from 'node:path';
import type { WrittenCommand } from './shell';
import { isKnown } from './shellWords';
import type { WrittenScript } from './sources';

/** Programs that run what is written in a file of theirs, by its name. */
type Runner = 'make' | 'npm' | 'just' | 'task' | 'shell' | 'job';

/** Names a script among all of a workspace folder: two that are alike are parts of the same one. */
export type ScriptKey = string;

/** The script that a command runs, or several. */
export interface ScriptCall {
  readonly keys: readonly ScriptKey[];
  /** What a shell script is given; undefined where it has no say. */
  readonly args?: readonly string[];
}

const RUNNER_OF_FILE: readonly (readonly [RegExp, Runner])[] = [
  [/^package\.json$/, 'npm'],
  [/^\.?justfile$|\.just$/i, 'just'],
  [/^taskfile/i, 'task'],
];

/** How a script, or what is written beside it, is called. @param label its own when left out. */
export function keyOf({ source, file, folders, label: own = '' }: WrittenScript, label = own): ScriptKey {
  const folder = path.dirname(file);
  if (source === 'makefile') return key('make', folders[0] ?? folder, label);
  if (source === 'shell') return key('shell', file, '');
  const runner = RUNNER_OF_FILE.find(([pattern]) => pattern.test(path.basename(file)))?.[1];
  return runner ? key(runner, folder, label) : key('job', file, label);
}

function key(runner: Runner, where: string, label: string): ScriptKey {
  return JSON.stringify([runner, where, label]);
}

/** What a command runs of other scripts: `make up`, `npm run up`, `./scripts/up.sh`; undefined when it is nothing of the kind. */
export function scriptCallOf({ words, folder }: WrittenCommand): ScriptCall | undefined {
  const [program = '', ...args] = words.slice(
    words.findIndex((word) => !/^(?:[A-Za-z_]\w*=.*|env|exec|time)$/s.test(word)),
  );
  if (!isKnown(folder)) return undefined;
  const { names, where } = namesIn(args, folder);
  switch (path.basename(program)) {
    case 'make':
    case 'gmake':
      return { keys: names.map((name) => key('make', where, name)) };
    case 'just':
    case 'task':
      return { keys: names.map((name) => key(program as Runner, where, name)) };
    case 'npm':
    case 'pnpm':
    case 'yarn':
    case 'bun': {
      const [verb = '', script] = names;
      const name = /^(?:run|run-script)$/.test(verb) ? script : verb === 't' ? 'test' : verb;
      const each = name === undefined ? [] : [`pre${name}`, name];
      return { keys: each.map((one) => key('npm', where, one)) };
    }
    case 'bash':
    case 'sh':
    case 'source':
    case '.': {
      const [script, ...rest] = args.filter((word) => !word.startsWith('-'));
      return script === undefined ? undefined : shellCall(script, rest, folder);
    }
    default:
      return /\//.test(program) ? shellCall(program, args, folder) : undefined;
  }
}

function shellCall(script: string, args: readonly string[], folder: string): ScriptCall | undefined {
  return isKnown(script) ? { keys: [key('shell', path.resolve(folder, script), '')], args } : undefined;
}

/** Options with the folder that a runner is to go to. Source: `make --help`, and those of npm, pnpm, yarn, just and task. */
const FOLDER = /^(?:-C|--directory|--prefix|--cwd|--dir|-d|--working-directory)$/;

function namesIn(
  args: readonly string[],
  folder: string,
): { readonly names: readonly string[]; readonly where: string } {
  const names: string[] = [];
  let where = folder;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === '--') break;
    const [, option, joined] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (FOLDER.test(option ?? word)) where = path.resolve(where, joined ?? args[++index] ?? '.');
    else if (isKnown(word) && !word.startsWith('-') && !word.includes('=')) names.push(word);
  }
  return { names, where };
}
