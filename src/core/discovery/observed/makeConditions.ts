/** The branches of an `if…`, `else if…`, `else`, `endif` up to a line. */
interface Level {
  /** Whether what stands in the branch now holds. */
  readonly holds: boolean;
  /** Whether this branch or one before it holds: then none after it does. */
  readonly isTaken: boolean;
}

/** The `if…`s around a line of a makefile. */
export class MakeConditions {
  private readonly levels: Level[] = [];

  /** @param holds whether what stands behind `ifeq` and the like holds. */
  constructor(private readonly holds: (condition: string) => boolean) {}

  /** Whether what stands here is left out. */
  get isOff(): boolean {
    return this.levels.some(({ holds }) => !holds);
  }

  /** Takes in `ifeq …`, `else`, `else ifeq …`, `endif`. @returns whether the line is such a one. */
  take(line: string): boolean {
    const [, otherwise, condition] = /^(else\b\s*)?((?:ifeq|ifneq|ifdef|ifndef)\b.*)?$/.exec(line) ?? [];
    if (otherwise === undefined && condition === undefined) {
      if (line !== 'endif') return false;
      this.levels.pop();
      return true;
    }
    const { isTaken } = (otherwise === undefined ? undefined : this.levels.pop()) ?? { isTaken: false };
    const holds = !isTaken && (condition === undefined || this.holds(condition));
    this.levels.push({ holds, isTaken: isTaken || holds });
    return true;
  }
}
