import path from 'node:path';
import { forShell } from './forShell';
import { OPEN } from './shellWords';

/** Stands for a variable that nobody sets: empty where that is asked, and else whatever whoever runs make gives. */
export const UNSET = '\u{E001}';

/** `export NAME := value`. */
export const ASSIGNMENT = /^((?:(?:export|override|private)\s+)*)([\w.-]+)\s*(:{1,3}=|\?=|\+=|!=|=)\s*(.*)$/;

/** A text where what nobody sets is empty. */
export function set(text: string): string {
  return text.replaceAll(UNSET, '');
}

/** A text where what nobody sets is whatever somebody may give. */
export function toOpen(text: string): string {
  return text.replaceAll(UNSET, OPEN);
}

/** What make's own functions do with texts. Source: GNU Make manual, "Functions for Transforming Text". */
export const FUNCTIONS: Readonly<Record<string, (args: readonly string[], folder: string) => string>> = {
  or: (args) => args.find((text) => set(text) !== '') ?? '',
  and: (args) => (args.some((text) => set(text) === '') ? '' : (args.at(-1) ?? '')),
  strip: ([text = '']) => words(text).join(' '),
  addprefix: ([prefix = '', text = '']) => eachWord(text, (word) => prefix + word),
  addsuffix: ([suffix = '', text = '']) => eachWord(text, (word) => word + suffix),
  subst: ([from = '', to = '', text = '']) => (from === '' ? text : text.replaceAll(from, to)),
  patsubst: (args) => patsubst(args),
  filter: ([patterns = '', text = '']) =>
    words(text)
      .filter((word) => fits(word, patterns))
      .join(' '),
  'filter-out': ([patterns = '', text = '']) =>
    words(text)
      .filter((word) => !fits(word, patterns))
      .join(' '),
  findstring: ([part = '', text = '']) => (text.includes(part) ? part : ''),
  sort: ([text = '']) => [...new Set(words(text))].sort().join(' '),
  word: ([number = '', text = '']) => words(text)[Number(number) - 1] ?? '',
  words: ([text = '']) => String(words(text).length),
  wordlist: ([from = '', to = '', text = '']) =>
    words(text)
      .slice(Number(from) - 1, Number(to))
      .join(' '),
  join: ([before = '', after = '']) => {
    const [left, right] = [words(before), words(after)];
    const longer = left.length > right.length ? left : right;
    return longer.map((_, index) => (left[index] ?? '') + (right[index] ?? '')).join(' ');
  },
  firstword: ([text = '']) => words(text)[0] ?? '',
  lastword: ([text = '']) => words(text).at(-1) ?? '',
  dir: ([text = '']) => eachWord(text, (word) => word.slice(0, word.lastIndexOf('/') + 1) || './'),
  notdir: ([text = '']) => eachWord(text, (word) => word.slice(word.lastIndexOf('/') + 1)),
  basename: ([text = '']) => eachWord(text, (word) => word.replace(/\.[^./]*$/, '')),
  suffix: ([text = '']) => eachWord(text, (word) => /\.[^./]*$/.exec(word)?.[0] ?? ''),
  abspath: ([text = ''], folder) => eachWord(text, (word) => forShell(path.resolve(folder, word))),
  realpath: ([text = ''], folder) => eachWord(text, (word) => forShell(path.resolve(folder, word))),
};

function words(text: string): string[] {
  return set(text).split(/\s+/).filter(Boolean);
}

function eachWord(text: string, change: (word: string) => string): string {
  return words(text).map(change).join(' ');
}

/** Words that fit a pattern, changed to another one: `%` stands for the same in both. */
export function patsubst([pattern = '', replacement = '', text = '']: readonly string[]): string {
  return eachWord(text, (word) => {
    const part = partFor(word, pattern);
    return part === undefined ? word : pattern.includes('%') ? filledIn(replacement, part) : replacement;
  });
}

function fits(word: string, patterns: string): boolean {
  return words(patterns).some((pattern) => partFor(word, pattern) !== undefined);
}

/** The part of a word that the first `%` of a pattern stands for, empty where there is none; undefined when it does not fit. */
function partFor(word: string, pattern: string): string | undefined {
  const at = pattern.indexOf('%');
  if (at < 0) return word === pattern ? '' : undefined;
  const after = pattern.length - at - 1;
  const isFitting =
    word.length >= at + after && word.startsWith(pattern.slice(0, at)) && word.endsWith(pattern.slice(at + 1));
  return isFitting ? word.slice(at, word.length - after) : undefined;
}

/** The arguments of a function: separated by commas that stand in no brackets. */
export function splitArguments(text: string): string[] {
  const args = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(' || character === '{') depth++;
    if (character === ')' || character === '}') depth--;
    if (character === ',' && depth === 0) args.push('');
    else args[args.length - 1] += character;
  }
  return args;
}

/** Where the bracket closes that opens at an offset. */
export function closing(text: string, open: number): number {
  const [opening, end] = text[open] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === opening) depth++;
    else if (text[at] === end && --depth === 0) return at;
  }
  return text.length;
}

/** The part of a target that `%` stands for in a pattern, at least a character; undefined when it does not fit. */
export function stemOf(target: string, pattern: string): string | undefined {
  return (pattern.includes('%') && partFor(target, pattern)) || undefined;
}

/** A pattern, or what belongs to it, with something in the place of its first `%`. */
export function filledIn(pattern: string, part: string): string {
  return pattern.replace('%', () => part);
}
