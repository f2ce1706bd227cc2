import type { TestRunMark } from './container';

/** A container, for somebody who is asked whether it may go. */
export interface OwnedContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Its number among those of its service, from 1. */
  readonly number: number;
  readonly isRunning: boolean;
  /** Whether `docker compose run` made it. */
  readonly oneOff: boolean;
  /** Bytes that it has written inside of itself, beyond its image and its volumes; undefined when not asked for. */
  readonly size?: number;
}

/** A volume that belongs to a project, or to one of its containers alone. */
export interface OwnedVolume {
  readonly name: string;
  /** One without a name of its own: it is of one container, and goes with that when volumes go. */
  readonly anonymous: boolean;
  /** The project that made it, where that is another one. */
  readonly foreignProject?: string;
  /** Whether no project has made it: somebody did by hand, or another program. */
  readonly madeByNone?: boolean;
  /** The mark of the test run that made it; undefined when none did. */
  readonly testRun?: TestRunMark;
  /** Bytes; undefined when not asked for, or when the engine can't tell. */
  readonly size?: number;
}

/** A folder of the workspace in which a data store keeps its data. */
export interface OwnedFolder {
  /** Absolute path. */
  readonly path: string;
  /** Bytes that it takes on the disk; undefined when not asked for, or when that can't be told. */
  readonly size?: number;
}

/** What a project has on an engine, besides images. External networks and volumes belong to none. */
export interface Belongings {
  /** By name; what `docker compose run` made included. */
  readonly containers: readonly OwnedContainer[];
  /** By name. */
  readonly networks: readonly string[];
  /** By name. */
  readonly volumes: readonly OwnedVolume[];
  /** Those that have something in them, where that is asked for; undefined otherwise. */
  readonly dataFolders?: readonly OwnedFolder[];
}

/** A size for people: `1.4 MB`. */
export function sizeText(bytes: number, locale?: string): string {
  const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = Math.min(units.length, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  // In words that would be "89 byte".
  if (step === 0) return `${Math.round(bytes)} B`;
  const format = { style: 'unit', unit: units[step - 1], maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, format).format(bytes / 1000 ** step);
}
