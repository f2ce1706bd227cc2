import * as l10n from '@vscode/l10n';
import type { DataFolder } from '../model/dataFolder';

/** How far an operation has come that removes volumes, and perhaps empties data folders, when it ends half-way. */
export interface Removal {
  /** `perhaps` where that was under way: some may be gone. */
  readonly volumesGone: 'no' | 'perhaps' | 'yes';
  /** Data folders, by absolute path, that are empty by now. */
  readonly emptied: readonly string[];
  /** That which was being emptied: something of it may be gone. */
  readonly partlyEmptied?: string;
  /** Those that are as they were. */
  readonly untouched: readonly string[];
}

/** Keeps track of what goes while an operation runs. */
export class RemovalTrack {
  private volumesGone: Removal['volumesGone'] = 'no';
  private readonly emptied: DataFolder[] = [];
  private current: DataFolder | undefined;

  /** @param folders those that are to be emptied. */
  constructor(private readonly folders: readonly DataFolder[]) {}

  /** The containers and volumes are about to be removed. */
  removing(): void {
    this.volumesGone = 'perhaps';
  }

  /** The containers and volumes are gone. */
  removed(): void {
    this.volumesGone = 'yes';
  }

  /** A data folder is about to be emptied. */
  emptying(folder: DataFolder): void {
    this.current = folder;
  }

  /** The data folder that was being emptied is empty. */
  hasEmptied(): void {
    if (this.current) this.emptied.push(this.current);
    this.current = undefined;
  }

  /** How far it has come; undefined before anything has gone. */
  get state(): Removal | undefined {
    const { volumesGone, emptied, current } = this;
    if (volumesGone === 'no') return undefined;
    const untouched = this.folders.filter((folder) => folder !== current && !emptied.includes(folder));
    const paths = (folders: readonly DataFolder[]) => folders.map((folder) => folder.path);
    const partly = current ? { partlyEmptied: current.path } : {};
    return { volumesGone, emptied: paths(emptied), ...partly, untouched: paths(untouched) };
  }
}

/** What of an environment has gone by now and what has not, a sentence each. */
export function describeRemoval({ volumesGone, emptied, partlyEmptied, untouched }: Removal): readonly string[] {
  return [
    ...(volumesGone === 'yes' ? [l10n.t('The volumes are gone.')] : []),
    ...(volumesGone === 'perhaps' ? [l10n.t('Some of the volumes may be gone.')] : []),
    ...(emptied.length > 0 ? [l10n.t('Emptied: {0}.', emptied.join(', '))] : []),
    ...(partlyEmptied === undefined ? [] : [l10n.t('Perhaps emptied in part: {0}.', partlyEmptied)]),
    ...(untouched.length > 0 ? [l10n.t('As it was: {0}.', untouched.join(', '))] : []),
  ];
}
