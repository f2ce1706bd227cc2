import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './paths';
import { npmCall, runOrFail } from './processes';
import { step } from './steps';

let packed: Promise<string> | undefined;

/** Packs the extension the way it is published, once per run. Gives the path of the `.vsix` file. */
export function packExtension(signal?: AbortSignal): Promise<string> {
  packed ??= step('Packing the extension', async (report) => {
    const vsix = path.join(repositoryRoot, 'dist', 'berth.vsix');
    // An old one must not pass for what should have been packed.
    fs.rmSync(vsix, { force: true });
    const [command, args] = npmCall(['run', 'package']);
    await runOrFail(command, args, { signal, onLine: report });
    return vsix;
  });
  return packed;
}
