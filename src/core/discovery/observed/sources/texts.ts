import { record } from '../../../common/json';

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function yaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text, { merge: true, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

/** The fields of an object that are texts, numbers or truth values, as texts. */
export function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value)).map(
    ([name, one]) => [name, typeof one === 'object' ? record(one).value : one] as const,
  );
  return Object.fromEntries(
    entries.flatMap(([name, one]) =>
      ['string', 'number', 'boolean'].includes(typeof one) ? [[name, String(one)]] : [],
    ),
  );
}

export function lineOf(text: string, part: string): number {
  const at = part === '' ? -1 : text.indexOf(part);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}
