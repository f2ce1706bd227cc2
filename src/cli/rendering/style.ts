/** The looks there are, by the names of `util.styleText`. */
export type Format = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Gives a text a look, where the terminal can. */
export type Style = (format: Format, text: string) => string;

/** No looks at all. */
export const plainStyle: Style = (_format, text) => text;
