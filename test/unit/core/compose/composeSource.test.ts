import assert from 'node:assert/strict';
import {
  addTag,
  addToMap,
  applyEdits,
  lineEnd,
  overlap,
  removeEntry,
  removeItem,
  replaceNode,
} from '../../../../src/core/compose/composeEdit';
import { ComposeSource } from '../../../../src/core/compose/composeSource';
import type { FileEdit } from '../../../../src/core/model/finding';

const read = async (text: string) => (await ComposeSource.read('/w/compose.yaml', text))[0];

/** What a text becomes, with `|` around the piece that an edit changes. */
async function edited(text: string, edit: (source: ComposeSource) => FileEdit | undefined): Promise<string> {
  const source = await read(text);
  const change = edit(source);
  assert.ok(change);
  return applyEdits(text, [change]);
}

describe('the source of a compose file', () => {
  const MERGED = `x-base: &base
  image: busybox
  ports: &ports
    - "1:1"
services:
  a:
    <<: *base
    image: own
  b:
    ports: *ports
`;

  it('finds keys and items behind aliases and merge keys, where they are written', async () => {
    const source = await read(MERGED);
    assert.equal(source.value(['services', 'a', 'image']), 'own');
    assert.deepEqual(source.value(['services', 'a', 'ports']), ['1:1']);
    assert.equal(source.placeOf(['services', 'a', 'ports', 0])?.line, 4);
    assert.equal(source.placeOf(['services', 'b', 'ports', 0])?.line, 4);
    assert.equal(source.placeOf(['services', 'b', 'ports'])?.line, 10);
    assert.deepEqual(
      source
        .entries(['services', 'a'])
        .map(({ key }) => key.value)
        .sort(),
      ['image', 'ports'],
    );
    assert.equal(source.placeOf(['services', 'c']), undefined);
  });

  it('tells the range of a piece, without what comes after it', async () => {
    const source = await read('services:\n  a:\n    image: "x:1"  # ours\n');
    const node = source.node(['services', 'a', 'image']);
    assert.ok(node);
    assert.deepEqual(source.placeOfNode(node, 'here'), {
      file: '/w/compose.yaml',
      line: 3,
      column: 12,
      endLine: 3,
      endColumn: 17,
      note: 'here',
    });
  });

  it('tells tags of values', async () => {
    const source = await read('a: !override [1]\nb: !reset null\nc: 1\nd: !!str 1\n');
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => source.tag([key])),
      ['!override', '!reset', undefined, undefined],
    );
  });

  it('throws nothing of any prefix of a file, of circles, and of what nests too deep', async () => {
    for (let end = 0; end <= MERGED.length; end++) {
      const source = await read(MERGED.slice(0, end));
      source.entries(['services', 'a']);
      source.value(['services']);
      source.placeOf(['services', 'b', 'ports', 0]);
    }
    const circle = await read('services: &s\n  a: *s\n  <<: *s\n');
    assert.deepEqual(
      circle.entries(['services', 'a', 'a']).map(({ key }) => key.value),
      ['a'],
    );
    circle.value(['services']);
    assert.equal((await read('['.repeat(100_000))).value([]), undefined);
    assert.equal((await read('services: 5\nservices: [a]\n')).entries(['services']).length, 0);
  });
});

