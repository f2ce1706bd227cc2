import assert from 'node:assert/strict';
import { KeptOutput } from '../../../src/extension/keptOutput';

describe('output that is kept', () => {
  const kept = (most: number, ...lines: string[]) => {
    const output = new KeptOutput(most);
    for (const line of lines) output.add(line);
    return output;
  };

  it('is all lines, where these are few', () => {
    assert.ok(kept(10).isEmpty);
    const output = kept(10, 'one', 'two');
    assert.ok(!output.isEmpty);
    assert.equal(output.text, 'one\ntwo\n');
  });

  it('is the end of what is too long, which it says', () => {
    assert.equal(
      kept(10, '11111', '22222', '33333').text,
      '(Not kept of a long output: its first 2 lines.)\n\n33333\n',
    );
    const many = kept(1_000, ...Array.from({ length: 10_000 }, (_, at) => `line ${at}`)).text;
    assert.match(many, /line 9999\n$/);
    assert.ok(many.length < 2_000);
  });

  it('is the beginning of a single line that is too long', () => {
    assert.equal(kept(3, '12345').text, '123…\n');
  });
});
