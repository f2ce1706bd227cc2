/** Something the bench needs and cannot have: what is missing or failed, and how to put it right. */
export class BenchError extends Error {
  override readonly name = 'BenchError';

  constructor(
    message: string,
    /** What to do about it; may have several lines. */
    readonly remedy?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What anything thrown says, in words for a terminal: the stack only of what is a bug here. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof BenchError)) return error.stack ?? error.message;
  return error.remedy ? `${error.message}\n${error.remedy}` : error.message;
}
