import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { withoutLines } from '../../../src/cli/withoutLines';

describe('an output without some lines', () => {
  const filtered = async (...chunks: readonly (string | Buffer)[]) => {
    const filter = withoutLines((line) => line.startsWith('no'));
    return Buffer.concat(
      await Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
        .pipe(filter)
        .toArray(),
    );
  };

  it('has all others as they were, bytes that are no text included', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0xc3, 0xa9, 0x0a]);
    assert.deepEqual(await filtered('ä\nnot this\r\n', bytes, 'no'), Buffer.concat([Buffer.from('ä\n'), bytes]));
  });

  it('has none of a line that comes in pieces, and what has no end of line', async () => {
    assert.equal(String(await filtered('a\nn', 'o, not', ' this\nb', 'c')), 'a\nbc');
  });
});
