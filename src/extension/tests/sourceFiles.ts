import path from 'node:path';
import type { TestCase } from '../../core/model/testCase';

/** A place that the report of a test names, as the program that ran it calls it. */
export interface ToldPlace {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** How many places of what is told of a failure are looked at. */
const MOST_PLACES = 20;

/** `tests/test_cart.py:7`, `(/app/src/cart.test.ts:7:19)`, and Python's `File "a.py", line 7`. */
const PLACE = /(?:^|[\s("':])([^\s"'():]+\.[A-Za-z]\w{0,4})(?::|", line )(\d+)/g;

/**
 * Where a test may stand, likeliest first: the file that its report names; what its class is called, as a path; the places in what
 * is told of its failure.
 */
export function toldPlaces({ file, line, suite = '', details = '' }: TestCase): readonly ToldPlace[] {
  return [...(file ? [{ file, line }] : []), ...classFiles(suite), ...placesIn(details)];
}

/** The places in what is told of a failure, in their order: of a stack, the test is among the first. */
export function placesIn(details: string): readonly ToldPlace[] {
  return [...details.matchAll(PLACE)]
    .slice(0, MOST_PLACES)
    .map(([, file = '', line]) => ({ file, line: Number(line) }));
}

/** `tests.test_cart.TestCart` is in `tests/test_cart.py`, `com.acme.CartTest` in `com/acme/CartTest.java`. */
function classFiles(suite: string): readonly ToldPlace[] {
  if (!/^\w+(?:\.\w+)*$/.test(suite)) return [];
  const words = suite.split('.');
  const folders = [words, words.slice(0, -1)].filter(({ length }) => length > 0).map((names) => names.join('/'));
  return folders.flatMap((name) => ['.py', '.java', '.kt'].map((ending) => ({ file: name + ending })));
}

/**
 * Which file of this machine a path means that was written in a container, or in a folder that is not known: the one that ends like
 * it. A relative path is to be the end of it as a whole; of an absolute one, what it begins with may be the container's own.
 * @param files absolute paths.
 * @returns undefined when there is none, or several fit equally well.
 */
export function fileMeant(told: string, files: readonly string[]): string | undefined {
  const words = wordsOf(told);
  const least = isAbsolute(told) ? 1 : words.length;
  const fits = files
    .map((file) => ({ file, shared: sharedEnd(words, wordsOf(file)) }))
    .filter(({ shared }) => shared >= least)
    .sort((a, b) => b.shared - a.shared);
  const [best, second] = fits;
  return best && best.shared !== second?.shared ? best.file : undefined;
}

/** Absolute where it was written, which may be another system. */
function isAbsolute(file: string): boolean {
  return path.posix.isAbsolute(file) || path.win32.isAbsolute(file);
}

function wordsOf(file: string): readonly string[] {
  return file.split(/[\\/]+/).filter((word) => word !== '' && word !== '.' && word !== '..');
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  let shared = 0;
  while (shared < one.length && shared < other.length && one.at(-1 - shared) === other.at(-1 - shared)) shared++;
  return shared;
}
