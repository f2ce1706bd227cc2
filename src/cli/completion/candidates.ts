import fs from 'node:fs/promises';
import { list, record } from '../../core/common/json';
import { type DiscoveredEnvironment, discoverEnvironments } from '../../core/discovery/discover';
import { allCommands, type CommandKind, commandsOf } from '../../core/model/command';
import { environmentsNamed } from '../../core/model/environment';
import { ALL_CODES, FINDING_CODES } from '../../core/model/findingCodes';
import { listTemplates } from '../../core/templates/template';
import { COMMAND_NAMES, type CommandName, commandNamed } from '../commands';
import { templatesFolder } from '../commands/init';
import { COMMON_OPTIONS, OPTION_NAMES, OPTIONS, type OptionDescription, type OptionName } from '../options';
import { findProject } from '../project';

/** Something that the word under the cursor can become. */
export interface Candidate {
  readonly value: string;
  readonly meaning?: string;
}

/** What the word under the cursor can become; beside that, names of files or folders, which the shell knows best. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths?: 'files' | 'folders';
}

/** Where completion is asked for. */
export interface CompletionPlace {
  /** Absolute path of the folder that the user is in. */
  readonly workingFolder: string;
  /** Absolute path of the folder that Berth is installed in. */
  readonly productFolder: string;
}

const NONE: Completion = { candidates: [] };

/**
 * What a shell offers for a command line under way. Only reads files: asks neither Docker nor Compose, since somebody
 * waits for it with a finger on the Tab key.
 * @param typed the words after `berth` up to the cursor; the last one, perhaps empty, is to be completed.
 */
export async function completionsOf(typed: readonly string[], place: CompletionPlace): Promise<Completion> {
  const { positionals, options, pending, isEnded } = read(typed.slice(0, -1));
  const current = typed.at(-1) ?? '';
  const directory = options.get('directory');
  const known = new Environments(directory, place);
  const [name, ...operands] = positionals;
  const command = COMMAND_NAMES.find((one) => one === name);

  if (pending) return startingWith(current, await valuesOf(pending, known, operands, place));
  const [, givenOption, givenValue] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
  const given = OPTION_NAMES.find((one) => one === givenOption && OPTIONS[one].type === 'string');
  if (!isEnded && given) {
    const { candidates } = startingWith(givenValue ?? '', await valuesOf(given, known, operands, place));
    return { candidates: candidates.map(({ value, meaning }) => ({ value: `--${given}=${value}`, meaning })) };
  }
  if (!isEnded && current.startsWith('-')) return startingWith(current, { candidates: optionsFor(command, options) });
  if (name === undefined || name === 'help')
    return startingWith(current, { candidates: operands.length > 0 ? [] : commands(name) });
  if (!command || (isEnded && commandNamed(command).takesWords)) return NONE;
  return operandsFor(command, operands, current, { all: options.has('all'), known });
}

/** What stands before the word under the cursor. */
interface TypedWords {
  readonly positionals: readonly string[];
  readonly options: ReadonlyMap<OptionName, string>;
  /** The option whose value is under the cursor. */
  readonly pending?: OptionName;
  /** Whether `--` stands there, so that no more options follow. */
  readonly isEnded: boolean;
}

function read(words: readonly string[]): TypedWords {
  const positionals: string[] = [];
  const options = new Map<OptionName, string>();
  let pending: OptionName | undefined;
  let isEnded = false;
  for (const word of words) {
    // bash makes three words of `--tail=20`.
    if (pending && word === '=') continue;
    if (pending) {
      options.set(pending, word);
      pending = undefined;
    } else if (isEnded || !word.startsWith('-') || word === '-') positionals.push(word);
    else if (word === '--') isEnded = true;
    else {
      const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      const name = OPTION_NAMES.find(
        (one) => one === long || (OPTIONS[one] as OptionDescription).short === word.slice(1),
      );
      if (name && OPTIONS[name].type === 'string' && value === undefined) pending = name;
      else if (name) options.set(name, value ?? '');
    }
  }
  return { positionals, options, pending, isEnded };
}

