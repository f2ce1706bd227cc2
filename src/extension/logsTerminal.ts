import { type ChildProcess, spawn } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ProgramCall } from '../core/common/program';

const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';

/**
 * Shows the output of a program that follows logs. It stays when the program ends, says so, and runs it again on any key.
 * The program ends with the terminal.
 */
export class LogsTerminal implements vscode.Pseudoterminal {
  private readonly writer = new vscode.EventEmitter<string>();
  private child: ChildProcess | undefined;
  private opened = false;

  readonly onDidWrite = this.writer.event;

  constructor(private call: ProgramCall) {}

  open(): void {
    this.opened = true;
    this.follow();
  }

  close(): void {
    this.opened = false;
    this.child?.kill();
    this.writer.dispose();
  }

  handleInput(): void {
    this.follow();
  }

  /**
   * Runs the program, unless it runs.
   * @param call what to run from now on, when that is no longer what it was: then in the place of what runs.
   */
  follow(call = this.call): void {
    if (!isDeepStrictEqual(call, this.call)) {
      this.call = call;
      const before = this.child;
      // Forgotten first: that it ends now is no news.
      this.child = undefined;
      before?.kill();
    }
    if (this.child || !this.opened) return;
    const { command, args, cwd, env } = this.call;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.child === child && this.write(text));
    }
    child.once('error', (error) => this.ended(child, error.message));
    child.once('close', () => this.ended(child, l10n.t('The logs have ended.')));
  }

  private ended(child: ChildProcess, why: string): void {
    // After an error that kept it from starting, `close` comes too.
    if (this.child !== child) return;
    this.child = undefined;
    if (this.opened) this.write(`${DIM}${why} ${l10n.t('Press any key to follow them again.')}${PLAIN}\n`);
  }

  /** A terminal wants a carriage return with each new line. */
  private write(text: string): void {
    this.writer.fire(text.replace(/\r?\n/g, '\r\n'));
  }
}
