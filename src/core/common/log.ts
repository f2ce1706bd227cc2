/**
 * Where core tells what it does, for whoever looks into a problem. `vscode.LogOutputChannel` has this shape.
 * Never given: environment variables, resolved configurations, engine event attributes: they hold secrets.
 */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A log that nobody reads. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
