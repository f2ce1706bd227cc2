import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { repositoryRoot } from '../../../support/paths';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { newestVSCode } from '../../../support/vscodeServer';
import { chosenVersion, startWorkbench, type Workbench, type WorkbenchOptions } from '../../../support/workbench';
import { EnvironmentsView } from './environmentsView';

/** A VS Code in which the packed extension is installed, as people install it. */
export interface BerthWorkbench {
  readonly workbench: Workbench;
  readonly view: EnvironmentsView;
  /** Berth's item in the status bar. */
  readonly status: Locator;
}

/**
 * Starts a VS Code with the extension before the tests of the `describe` this is called in, and ends it after them. A
 * test that fails leaves a picture of the window in `out/screenshots`; those after it are skipped, as each goes on where
 * the one before it ended.
 * @param prepare makes what the tests need, and says what to open.
 * @param cleanUp removes what `prepare` made, also when that failed halfway.
 * @returns gives the workbench; for use in tests and hooks.
 */
export function useBerthWorkbench(
  prepare: () => Promise<WorkbenchOptions>,
  cleanUp: () => Promise<void>,
): () => BerthWorkbench {
  let started: Workbench | undefined;
  let failed = false;
  before('starts VS Code', async () => {
    const options = await prepare();
    started = await startWorkbench({ ...packedExtension(), ...options, settings: { ...look, ...options.settings } });
    started.page.setDefaultTimeout(LIMIT);
    await started.page.setViewportSize({ width: 1200, height: 750 });
  });
  beforeEach(function () {
    if (failed) this.skip();
  });
  afterEach('keeps a picture of a failure', async function () {
    if (this.currentTest?.state !== 'failed') return;
    failed = true;
    await started?.screenshot(`failed-${chosenVersion()}-${this.currentTest.fullTitle()}`);
  });
  after('ends VS Code', async () => {
    try {
      await started?.stop();
    } finally {
      await cleanUp();
    }
  });
  return () => {
    if (!started) throw new Error('VS Code has not been started.');
    return {
      workbench: started,
      view: new EnvironmentsView(started),
      status: started.statusItem('berth.berth', 'berth.status'),
    };
  };
}

/**
 * Takes a picture of the window as `out/screenshots/NAME.png`; of the newest VS Code only, so that they are all alike.
 * With BERTH_UPDATE_IMAGES=1 it becomes the README's, in `docs/images`.
 */
export async function takePicture({ workbench }: BerthWorkbench, name: string): Promise<void> {
  if (chosenVersion() !== newestVSCode) return;
  // No row is to look as if a pointer were over it.
  await workbench.page.mouse.move(600, 300);
  const file = await workbench.screenshot(name);
  if (process.env.BERTH_UPDATE_IMAGES !== '1') return;
  const images = path.join(repositoryRoot, 'docs', 'images');
  fs.mkdirSync(images, { recursive: true });
  fs.copyFileSync(file, path.join(images, `${name}.png`));
}

/** The look that most people have, as pictures want it: nothing that fades in, and the room for what matters. */
const look = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.reduceMotion': 'on',
  'editor.minimap.enabled': false,
  // A tooltip lies over the rows below, where a pointer that knows no patience wants to click.
  'workbench.hover.delay': 60_000,
  // What else runs on the engine is no matter of a test.
  'berth.elsewhere.show': false,
};
/** How long a user waits for anything in the window, in milliseconds. */
const LIMIT = 20_000;

let extensionsFolder: string | undefined;

/** Has the packed extension installed by the first VS Code that is started, and found there by all others. */
function packedExtension(): Pick<WorkbenchOptions, 'vsix' | 'extensionsFolder'> {
  if (extensionsFolder !== undefined) return { extensionsFolder };
  const vsix = process.env.BERTH_VSIX;
  if (!vsix) throw new Error('BERTH_VSIX must name the packed extension; `npm test -- ui` sees to that.');
  const folder = temporaryFolder('extensions');
  process.once('exit', () => removeFolder(folder));
  extensionsFolder = folder;
  return { vsix: [vsix], extensionsFolder };
}
