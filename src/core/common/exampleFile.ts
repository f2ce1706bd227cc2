import fs from 'node:fs/promises';
import path from 'node:path';

/** A file that is not there, and the one beside it that it is meant to be made of. Absolute paths. */
export interface MissingFile {
  readonly file: string;
  readonly example: string;
}

const WORDS = ['example', 'sample', 'template', 'dist'];

/**
 * The example that a file is to be copied from, where there is one beside it: `.env.dev.example`, `dev.example.env`, and for an env file
 * also `.env.example`.
 * @param file absolute path of a file that is not there.
 */
export async function missingFile(file: string): Promise<MissingFile | undefined> {
  const { dir, name, ext, base } = path.parse(file);
  const general = /env/i.test(base) ? ['.env', 'env'] : [];
  const names = [
    ...[base, ...general].flatMap((stem) => WORDS.map((word) => `${stem}.${word}`)),
    ...(ext === '' ? [] : WORDS.map((word) => `${name}.${word}${ext}`)),
  ];
  const present = new Set(await fs.readdir(dir).catch((): string[] => []));
  const example = names.find((one) => present.has(one));
  return example === undefined ? undefined : { file, example: path.join(dir, example) };
}
