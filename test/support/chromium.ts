import fs from 'node:fs';
import { canInstallPackages, installPackages, linuxRelease } from './debian';
import { BenchError } from './errors';
import { findOnPath } from './paths';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Makes sure that there is a Chromium or Chrome: the one that the variable CHROMIUM names, one on the PATH, else
 * Debian's, installed.
 * @returns its path.
 */
export async function ensureChromium(signal?: AbortSignal): Promise<string> {
  const chosen = process.env.CHROMIUM;
  if (chosen && !fs.existsSync(chosen)) throw new BenchError(`CHROMIUM=${chosen} does not exist.`);
  const found = chosen || findOnPath(...names) || (fs.existsSync(onMac) ? onMac : undefined);
  if (found) return found;
  // Ubuntu's package of that name only points to a snap.
  if (canInstallPackages() && linuxRelease().id === 'debian') {
    await installPackages(['chromium', 'fonts-dejavu-core'], { signal });
    const installed = findOnPath(...names);
    if (installed) return installed;
  }
  throw new BenchError(
    'The tests of the user interface need Chromium or Chrome, and there is none on the PATH.',
    'Install one, or set CHROMIUM to the path of one.',
  );
}