function commands(name: string | undefined): readonly Candidate[] {
  const all = COMMAND_NAMES.map((command) => ({ value: command, meaning: commandNamed(command).summary }));
  return name === undefined ? [...all, { value: 'help', meaning: 'show how a command is used' }] : all;
}

function optionsFor(command: CommandName | undefined, given: ReadonlyMap<OptionName, string>): readonly Candidate[] {
  const names: readonly OptionName[] = command
    ? [...commandNamed(command).options, ...COMMON_OPTIONS]
    : [...COMMON_OPTIONS, 'version'];
  return names
    .filter((name) => !given.has(name) || (OPTIONS[name] as OptionDescription).multiple)
    .map((name) => ({ value: `--${name}`, meaning: OPTIONS[name].help }));
}

/** The values of an option that are worth offering. */
async function valuesOf(
  option: OptionName,
  known: Environments,
  operands: readonly string[],
  { productFolder }: CompletionPlace,
): Promise<Completion> {
  switch (option) {
    case 'directory':
      return { candidates: [], paths: 'folders' };
    case 'file':
    case 'junit':
    case 'output':
      return { candidates: [], paths: 'files' };
    case 'template':
      return plain(await listTemplates(templatesFolder(productFolder)));
    case 'profile':
      return plain(await known.profiles(operands[0]));
    case 'service':
      return plain(await known.services(operands[0]));
    case 'shell':
      return plain(['bash', 'zsh', 'fish', 'ash', 'sh']);
    case 'code':
    case 'explain':
      return { candidates: ALL_CODES.map((code) => ({ value: code, meaning: FINDING_CODES[code].title() })) };
    case 'tail':
      return plain(['all', '20', '100', '1000']);
    case 'since':
      return plain(['1m', '10m', '1h', '24h']);
    default:
      return NONE;
  }
}

/** The operands of a command are read from how `--help` writes them: `[ENV] [SERVICE…]`. */
async function operandsFor(
  command: CommandName,
  operands: readonly string[],
  current: string,
  { all, known }: { all: boolean; known: Environments },
): Promise<Completion> {
  const slots = commandNamed(command)
    .operands.replace(/ \[?--.*$/, '')
    .split(' ')
    .map((slot) => slot.replace(/[[\]…]/g, ''));
  const isLastOpen = commandNamed(command).operands.includes('…');
  // With --all, and where there is only one environment and something else is named, none stands there.
  const at = slots.indexOf('ENV');
  const first = operands[at];
  const isLeftOut = at >= 0 && (all || (first !== undefined && (await known.isOnlyOne()) && !(await known.has(first))));
  if (isLeftOut) slots.splice(at, 1);
  const slot = slots[operands.length] ?? (isLastOpen ? slots.at(-1) : undefined);
  const environment = isLeftOut || at < 0 ? undefined : first;
  switch (slot) {
    case undefined:
    case '':
      return NONE;
    case 'ENV': {
      const names = await known.named(current, operands);
      const next = slots[operands.length + 1];
      const more = next && (await known.isOnlyOne()) ? await inSlot(next, undefined, operands, known) : NONE;
      return { ...startingWith(current, { ...more, candidates: [...names, ...more.candidates] }), paths: more.paths };
    }
    default:
      return startingWith(current, await inSlot(slot, environment, operands, known));
  }
}

async function inSlot(
  slot: string,
  environment: string | undefined,
  operands: readonly string[],
  known: Environments,
): Promise<Completion> {
  switch (slot) {
    case 'FOLDER':
      return { candidates: [], paths: 'folders' };
    case 'SERVICE':
      return plain((await known.services(environment)).filter((name) => !operands.includes(name)));
    case 'COMMAND':
      return { candidates: await known.commands(environment, 'test') };
    case 'COMMAND|SERVICE':
      return {
        candidates: [
          ...(await known.commands(environment)),
          ...(await known.services(environment)).map((value) => ({ value })),
        ],
      };
    case 'SERVICE=N':
      return plain((await known.services(environment)).map((name) => `${name}=`));
    case 'FROM':
    case 'TO':
      return { ...plain((await known.services(environment)).map((name) => `${name}:`)), paths: 'files' };
    default:
      // Words to choose from: `info|flush`.
      return plain(slot.split('|').filter((word) => /^[a-z]+$/.test(word)));
  }
}

function plain(values: readonly string[]): Completion {
  return { candidates: values.map((value) => ({ value })) };
}

function startingWith(start: string, { candidates, paths }: Completion): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(start)), paths };
}

