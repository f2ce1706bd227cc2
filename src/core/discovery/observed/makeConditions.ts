/** What is known of the branches of an `if…`, `else if…`, `else`, `endif` up to a line. Undefined: that can't be known. */
interface Level {
  /** Whether what stands in the branch now holds. */
  readonly holds: boolean | undefined;
  /** Whether this branch or one before it holds: then none after it does. */
  readonly isTaken: boolean | undefined;
}

/** The `if…`s around a line of a makefile. */
export class MakeConditions {
  private readonly levels: Level[] = [];

  /** @param holds whether what stands behind `ifeq` and the like holds: undefined when that can't be known. */
  constructor(private readonly holds: (condition: string) => boolean | undefined) {}

  /** Whether what stands here is left out. */
  get isOff(): boolean {
    return this.levels.some(({ holds }) => holds === false);
  }

  /** Takes in `ifeq …`, `else`, `else ifeq …`, `endif`. @returns whether the line is such a one. */
  take(line: string): boolean {
    const [, otherwise, condition] = /^(else\b\s*)?((?:ifeq|ifneq|ifdef|ifndef)\b.*)?$/.exec(line) ?? [];
    if (otherwise === undefined && condition === undefined) {
      if (line !== 'endif') return false;
      this.levels.pop();
      return true;
    }
    const holds = condition === undefined ? true : this.holds(condition);
    const before = otherwise === undefined ? { isTaken: false } : (this.levels.pop() ?? { isTaken: false });
    this.levels.push(next(before.isTaken, holds));
    return true;
  }
}

function next(wasTaken: boolean | undefined, holds: boolean | undefined): Level {
  if (wasTaken === true) return { holds: false, isTaken: true };
  if (wasTaken === false) return { holds, isTaken: holds };
  return { holds: holds === false ? false : undefined, isTaken: holds === true ? true : undefined };
}
