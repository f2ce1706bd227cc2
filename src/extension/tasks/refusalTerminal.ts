import * as vscode from 'vscode';
import type { UserError } from '../../core/common/errors';

/** What `berth` ends with where it was asked for what can't be. */
const USAGE = 2;

/** In the place of a task that can't be: says why, and fails. */
export class RefusalTerminal implements vscode.Pseudoterminal {
  private readonly writer = new vscode.EventEmitter<string>();
  private readonly closer = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.writer.event;
  readonly onDidClose = this.closer.event;

  constructor(private readonly error: UserError) {}

  open(): void {
    const { message, details } = this.error;
    const text = `\x1b[31m✖ ${message}\x1b[0m\n${details.remedy ? `  ${details.remedy}\n` : ''}`;
    this.writer.fire(text.replace(/\r?\n/g, '\r\n'));
    this.closer.fire(USAGE);
  }

  close(): void {
    this.writer.dispose();
    this.closer.dispose();
  }
}