describe('edits of a compose file', () => {
  it('take a key out with its lines, and leave comments and line ends', async () => {
    const remove = (keys: readonly string[]) => (source: ComposeSource) =>
      removeEntry(source, source.entry(keys) ?? assert.fail());
    assert.equal(await edited('a: 1 # x\r\nb:\r\n  c: 2\r\n# y\r\nd: 3', remove(['b'])), 'a: 1 # x\r\n# y\r\nd: 3');
    assert.equal(await edited('a: 1\nb: 2', remove(['b'])), 'a: 1\n');
    assert.equal(await edited('a: { b: 1, c: [2, 3], d: 4 }\n', remove(['a', 'c'])), 'a: { b: 1, d: 4 }\n');
    assert.equal(await edited('a: { b: 1, c: 2 }\n', remove(['a', 'c'])), 'a: { b: 1 }\n');
    assert.equal(
      await edited('a:\n  b:\n    - 1\n    # of the list\n\n  c: 2\n', remove(['a', 'b'])),
      'a:\n    # of the list\n\n  c: 2\n',
    );
  });

  it('leave a byte order mark, and what is about the whole file', async () => {
    const remove = (source: ComposeSource) => removeEntry(source, source.entry(['a']) ?? assert.fail());
    assert.equal(await edited('\uFEFFa: 1\nb: 2\n', remove), '\uFEFFb: 2\n');
    const source = await read('\uFEFFa: 1\nb: 2\n');
    assert.deepEqual([source.placeOf(['a'])?.column, source.placeOf(['a'])?.endColumn], [1, 2]);
    assert.equal(
      await edited('a: 1 # berth-ignore-file no-limits\nb: 2\n', remove),
      '# berth-ignore-file no-limits\nb: 2\n',
    );
    assert.equal(await edited('a: 1 # berth-ignore no-limits\nb: 2\n', remove), 'b: 2\n');
  });

  it('take an item out of a list', async () => {
    const remove = (isFlow: boolean) => (source: ComposeSource) =>
      removeItem(source, source.items(['a'])[1] ?? assert.fail(), isFlow);
    assert.equal(await edited('a:\n  - 1\n  - 2 # two\n  - 3\n', remove(false)), 'a:\n  - 1\n  - 3\n');
    assert.equal(await edited('a: [1, 2, 3]\n', remove(true)), 'a: [1, 3]\n');
    assert.equal(await edited('a: [1, "2"]\n', remove(true)), 'a: [1]\n');
  });

  it('put a tag, another value and another key where they belong', async () => {
    const entry = (source: ComposeSource) => source.entry(['a']) ?? assert.fail();
    assert.equal(
      await edited('a:\n  - 1\n', (source) => addTag(source, entry(source), '!override')),
      'a: !override\n  - 1\n',
    );
    assert.equal(
      await edited('"a" : [1]\n', (source) => addTag(source, entry(source), '!reset')),
      '"a" : !reset [1]\n',
    );
    assert.equal(
      await edited('a: "x" # y\n', (source) => replaceNode(source, source.node(['a']) ?? assert.fail(), 'z')),
      'a: z # y\n',
    );
    const add = (source: ComposeSource) => addToMap(source, source.entries(['a']), 'c:\n  d: 2');
    assert.equal(await edited('a:\r\n  b: 1 # x\r\nz: 1\r\n', add), 'a:\r\n  b: 1 # x\r\n  c:\r\n    d: 2\r\nz: 1\r\n');
    assert.equal(await edited('a:\n  b:\n    - 1', add), 'a:\n  b:\n    - 1\n  c:\n    d: 2');
    const source = await read('a: { b: 1 }\n');
    assert.equal(addToMap(source, source.entries(['a']), 'c: 2'), undefined);
  });

  it('can be done together where they touch nothing of each other', () => {
    const edit = (start: number, end: number, file = 'a') => ({ file, start, end, text: '' });
    assert.ok(overlap(edit(1, 3), edit(2, 4)));
    assert.ok(overlap(edit(1, 1), edit(1, 1)));
    assert.ok(!overlap(edit(1, 3), edit(3, 4)));
    assert.ok(!overlap(edit(1, 3), edit(1, 3, 'b')));
    assert.equal(
      applyEdits('abcd', [
        { ...edit(0, 1), text: 'x' },
        { ...edit(3, 4), text: 'yy' },
      ]),
      'xbcyy',
    );
    assert.equal(lineEnd('a\r\nb'), '\r\n');
  });

  it('insert lines of their own at one place, those first that belong to what is before them', () => {
    const insert = (text: string, at = 4) => ({ file: 'a', start: at, end: at, text });
    const [name, sameName, port, deeper] = ['\n  b:\n    c: 1', '\n  b:\n    d: 1', '\n  e: 1', '\n    f: 1'].map(
      (text) => insert(text),
    );
    assert.ok(name && sameName && port && deeper);
    assert.ok(!overlap(name, port));
    assert.ok(overlap(name, sameName));
    assert.ok(overlap(name, insert(': 1')));
    assert.ok(!overlap(insert('A=1\n'), insert('B=1\n')));
    assert.ok(overlap(insert('A=1\n'), insert('A=2\n')));
    assert.equal(applyEdits('a: 1', [name, port, deeper]), `a: 1${deeper.text}${name.text}${port.text}`);
    assert.equal(applyEdits('A=1', [insert('\nB=2\n', 3), insert('\nC=3\n', 3)]), 'A=1\nB=2\nC=3\n');
  });

  it('has the documents of a file one after the other, with their places in it', async () => {
    const text = '# ours\r\nservices:\r\n  web: {}\r\n---\r\nservices:\r\n  web:\r\n    image: a\r\n';
    const [first, second, ...others] = await ComposeSource.read('/w/compose.yaml', text);
    assert.deepEqual([first.value(['services']), others], [{ web: {} }, []]);
    assert.equal(second?.value(['services', 'web', 'image']), 'a');
    assert.deepEqual([second.isValid, second.placeOf(['services', 'web', 'image'])?.line], [true, 7]);
    assert.equal(
      applyEdits(
        text,
        [addToMap(second, second.entries(['services', 'web']), 'tty: true')].flatMap((one) => one ?? []),
      ),
      `${text.slice(0, -2)}\r\n    tty: true\r\n`,
    );
  });
});
