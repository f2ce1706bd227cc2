import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { run, runOrFail } from '../../../support/processes';
import { removeFolder } from '../../../support/temporary';

/** A folder with compose files in the workspace that is open, and a project on the engine, both of a name of their own. */
export class HostProject {
  /** The folder's name in the workspace, and the project's on the engine. */
  readonly name: string;
  readonly folder: string;

  constructor(name: string) {
    const [workspaceFolder] = vscode.workspace.workspaceFolders ?? [];
    if (!workspaceFolder) throw new Error('The tests need a folder to be open.');
    this.name = `berth-host-${name}-${randomBytes(3).toString('hex')}`;
    this.folder = path.join(workspaceFolder.uri.fsPath, this.name);
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  /** Writes files; `PROJECT` in them stands for the project's name. */
  write(files: Readonly<Record<string, string>>): void {
    fs.mkdirSync(this.folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      fs.writeFileSync(this.path(file), text.replaceAll('PROJECT', this.name));
    }
  }

  /** Runs the docker command line, as somebody in a terminal would. @returns its standard output. */
  docker(...args: string[]): Promise<string> {
    return runOrFail('docker', args, { cwd: '/' });
  }

  container(service: string): string {
    return `${this.name}-${service}-1`;
  }

  async dispose(): Promise<void> {
    for (const project of [this.name, `${this.name}-test`]) {
      const args = ['compose', '--project-name', project, 'down', '--volumes', '--remove-orphans', '--timeout', '1'];
      await run('docker', args, { cwd: '/' });
    }
    removeFolder(this.folder);
  }
}
