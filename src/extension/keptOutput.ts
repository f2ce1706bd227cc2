import * as l10n from '@vscode/l10n';

/** How much is kept of what a program prints, in characters. */
const MOST_KEPT = 1_000_000;

/** What a program has printed, to be shown afterwards: all of it, or, when it is too much, its end. */
export class KeptOutput {
  private lines: string[] = [];
  private size = 0;
  private left = 0;

  /** @param most how many characters to keep at most. */
  constructor(private readonly most = MOST_KEPT) {}

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  /** The lines, after a word on how many before them are not kept. */
  get text(): string {
    const missing = this.left > 0 ? [l10n.t('(Not kept of a long output: its first {0} lines.)', this.left), ''] : [];
    return [...missing, ...this.lines, ''].join('\n');
  }

  add(line: string): void {
    const kept = line.length > this.most ? `${line.slice(0, this.most)}…` : line;
    this.lines.push(kept);
    this.size += kept.length;
    if (this.size > this.most) this.shorten();
  }

  /** Leaves out the first lines, by more than needed: else each further line would do that again. */
  private shorten(): void {
    let first = 0;
    while (this.size > this.most / 2 && first < this.lines.length - 1) {
      this.size -= this.lines[first]?.length ?? 0;
      first++;
    }
    this.lines = this.lines.slice(first);
    this.left += first;
  }
}