/** The environments of the project, read when first needed. */
class Environments {
  private found: Promise<readonly DiscoveredEnvironment[]> | undefined;

  constructor(
    private readonly directory: string | undefined,
    private readonly place: CompletionPlace,
  ) {}

  private all(): Promise<readonly DiscoveredEnvironment[]> {
    this.found ??= this.discover();
    return this.found;
  }

  private async discover(): Promise<readonly DiscoveredEnvironment[]> {
    let found: readonly DiscoveredEnvironment[] = [];
    await findProject(this.directory, this.place.workingFolder, async (folder) => {
      found = await discoverEnvironments(folder);
      return found.length > 0;
    }).catch(() => {});
    return found;
  }

  async isOnlyOne(): Promise<boolean> {
    return (await this.all()).length === 1;
  }

  async has(name: string): Promise<boolean> {
    return (await this.meant(name)).length > 0;
  }

  /** The names of environments that are not there yet, be it before a comma in what is typed, or in words before it. */
  async named(current: string, operands: readonly string[]): Promise<readonly Candidate[]> {
    const before = current.slice(0, current.lastIndexOf(',') + 1);
    const taken = [before, ...operands].flatMap((word) => word.split(','));
    return (await this.all())
      .filter(({ definition }) => !taken.includes(definition.name))
      .map(({ definition }) => ({ value: before + definition.name, meaning: definition.purpose }));
  }

  /** The services that the text of the files shows; of all environments when none is named. */
  async services(names: string | undefined): Promise<readonly string[]> {
    return [...new Set((await this.meant(names)).flatMap(({ servicesInText }) => servicesInText))].sort();
  }

  /** The commands that there are, each name once; of all environments when none is named. @param kind only those of this kind. */
  async commands(names: string | undefined, kind?: CommandKind): Promise<readonly Candidate[]> {
    const all = (await this.meant(names)).flatMap(({ definition }) => allCommands(definition));
    const wanted = kind === undefined ? all : commandsOf(all, kind);
    return [
      ...new Map(
        wanted.map(({ name, command }) => [name, { value: name, meaning: command.join(' ').replace(/\s+/g, ' ') }]),
      ).values(),
    ];
  }

  /** The profiles that the text of the files shows. */
  async profiles(names: string | undefined): Promise<readonly string[]> {
    const files = new Set((await this.meant(names)).flatMap(({ definition }) => definition.files));
    const { parse } = await import('yaml');
    const found = await Promise.all(
      [...files].map(async (file) => {
        try {
          const services = record(
            record(parse(await fs.readFile(file, 'utf8'), { merge: true, logLevel: 'silent' })).services,
          );
          return Object.values(services).flatMap((service) => list(record(service).profiles));
        } catch {
          return [];
        }
      }),
    );
    return [...new Set(found.flat().filter((profile) => typeof profile === 'string'))].sort();
  }

  private async meant(names: string | undefined): Promise<readonly DiscoveredEnvironment[]> {
    const all = await this.all();
    if (names === undefined) return all;
    const definitions = all.map(({ definition }) => definition);
    const ids = names.split(',').flatMap((name) => environmentsNamed(definitions, name).map(({ id }) => id));
    return all.filter(({ definition }) => ids.includes(definition.id));
  }
}
