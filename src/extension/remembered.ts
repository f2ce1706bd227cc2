import type * as vscode from 'vscode';
import type { FindingChoices } from './checks/findingTree';

/** What a user chose the last time, by what was asked about. All of it is offered again; the shell is also used again. */
export interface Choices {
  /** Of an environment. */
  readonly up: { readonly profiles: readonly string[]; readonly build: boolean };
  /** Of an environment. */
  readonly logs: {
    readonly timestamps: boolean;
    readonly asDocument: boolean;
    readonly tail: string;
    readonly since: string;
  };
  /** Of a service. */
  readonly shell: { readonly shell: string; readonly user: string };
  /** Of a service: the number of a container; undefined for all of them. */
  readonly container: number | undefined;
  /** Of a service: a command line. */
  readonly command: string;
  /** Of a service: a path in its containers. */
  readonly copyFrom: string;
  readonly copyTo: string;
  /** The ids of the environments that were compared. */
  readonly comparison: readonly string[];
  /** Whether a comparison shows only what differs. */
  readonly onlyDifferences: boolean;
  /** Which findings are shown, and how. */
  readonly findings: FindingChoices;
}

/** The last choices, kept with the workspace. */
export class Remembered {
  constructor(private readonly state: vscode.Memento) {}

  /** @param about an environment's id, with a service's name where the choice is about one. */
  get<K extends keyof Choices>(kind: K, ...about: readonly string[]): Choices[K] | undefined {
    return this.state.get<Choices[K]>(key(kind, about));
  }

  /** @param choice undefined to forget it. */
  async set<K extends keyof Choices>(
    kind: K,
    choice: Choices[K] | undefined,
    ...about: readonly string[]
  ): Promise<void> {
    await this.state.update(key(kind, about), choice);
  }
}

function key(kind: string, about: readonly string[]): string {
  return JSON.stringify([kind, ...about]);
}
