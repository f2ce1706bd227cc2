import { say } from '../../support/steps';
import { type Distribution, distribution } from './figures';

/** One line of a table: something measured, beside what it is meant to be. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly figures: Distribution;
  readonly aim?: string;
  /** Undefined where there is no aim. */
  readonly met?: boolean;
}

export interface Table {
  readonly title: string;
  /** How it was measured, where the rows don't say so. */
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
}

/** An aim: in words, and as what a median is held against. */
export interface Aim {
  readonly text: string;
  readonly holds: (figures: Distribution) => boolean;
}

/** The median is to be below a limit. */
export function below(limit: number, unit: string): Aim {
  return { text: `< ${limit} ${unit}`, holds: ({ median }) => median < limit };
}

/** No value at all may be above a limit. */
export function never(limit: number, unit: string): Aim {
  return { text: limit === 0 ? `0 ${unit}` : `≤ ${limit} ${unit}`, holds: ({ p99 }) => p99 <= limit };
}

/** The median may not be above a limit. */
export function mostly(limit: number, unit: string): Aim {
  return { text: `≤ ${limit} ${unit}`, holds: ({ median }) => median <= limit };
}

/** Gathers the rows of one table, shows it, and keeps it for the file. */
export class Report {
  private static readonly all: Table[] = [];
  private readonly rows: Row[] = [];
  private readonly notes: string[] = [];

  constructor(private readonly title: string) {}

  /** All that were shown in this run. */
  static get tables(): readonly Table[] {
    return Report.all;
  }

  /** @param values at least one. */
  add(what: string, values: readonly number[], unit: string, aim?: Aim): void {
    const figures = distribution(values);
    this.rows.push({ what, unit, figures, aim: aim?.text, met: aim?.holds(figures) });
  }

  note(text: string): void {
    this.notes.push(text);
  }

  show(): void {
    const table = { title: this.title, notes: this.notes, rows: this.rows };
    Report.all.push(table);
    say(`\n${inMarkdown(table)}`);
  }
}

/** A table as people read it, in a terminal and in a document alike. */
export function inMarkdown({ title, notes, rows }: Table): string {
  const cells = [
    ['', 'median', '99th percentile', 'n', 'aim', ''],
    ...rows.map(({ what, unit, figures: { median, p99, n }, aim, met }) => [
      what,
      withUnit(median, unit),
      n === 1 ? '' : withUnit(p99, unit),
      String(n),
      aim ?? '',
      met === undefined ? '' : met ? 'met' : '**missed**',
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [`**${title}**`, '', line(head), rule, ...body.map(line), '', ...notes.map((note) => `${note}\n`)].join('\n');
}

function withUnit(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : Math.abs(value) < 1000 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`.trim();
}
