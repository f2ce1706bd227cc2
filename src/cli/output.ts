import { styleText } from 'node:util';
import type { Format, Style } from './rendering/style';
import { plainStyle } from './rendering/style';

/** One of the two streams that a program writes to. */
export interface Channel {
  /** Whether a person reads it on a terminal that can move its cursor. */
  readonly isTerminal: boolean;
  /** The terminal's size; a usual one where there is none. */
  readonly columns: number;
  readonly rows: number;
  readonly hasColours: boolean;
  readonly style: Style;
  write(text: string): void;
}

/** Where a command's words go: results to standard output; progress, notes and errors to standard error. */
export interface Output {
  readonly out: Channel;
  readonly err: Channel;
}

/** Output to this process's own streams. Colours only on a terminal, and not with `NO_COLOR` (no-color.org). */
export function processOutput({ colours }: { colours: boolean }): Output {
  return { out: channel(process.stdout, colours), err: channel(process.stderr, colours) };
}

function channel(stream: NodeJS.WriteStream, colours: boolean): Channel {
  const isTerminal = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  const hasColours = colours && isTerminal && !process.env.NO_COLOR;
  return {
    isTerminal,
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    hasColours,
    style: hasColours ? colouredStyle : plainStyle,
    write: (text) => void stream.write(text),
  };
}

// Newer versions of Node look at standard output by themselves; it is known here which stream it is for.
const colouredStyle: Style = (format: Format, text) =>
  (styleText as (format: Format, text: string, options: { validateStream: boolean }) => string)(format, text, {
    validateStream: false,
  });
