/**
 * A folder as it is put into the text of a command. A shell, and what reads its text here, takes the backslashes of a path of
 * Windows for its own; Windows takes slashes as well.
 */
export function forShell(folder: string): string {
  return folder.startsWith('/') ? folder : folder.replaceAll('\\', '/');
}
