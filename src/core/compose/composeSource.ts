import type { Document, LineCounter, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { isTooDeep } from '../common/depth';
import { markLength } from '../common/text';
import { yamlDocuments } from '../common/yamlDocuments';
import type { FindingPlace } from '../model/finding';

/** A piece of a text: offsets of its first character, and of the first one after it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What stands under a key, with the key. */
export interface Entry {
  readonly key: Scalar;
  /** What aliases lead to, in the place of an alias; null where nothing stands. */
  readonly value: Node | null;
  readonly pair: Pair;
  /** The map that has it: by an alias or a merge key, that is another one than was looked in. */
  readonly map: YAMLMap;
}

/** A value that is no map and no list, where it is written. */
export interface WrittenScalar {
  readonly node: Scalar;
  /** The keys that lead to it, from the outermost: those of an anchor are where that stands. */
  readonly keys: readonly string[];
  /** Whether it is an item of a list. */
  readonly isItem: boolean;
  /** Whether it stands in braces or brackets, where a plain text may hold neither. */
  readonly isInFlow: boolean;
}

/** Keys of maps, and indices of lists, from the outermost to the innermost. */
export type Keys = readonly (string | number)[];

/**
 * A document of a compose file, read so that everything in it has its place in the file's text: also where it is half typed. Keys are found
 * behind aliases and merge keys as well, at the place where they are written.
 */
export class ComposeSource {
  /** What was found in maps already: checks look there again and again. */
  private readonly known = new WeakMap<Node, ReadonlyMap<string, Entry>>();
  /** The anchors that some alias leads to; undefined until somebody asks. */
  private aliases: ReadonlySet<string> | undefined;
  private written: WrittenScalar[] | undefined;

  private constructor(
    /** Absolute path. */
    readonly file: string,
    /** All of the file's, that of other documents included. */
    readonly text: string,
    readonly document: Document.Parsed,
    private readonly lines: LineCounter,
    private readonly yaml: typeof import('yaml'),
  ) {}

  /**
   * The documents of a compose file, in the order in which Compose merges them: one, mostly.
   * @param file absolute path.
   */
  static async read(file: string, text: string): Promise<readonly [ComposeSource, ...ComposeSource[]]> {
    const yaml = await import('yaml');
    const lines = new yaml.LineCounter();
    // What nests so deep that it can't be read says nothing.
    const source = isTooDeep(text) ? '' : text;
    const options = { lineCounter: lines, logLevel: 'silent', merge: true, uniqueKeys: false } as const;
    const [first, ...others] = await yamlDocuments(source, options);
    const sourceOf = (document: Document.Parsed) => new ComposeSource(file, text, document, lines, yaml);
    return [sourceOf(first), ...others.map(sourceOf)];
  }

  /** Whether it is YAML: half-typed text mostly is not. */
  get isValid(): boolean {
    return this.document.errors.length === 0;
  }

  /** The entries of the map at a path, those of merge keys included, of which the map's own ones win. None where there is no map. */
  entries(keys: Keys): readonly Entry[] {
    return this.entriesOf(this.node(keys));
  }

  /** The entries of a map; none of anything else. */
  entriesOf(node: unknown): readonly Entry[] {
    return [...this.entriesByName(node).values()];
  }

  /** The entry at a path of which the last is a key. */
  entry(keys: Keys): Entry | undefined {
    return this.entriesByName(this.node(keys.slice(0, -1))).get(String(keys.at(-1)));
  }

  /** The value at a path, with aliases followed; undefined where there is none. */
  node(keys: Keys): Node | undefined {
    let node: Node | undefined = this.resolved(this.document.contents);
    for (const key of keys) {
      if (node === undefined) return undefined;
      const below: Node | null | undefined =
        typeof key === 'number' && this.yaml.isSeq(node)
          ? (node.items[key] as Node | undefined)
          : this.entriesByName(node).get(String(key))?.value;
      node = this.resolved(below);
    }
    return node;
  }

  /** The items of the list at a path; none where there is no list. */
  items(keys: Keys): readonly Node[] {
    const node = this.node(keys);
    return this.yaml.isSeq(node) ? node.items.flatMap((item) => this.resolved(item) ?? []) : [];
  }

  /** The value at a path as JavaScript has it: texts, numbers, lists and objects. Undefined where there is none, or it is a circle. */
  value(keys: Keys): unknown {
    return this.valueOf(this.node(keys));
  }

  /** The same of a node. */
  valueOf(node: Node | null | undefined): unknown {
    if (this.yaml.isScalar(node)) return node.value;
    try {
      return node?.toJS(this.document, { maxAliasCount: 100 });
    } catch {
      return undefined;
    }
  }

  /** The tag of the value at a path, such as `!override`; undefined where there is none. */
  tag(keys: Keys): string | undefined {
    const tag = this.node(keys)?.tag;
    return tag?.startsWith('!') && !tag.startsWith('!!') ? tag : undefined;
  }

  /** The place of a piece of its text. */
  place({ start, end }: Range, note?: string): FindingPlace {
    const [from, to] = [this.lines.linePos(start), this.lines.linePos(end)];
    const columnOf = ({ line, col }: typeof from) => Math.max(1, line > 1 ? col : col - markLength(this.text));
    return {
      file: this.file,
      line: Math.max(1, from.line),
      column: columnOf(from),
      endLine: Math.max(1, to.line),
      endColumn: columnOf(to),
      ...(note === undefined ? {} : { note }),
    };
  }

  /** Where a key or a value stands, without blanks and line ends after it. */
  range(node: Node): Range {
    const [start = 0, end = start] = node.range ?? [];
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  /** The place of a key or a value. */
  placeOfNode(node: Node, note?: string): FindingPlace {
    return this.place(this.range(node), note);
  }

  /** The place of the innermost of some keys; undefined where they are not in it. */
  placeOf(keys: Keys, note?: string): FindingPlace | undefined {
    const last = keys.at(-1);
    const node = typeof last === 'number' ? this.items(keys.slice(0, -1))[last] : this.entry(keys)?.key;
    return node && this.placeOfNode(node, note);
  }

  /** Whether what stands at a path stands there alone: neither an alias nor a merge key leads there, and no alias takes it elsewhere. */
  isOwn(keys: Keys): boolean {
    let node: unknown = this.document.contents;
    for (const key of keys) {
      if (this.yaml.isMap(node)) {
        const pair = node.items.find((one) => this.yaml.isScalar(one.key) && String(one.key.value) === String(key));
        node = pair?.value;
      } else {
        node = this.yaml.isSeq(node) ? node.items[Number(key)] : undefined;
      }
      if (!this.yaml.isNode(node) || this.yaml.isAlias(node) || this.isAliased(node)) return false;
    }
    return true;
  }

  /** Every value in it that is no map and no list, once, where it is written. */
  scalars(): readonly WrittenScalar[] {
    if (!this.written) {
      this.written = [];
      this.collectScalars(this.document.contents, [], { isItem: false, isInFlow: false }, this.written);
    }
    return this.written;
  }

  /** What a collection that is written in lines ends with; undefined of anything else. */
  lastLeaf(node: Node): Node | undefined {
    if (!this.yaml.isCollection(node) || node.flow) return undefined;
    const last: unknown = node.items.at(-1);
    const leaf: unknown = this.yaml.isPair(last) ? (last.value ?? last.key) : last;
    return this.yaml.isNode(leaf) ? leaf : undefined;
  }

  private isAliased(node: Node): boolean {
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor === undefined) return false;
    this.aliases ??= new Set(this.aliasNames());
    return this.aliases.has(anchor);
  }

  private collectScalars(
    node: unknown,
    keys: readonly string[],
    { isItem, isInFlow }: Pick<WrittenScalar, 'isItem' | 'isInFlow'>,
    found: WrittenScalar[],
  ): void {
    if (this.yaml.isScalar(node)) found.push({ node, keys, isItem, isInFlow });
    if (!this.yaml.isCollection(node)) return;
    const within = { isItem: this.yaml.isSeq(node), isInFlow: isInFlow || node.flow === true };
    for (const item of node.items) {
      if (!this.yaml.isPair(item)) this.collectScalars(item, keys, within, found);
      else if (this.yaml.isScalar(item.key)) {
        this.collectScalars(item.value, [...keys, String(item.key.value)], within, found);
      }
    }
  }

  private aliasNames(): readonly string[] {
    const names: string[] = [];
    this.yaml.visit(this.document, { Alias: (_, { source }) => void names.push(source) });
    return names;
  }

  private resolved(node: unknown): Node | undefined {
    if (this.yaml.isAlias(node)) return this.resolved(node.resolve(this.document));
    return this.yaml.isNode(node) ? node : undefined;
  }

  private entriesByName(node: unknown): ReadonlyMap<string, Entry> {
    const map = this.resolved(node);
    const known = map && this.known.get(map);
    if (known) return known;
    const found = new Map<string, Entry>();
    this.collect(map, found, new Set());
    if (map) this.known.set(map, found);
    return found;
  }

  /** @param seen the maps that are being looked in: anchors can make circles. */
  private collect(node: Node | undefined, found: Map<string, Entry>, seen: Set<Node>): void {
    if (!this.yaml.isMap(node) || seen.has(node)) return;
    seen.add(node);
    const merged: Node[] = [];
    for (const pair of node.items) {
      if (!this.yaml.isScalar(pair.key)) continue;
      const key = pair.key;
      const value = this.resolved(pair.value);
      if (key.value === '<<' || typeof key.value === 'symbol') {
        merged.push(
          ...(this.yaml.isSeq(value) ? value.items.flatMap((item) => this.resolved(item) ?? []) : [value ?? []].flat()),
        );
        continue;
      }
      const name = String(key.value);
      if (!found.has(name)) found.set(name, { key, value: value ?? null, pair, map: node });
    }
    for (const one of merged) this.collect(one, found, seen);
  }
}
