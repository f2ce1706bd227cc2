import { spawn } from 'node:child_process';

/** The program that opens an address in the user's browser, by platform. */
export function browserCall(address: string, platform: NodeJS.Platform): readonly [command: string, args: string[]] {
  switch (platform) {
    case 'win32':
      // Not `start`: that is a word of a shell, which would take "&" in an address for its own.
      return ['rundll32', ['url.dll,FileProtocolHandler', address]];
    case 'darwin':
      return ['open', [address]];
    default:
      return ['xdg-open', [address]];
  }
}

/** Opens an address in the user's browser, which outlives this process. @returns false when it can't be started. */
export function openInBrowser(address: string, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const [command, args] = browserCall(address, platform);
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
