/** A command line that means the same with and without a shell. */
const PLAIN_COMMAND = /^(?!\s*\w+=)[\w@%+=:,./\s-]+$/;

/** A command line as words for a container; what a shell must make sense of is left to the container's. */
export function commandWords(typed: string): readonly string[] {
  return PLAIN_COMMAND.test(typed) ? typed.trim().split(/\s+/) : ['sh', '-c', typed.trim()];
}
