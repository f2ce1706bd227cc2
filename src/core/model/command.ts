/** What a command of an environment is for: tests; what is to be done once the environment has come up; or anything else. */
export type CommandKind = 'test' | 'setup' | 'task';

/** A command that belongs to an environment. */
export interface EnvironmentCommand {
  /** Unique in its environment; what a user types. */
  readonly name: string;
  readonly kind: CommandKind;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The service in whose container it runs; undefined when it runs on this machine. */
  readonly service?: string;
  /** Whether that is a container of its own, and not one that runs already. */
  readonly inNewContainer?: boolean;
  /**
   * Where it runs: an absolute path on this machine, or a path in the container. Undefined is the project directory, or where the
   * container's own program runs.
   */
  readonly directory?: string;
  /** Name or number of the user in the container, with a group maybe (`app:app`); the container's own when left out. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files and folders that are kept when it is done, in the container or on this machine; relative ones start where it runs. */
  readonly collect?: readonly string[];
  /** Whether more arguments can be added to it. */
  readonly takesArguments?: boolean;
  /** Whether it goes on until it is ended, as a server does. */
  readonly background?: boolean;
}

/**
 * Whether more arguments can be added to a command. A line that is given to a shell would have them as the shell's own, and not run
 * with them. Source: POSIX, `sh -c command_string [command_name [argument...]]`.
 */
export function canTakeArguments({ command, takesArguments }: EnvironmentCommand): boolean {
  const [shell = '', option = ''] = command.slice(-3);
  const isLine = /(?:^|\/)(?:ba|da|z|k)?sh$/.test(shell) && /^-\w*c$/.test(option);
  return takesArguments ?? !isLine;
}

/** What has commands, as far as is known: an environment. */
interface HasCommands {
  readonly knowledge?: { readonly commands: readonly EnvironmentCommand[] };
}

/** All commands of an environment, in their order. @param definition the environment's. */
export function allCommands({ knowledge }: HasCommands): readonly EnvironmentCommand[] {
  return knowledge?.commands ?? [];
}

/** The command of an environment that is called so; undefined when it has none. @param definition the environment's. */
export function commandNamed(definition: HasCommands, name: string): EnvironmentCommand | undefined {
  return allCommands(definition).find((command) => command.name === name);
}

/** The commands of a kind, in their order. */
export function commandsOf(commands: readonly EnvironmentCommand[], kind: CommandKind): readonly EnvironmentCommand[] {
  return commands.filter((command) => command.kind === kind);
}

/** The test command that is meant when none is named: the one that is called `test`, or else the first. */
export function mainTest(commands: readonly EnvironmentCommand[]): EnvironmentCommand | undefined {
  const tests = commandsOf(commands, 'test');
  return tests.find(({ name }) => name === 'test') ?? tests[0];
}

/**
 * Commands that several origins tell, strongest first, by names that differ: what a stronger one has under another name is left out.
 * Of two that are called alike, the second one's last argument tells them apart (`run_tests` and `run_tests-cov`), or else a number.
 */
export function joined(...origins: readonly (readonly EnvironmentCommand[])[]): readonly EnvironmentCommand[] {
  const result: EnvironmentCommand[] = [];
  for (const [origin, command] of origins.flatMap((commands) => commands.map((one) => [commands, one] as const))) {
    const isKnown = (other: EnvironmentCommand) => other.name === command.name || !origin.includes(other);
    if (result.some((other) => isKnown(other) && doesTheSame(other, command))) continue;
    const word = command.command
      .at(-1)
      ?.replace(/^-+/, '')
      .replace(/[^A-Za-z0-9._-]+.*$/, '');
    const others = [command.name, ...(word ? [`${command.name}-${word}`] : [])];
    const isFree = (name: string) => !result.some((other) => other.name === name);
    let name = others.find(isFree);
    for (let number = 2; name === undefined; number++) {
      if (isFree(`${command.name}-${number}`)) name = `${command.name}-${number}`;
    }
    result.push(name === command.name ? command : { ...command, name });
  }
  return result;
}

function doesTheSame(one: EnvironmentCommand, other: EnvironmentCommand): boolean {
  return (
    one.service === other.service &&
    one.inNewContainer === other.inNewContainer &&
    one.directory === other.directory &&
    one.user === other.user &&
    one.command.length === other.command.length &&
    one.command.every((word, index) => word === other.command[index])
  );
}
