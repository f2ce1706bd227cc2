/** Parsed JSON as an object whose fields are yet to be looked at; empty when it is none. */
export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Parsed JSON as a list; empty when it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Parsed JSON as text; empty when it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
