import type { Format, Style } from './style';

/** A cell of a table: its text, and perhaps a look. */
export type Cell = string | { readonly text: string; readonly format?: Format };

const GAP = '  ';

/**
 * The lines of a table whose columns are as wide as their widest cell.
 * @param rows the first one is the head; all have as many cells.
 */
export function renderTable(rows: readonly (readonly Cell[])[], style: Style): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textOf(cell).length);
    });
  }
  return rows.map((row, index) =>
    row
      .map((cell, column) => {
        // A look is given to the text only: what pads it stays bare, and nothing pads the last one.
        const padding = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - textOf(cell).length);
        const format = index === 0 ? 'dim' : typeof cell === 'string' ? undefined : cell.format;
        return (format ? style(format, textOf(cell)) : textOf(cell)) + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
