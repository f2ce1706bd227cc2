import type { Channel } from '../output';
import { visibleSlice } from './visible';

/** The last lines on a terminal, which are drawn anew in place. Below them nothing may be written by others. */
export class LiveRegion {
  private drawn: readonly string[] = [];

  constructor(private readonly channel: Pick<Channel, 'write' | 'columns' | 'rows'>) {}

  /** Puts these lines in the place of those drawn before. */
  draw(lines: readonly string[]): void {
    const fitting = this.fit(lines);
    if (fitting.length === this.drawn.length && fitting.every((line, index) => line === this.drawn[index])) return;
    this.channel.write(this.erasure() + fitting.map((line) => `${line}\n`).join(''));
    this.drawn = fitting;
  }

  /** Writes lines above the region, where they stay. */
  printAbove(text: string): void {
    this.channel.write(`${this.erasure()}${text}\n${this.drawn.map((line) => `${line}\n`).join('')}`);
  }

  /** Takes the region away. */
  clear(): void {
    this.channel.write(this.erasure());
    this.drawn = [];
  }

  /** Moves to the region's first line and clears from there: one write with what follows, so that nothing flickers. */
  private erasure(): string {
    return this.drawn.length > 0 ? `\x1b[${this.drawn.length}A\r\x1b[J` : '';
  }

  /** A line that wraps, or more lines than the terminal has, could not be found again by moving up. */
  private fit(lines: readonly string[]): readonly string[] {
    const most = Math.max(2, this.channel.rows - 1);
    const shown =
      lines.length > most ? [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`] : lines;
    return shown.map((line) => visibleSlice(line, this.channel.columns - 1));
  }
}
