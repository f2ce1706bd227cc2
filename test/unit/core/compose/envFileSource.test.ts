import assert from 'node:assert/strict';
import { applyEdits } from '../../../../src/core/compose/composeEdit';
import { EnvFileSource } from '../../../../src/core/compose/envFileSource';

const read = (text: string) => new EnvFileSource('/w/.env', text);

describe('the source of an env file', () => {
  it('tells variables as they are written, with their places', () => {
    const source = read('# A=0\nA=1 # one\n export B: "two # 2" # x\r\nC=\nD\nE=\'a\nF=not\n\'\nG=7');
    assert.deepEqual(
      source.variables.map(({ name, written, line }) => [name, written, line]),
      [
        ['A', '1', 2],
        ['B', '"two # 2"', 3],
        ['C', '', 4],
        ['D', '', 5],
        ['E', "'a", 6],
        ['G', '7', 9],
      ],
    );
    const b = source.variable('B');
    assert.ok(b);
    assert.deepEqual(source.place(b, 'here'), {
      file: '/w/.env',
      line: 3,
      column: 9,
      endLine: 3,
      endColumn: 10,
      note: 'here',
    });
  });

  it('knows that a backslash takes from a quote that it ends a value', () => {
    const source = read('A="a\\"b" # x\nB="c\nD=\\"\nE"\nF=1');
    assert.deepEqual(
      source.variables.map(({ name, written, line }) => [name, written, line]),
      [
        ['A', '"a\\"b"', 1],
        ['B', '"c', 2],
        ['F', '1', 5],
      ],
    );
  });

  it('has the first variable also behind a byte order mark, which stays', () => {
    const source = read('\uFEFFA=1\nB=2\n');
    const [first] = source.variables;
    assert.ok(first);
    assert.deepEqual([first.name, source.place(first).column], ['A', 1]);
    assert.equal(applyEdits(source.text, [source.set('A', '3')]), '\uFEFFA=3\nB=2\n');
  });

  it('sets a variable where it is, the last one where it is twice, or at the end', () => {
    const set = (text: string) => applyEdits(text, [read(text).set('P', '5433')]);
    assert.equal(set('P=5432 # db\nQ=1\n'), 'P=5433 # db\nQ=1\n');
    assert.equal(set('P=1\nP="2"\n'), 'P=1\nP=5433\n');
    assert.equal(set('Q=1'), 'Q=1\nP=5433\n');
    assert.equal(set('Q=1\r\n'), 'Q=1\r\nP=5433\r\n');
    assert.equal(set(''), 'P=5433\n');
    assert.equal(set('P=\n'), 'P=5433\n');
  });
});
