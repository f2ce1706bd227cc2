import path from 'node:path';
import type { TestCase } from '../../core/model/testCase';

/** A place that the report of a test names, as the program that ran it calls it. */
export interface ToldPlace {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** The places that are told of a test, likeliest first. */
export interface ToldPlaces {
  /** Where it may stand: the file that its report names, and what its class is called, as a path. */
  readonly own: readonly ToldPlace[];
  /** Those in what is told of its failure, in their order: of a stack, the test is among the first. */
  readonly failure: readonly ToldPlace[];
}

/** How many places of what is told of a failure are looked at. */
const MOST_PLACES = 20;

/** `tests/test_cart.py:7`, `(/app/src/cart.test.ts:7:19)`, and Python's `File "a.py", line 7`. */
const PLACE = /(?:^|[\s("':])([^\s"'():]+\.[A-Za-z]\w{0,4})(?::|", line )(\d+)/g;

/** What the path of a folder has in it where languages and package managers keep what is nobody's own. */
const LIBRARIES =
  /(?:^|\/)(?:site-packages|dist-packages|node_modules|vendor|gems|rustc|\.yarn|\.?cargo\/(?:registry|git)|\.?rustup\/toolchains|lib\/python[\d.]+|pkg\/mod|usr\/(?:local\/)?(?:lib|go))(?:\/|$)/;

/**
 * How long a pattern may be, in characters: it becomes an argument of a program, all of which together may have 32,767 on Windows,
 * and each 131,072 bytes on Linux.
 */
const LONGEST_PATTERN = 16_000;
/** No file system has longer names, in characters. */
const LONGEST_NAME = 255;

/** The places that are told of a test. */
export function toldPlaces({ file, line, suite = '', details = '' }: TestCase): ToldPlaces {
  return { own: [...(file ? [{ file, line }] : []), ...classFiles(suite)], failure: placesIn(details) };
}

function placesIn(details: string): readonly ToldPlace[] {
  const places: ToldPlace[] = [];
  for (const [, file = '', line] of details.matchAll(PLACE)) {
    places.push({ file, line: Number(line) });
    if (places.length === MOST_PLACES) break;
  }
  return places;
}

/** `tests.test_cart.TestCart` is in `tests/test_cart.py`, `com.acme.CartTest` in `com/acme/CartTest.java`. */
function classFiles(suite: string): readonly ToldPlace[] {
  if (!/^\w+(?:\.\w+)*$/.test(suite)) return [];
  const words = suite.split('.');
  const folders = [words, words.slice(0, -1)].filter(({ length }) => length > 0).map((names) => names.join('/'));
  return folders.flatMap((name) => ['.py', '.java', '.kt'].map((ending) => ({ file: name + ending })));
}

/** Patterns for the files that may be meant by told paths: as few as there can be, each short enough for a program to be given. */
export function patternsFor(told: Iterable<string>): readonly string[] {
  const names = new Set<string>();
  for (const file of told) {
    // What means something in a pattern stands for any character.
    const name = nameOf(wordsOf(file)).replaceAll(/[[\]{}*,!]/g, '?');
    if (name !== '' && name.length <= LONGEST_NAME) names.add(name);
  }
  const patterns: string[] = [];
  let together: string[] = [];
  let length = 0;
  for (const name of names) {
    if (length + name.length >= LONGEST_PATTERN) {
      patterns.push(`**/{${together.join(',')}}`);
      together = [];
      length = 0;
    }
    together.push(name);
    length += name.length + 1;
  }
  return together.length > 0 ? [...patterns, `**/{${together.join(',')}}`] : patterns;
}

/** A file of this machine, by the words of its path. */
interface SourceFile {
  readonly file: string;
  readonly words: readonly string[];
}

/** The files of this machine that paths can mean which were written in a container, or in a folder that is not known. */
export class SourceFiles {
  private readonly called = new Map<string, SourceFile[]>();
  /** What was found before: of many tests, most tell the same paths. */
  private readonly known = new Map<string, string | undefined>();

  /** @param files absolute paths. */
  constructor(files: Iterable<string>) {
    for (const file of files) {
      const words = wordsOf(file);
      const name = nameOf(words);
      const namesakes = this.called.get(name);
      if (namesakes) namesakes.push({ file, words });
      else this.called.set(name, [{ file, words }]);
    }
  }

  /**
   * The file that a path means: the one that ends like it. A relative path is to be the end of it as a whole; of an absolute one, what
   * it begins with may be the container's own, unless that is where libraries are: theirs is another file that is called alike.
   * @returns undefined when there is none, or several fit equally well.
   */
  meantBy(told: string): string | undefined {
    if (!this.known.has(told)) this.known.set(told, this.find(told));
    return this.known.get(told);
  }

  private find(told: string): string | undefined {
    const words = wordsOf(told);
    let most = (isAbsolute(told) ? 1 : words.length) - 1;
    let best: string | undefined;
    for (const { file, words: others } of this.called.get(nameOf(words)) ?? []) {
      const shared = sharedEnd(words, others);
      if (shared < most) continue;
      best = shared > most ? file : undefined;
      most = shared;
    }
    return LIBRARIES.test(words.slice(0, words.length - most).join('/')) ? undefined : best;
  }
}

/** Absolute where it was written, which may be another system. */
function isAbsolute(file: string): boolean {
  return path.posix.isAbsolute(file) || path.win32.isAbsolute(file);
}

function wordsOf(file: string): readonly string[] {
  return file.split(/[\\/]+/).filter((word) => word !== '' && word !== '.' && word !== '..');
}

function nameOf(words: readonly string[]): string {
  return words.at(-1) ?? '';
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  let shared = 0;
  while (shared < one.length && shared < other.length && one.at(-1 - shared) === other.at(-1 - shared)) shared++;
  return shared;
}
