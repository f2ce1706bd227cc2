/**
 * A folder as it is put into the text of a command. A shell, and what reads its text here, takes the backslashes of a path of
 * Windows for its own; Windows takes slashes as well.
 */
export function forShell(folder: string): string {
  return folder.startsWith('/') ? folder : folder.replaceAll('\\', '/');
}

/**
 * A command as a POSIX shell takes it, whose relative paths are written for Windows (`-f .\\compose.yaml`): scripts of npm and tasks of VS Code
 * are run by the shell of each machine.
 */
export function withSlashes(command: string): string {
  return command.replace(/(?<=^|[\s="'])[\w.-]+(?:\\[\w.-]+)+/g, (relative) => relative.replaceAll('\\', '/'));
}
