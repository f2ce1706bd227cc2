import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { ensureChromium } from './chromium';
import { BenchError } from './errors';
import { PageLog } from './pageLog';
import { repositoryRoot } from './paths';
import { lastLines, settledWithin } from './processes';
import { type ServerOptions, type ServerProcess, startServer } from './serverProcess';
import { say } from './steps';
import { ensureVSCodeServer, newestVSCode, type VSCodeVersion, vscodeVersions } from './vscodeServer';

/** How long the palette may take for anything, in milliseconds, and how often it is opened until it stays. */
const PALETTE_LIMIT = 10_000;
const PALETTE_OPENINGS = 3;

/** How often the window is opened until the workbench is drawn. */
const WINDOW_OPENINGS = 2;

/** Where screenshots go. */
const screenshots = path.join(repositoryRoot, 'out', 'screenshots');

export interface WorkbenchOptions extends ServerOptions {
  /** What the variable BERTH_VSCODE_VERSION says, when not given; the newest, when that says nothing either. */
  readonly version?: VSCodeVersion;
  /** Absolute path of the folder or `.code-workspace` file to open; an empty window, when not given. */
  readonly workspace?: string;
  /** Absolute paths of extensions that are not installed but run from where they are; takes `testDriver`. */
  readonly extensionDevelopmentPaths?: readonly string[];
  /** Absolute path of the tests to run in the extension host; takes `testDriver`. */
  readonly extensionTestsPath?: string;
}

/** Starts VS Code, in a browser without a window, and opens the workspace. To be stopped. */
export async function startWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const workbench = await prepareWorkbench(options);
  try {
    await workbench.open();
    return workbench;
  } catch (error) {
    await workbench.stop();
    throw error;
  }
}

