/** What a service may use, and how its logs are rotated. What is not limited is left out. */
export interface ServiceLimits {
  /** Bytes of memory. */
  readonly memory?: number;
  /** Processors, also parts of one. */
  readonly cpus?: number;
  /** What takes in its logs; the engine's own choice when left out. */
  readonly logDriver?: string;
  /** How large a file of its logs becomes, as the logging driver takes it: `10m`. */
  readonly logSize?: string;
  /** How many such files there are at most. */
  readonly logFiles?: number;
}

/** What can be limited, in the order in which it is shown. */
export const LIMIT_NAMES = ['memory', 'cpus', 'logSize', 'logFiles'] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** Limits to set, as Compose takes them: `512M`, `0.5`, `10m`, `3`; `null` takes one away. */
export type LimitsChange = Readonly<Partial<Record<LimitName, string | null>>>;

/** What stands for taking a limit away where it is typed. */
export const NO_LIMIT = 'none';

/** A limit as Compose takes it; undefined where there is none. */
export function limitText(limits: ServiceLimits, name: LimitName): string | undefined {
  const value = limits[name];
  return name === 'memory' && limits.memory !== undefined ? memoryText(limits.memory) : value?.toString();
}

/** Bytes as Compose takes them, in the largest unit without a fraction: `512M`. Its units are binary. */
function memoryText(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  const fits = (unit: number) => bytes % 1024 ** unit === 0;
  const unit = units.findLastIndex((_, index) => fits(index));
  return `${bytes / 1024 ** unit}${units[unit]}`;
}
