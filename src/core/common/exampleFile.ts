import fs from 'node:fs/promises';
import path from 'node:path';

/** A file that is not there, and the one beside it that it is meant to be made of. Absolute paths. */
export interface MissingFile {
  readonly file: string;
  readonly example: string;
}

const WORDS = ['example', 'sample', 'template', 'dist'];
/** `.env-example`, `.env_sample` */
const ATTACHED = new RegExp(`^(\\.env.*)[-_](?:${WORDS.join('|')})$`);

/**
 * What the example of a file may be called that stands beside it, the likeliest first: `.env.dev.example`, `dev.example.env`, and for an
 * env file also `.env.example`.
 * @param file absolute path. @returns absolute paths.
 */
export function exampleNames(file: string): readonly string[] {
  const { dir, base } = path.parse(file);
  const general = /env/i.test(base) ? ['.env', 'env'] : [];
  const names = general.flatMap((stem) => WORDS.map((word) => path.join(dir, `${stem}.${word}`)));
  return [...ownExampleNames(file), ...names];
}

/**
 * The same without those that are not called after the file itself: of `.env`, also `env.example`, `.env-example` and `example.env`; of
 * `.dev.env`, also `example.dev.env`.
 * @param file absolute path. @returns absolute paths.
 */
export function ownExampleNames(file: string): readonly string[] {
  const { dir, name, ext, base } = path.parse(file);
  const names = [
    ...WORDS.map((word) => `${base}.${word}`),
    ...(ext === '' ? [] : WORDS.map((word) => `${name}.${word}${ext}`)),
    // Of what is hidden, the example may not be.
    ...(/^\.env|^\..+\.env$/.test(base)
      ? WORDS.flatMap((word) => [`${base}-${word}`, `${base}_${word}`, `${base.slice(1)}.${word}`, `${word}${base}`])
      : []),
  ];
  return names.map((one) => path.join(dir, one));
}

/**
 * What a file is called that an example is of: of `.env.dev.example`, `.env.dev`; of `env.sample`, `.env-sample` and `sample.env`, `.env`;
 * of `sample.dev.env`, `dev.env`; undefined of what is no example by its name.
 */
export function nameOfExampled(example: string): string | undefined {
  const [, attached] = ATTACHED.exec(example) ?? [];
  if (attached !== undefined) return attached;
  const parts = example.split('.');
  const at = parts.findLastIndex((part, index) => WORDS.includes(part) && (index > 0 || parts.at(-1) === 'env'));
  if (at < 0) return undefined;
  const name = parts.toSpliced(at, 1).join('.');
  return /^env(?:\.|$)/.test(name) ? `.${name}` : name;
}

/**
 * The example that a file is to be copied from, where there is one beside it: see {@link exampleNames}. None that is the example of another
 * file which is there, such as `.env.example` beside `.env`.
 * @param file absolute path of a file that is not there.
 */
export async function missingFile(file: string): Promise<MissingFile | undefined> {
  const present = new Set(await fs.readdir(path.dirname(file)).catch((): string[] => []));
  return missingAmong(file, (one) => present.has(path.basename(one)));
}

/** The same by what is known to be there. @param isThere of an absolute path in the same folder. */
export function missingAmong(file: string, isThere: (one: string) => boolean): MissingFile | undefined {
  const isOfOther = (one: string) => {
    const exampled = nameOfExampled(path.basename(one));
    if (exampled === undefined || exampled === path.basename(file)) return false;
    return isThere(path.join(path.dirname(file), exampled));
  };
  const example = exampleNames(file).find((one) => isThere(one) && !isOfOther(one));
  return example === undefined ? undefined : { file, example };
}