/** Like {@link startWorkbench}, but nothing is opened yet: the page is still blank. */
export async function prepareWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const server = await startServer(await ensureVSCodeServer(options.version ?? chosenVersion()), options);
  try {
    const browser = await chromium.launch({
      executablePath: await ensureChromium(),
      // Whoever started this ends it too, in order.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      args: [
        // Neither a container nor root can have Chromium's sandbox.
        ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      return new Workbench(page, browser, server, address(server.origin, options));
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * VS Code as a user sees it. Waiting is Playwright's: its locators wait for what they name, 30 seconds at most.
 * The parts have the names that VS Code itself gives them for assistive technology.
 */
export class Workbench {
  private readonly log: PageLog;

  constructor(
    readonly page: Page,
    readonly browser: Browser,
    readonly server: ServerProcess,
    readonly url: string,
  ) {
    this.log = new PageLog(page);
  }

  /**
   * Opens the workspace, or opens it anew, and waits for the workbench to be drawn. The page of one window was once
   * seen to stay blank, for reasons not known. It is then told what the page and the server said, and opened again: that
   * hides nothing of an extension's, as none runs before the workbench is drawn.
   */
  async open(): Promise<void> {
    for (let openings = 1; ; openings++) {
      try {
        await this.page.goto(this.url, { waitUntil: 'domcontentloaded' });
        await this.page.locator('.monaco-workbench').waitFor();
        break;
      } catch (cause) {
        const trouble = `VS Code's window stays blank.\nThe page:\n${this.log}\nThe server:\n${lastLines(this.server.log(), 20)}`;
        if (openings === WINDOW_OPENINGS) throw new BenchError(trouble, undefined, { cause });
        say(`${trouble}\nIt is opened again.`);
      }
    }
    // The activity bar is there before extensions have added to it; the status bar is drawn last.
    await this.page.locator('.part.statusbar').waitFor();
  }

  /** Ends VS Code and the browser, and removes what was made for them. */
  async stop(): Promise<void> {
    await settledWithin(this.browser.close(), 5000);
    await this.server.stop();
  }

  /**
   * Runs a command through the command palette, by its full title: `Berth: Refresh`. On busy machines the palette has
   * been seen to close by itself, for reasons not known; like a user, this then opens it again.
   */
  async runCommand(title: string): Promise<void> {
    for (let openings = 1; ; openings++) {
      try {
        await this.page.keyboard.press('F1');
        await this.quickInput.fill(`>${title}`, { timeout: PALETTE_LIMIT });
        // Not Enter: while the list still filters, another command may be the first.
        await this.option(title).click({ timeout: PALETTE_LIMIT });
        return;
      } catch (error) {
        if (openings === PALETTE_OPENINGS || (await this.quickInput.isVisible())) throw error;
      }
    }
  }

  /** The text field of the palette, of pickers and input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type=text]').first();
  }

  /** An entry of the open picker by its label; a regular expression is matched against label and description. */
  option(name: string | RegExp): Locator {
    const pattern = typeof name === 'string' ? new RegExp(`^${escapeRegExp(name)}(,|$)`) : name;
    return this.page.locator('.quick-input-widget').getByRole('option', { name: pattern }).first();
  }

  /** The entry of a view container in the activity bar. */
  activity(name: string): Locator {
    return this.page.locator('.part.activitybar').getByRole('tab', { name });
  }

  /** A tree view by its title. */
  tree(name: string): Locator {
    return this.page.getByRole('tree', { name });
  }

  /** A row of a tree. VS Code names it "label description", on newer versions followed by ", has actions". */
  row(tree: Locator, name: string | RegExp): Locator {
    const pattern = typeof name === 'string' ? new RegExp(`^${escapeRegExp(name)}(?=[ ,]|$)`) : name;
    return tree.getByRole('treeitem', { name: pattern });
  }

  /** Clicks an inline action of a row: they show only under the mouse. */
  async clickRowAction(row: Locator, action: string): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** Moves through the open menu by key, as far as an entry. */
  async focusMenuItem(name: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name, exact: true });
    await item.waitFor();
    const focused = this.page.locator('.monaco-menu .action-item.focused').filter({ has: item });
    const entries = await this.page.getByRole('menuitem').count();
    for (let step = 0; step < entries && (await focused.count()) === 0; step++) {
      await this.page.keyboard.press('ArrowDown');
    }
    await focused.waitFor();
  }

  /** A notification that shows a text; its buttons are in it. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** The modal dialog. Its buttons are in it. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** An item of the status bar by its extension (`publisher.name`) and the id that the extension gave it. */
  statusItem(extension: string, id: string): Locator {
    return this.page.locator(`[id="${extension}.${id}"]`);
  }

  /** The terminal of that name, among those that are listed or in view. */
  terminal(name: string): Locator {
    return this.page.locator('.part.panel').getByText(name, { exact: true }).first();
  }

  /** Types a line, and the return key, into what has the focus: a terminal that has just been opened. */
  async type(line: string): Promise<void> {
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** The text in the clipboard. */
  async clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** What the terminal in view shows. */
  get terminalRows(): Locator {
    return this.page.locator('.terminal-wrapper.active .xterm-rows');
  }

  /** Brings an output channel into view. Gives its lines; they have no-break spaces, which `\s` matches. */
  async outputChannel(name: string): Promise<Locator> {
    await this.runCommand('Output: Show Output Channels...');
    await this.option(name).click();
    return this.page.locator('.output-view-container .view-lines, [id="workbench.panel.output"] .view-lines').first();
  }

  /** What the webview in view holds. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  }

  /** Keeps a picture of the window as `out/screenshots/NAME.png`, and gives its path. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(screenshots, { recursive: true });
    const file = path.join(screenshots, `${name.replace(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }
}

/** The version that the run of tests is about. */
export function chosenVersion(): VSCodeVersion {
  return vscodeVersions.find((version) => version === process.env.BERTH_VSCODE_VERSION) ?? newestVSCode;
}

/** The address that makes the workbench open a workspace, and run extensions and tests from where they lie. */
function address(origin: string, options: WorkbenchOptions): string {
  const { workspace } = options;
  const payload = [
    ...(options.extensionDevelopmentPaths ?? []).map((file) => ['extensionDevelopmentPath', remoteUri(file)]),
    ...(options.extensionTestsPath ? [['extensionTestsPath', remoteUri(options.extensionTestsPath)]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (!workspace) query.set('ew', 'true');
  else query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  return `${origin}/?${query}`;
}

/** A file as the workbench names it, which to itself is remote from the browser. */
function remoteUri(file: string): string {
  return `vscode-remote://remote${pathToFileURL(file).pathname}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
