import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { withoutEraseSequences } from '../../../src/cli/eraseSequences';

async function filtered(...chunks: (string | Buffer)[]): Promise<Buffer> {
  const filter = Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(withoutEraseSequences());
  return Buffer.concat(await filter.toArray());
}

describe('a log without erase sequences', () => {
  it('has the rest as it was, colours and bytes that are no text included', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xc3, 0xa9, 0x0a]);
    assert.deepEqual(
      await filtered('\x1b[2Kweb-1  | ä\n\x1b[2K', bytes),
      Buffer.concat([Buffer.from('web-1  | ä\n'), bytes]),
    );
  });

  it('is found where a sequence is cut in two, and keeps what only begins like one', async () => {
    for (const at of [1, 2, 3]) {
      const sequence = '\x1b[2K';
      assert.equal(String(await filtered(`a${sequence.slice(0, at)}`, `${sequence.slice(at)}b`)), 'ab');
    }
    assert.equal(String(await filtered('a\x1b[2', 'Jb\x1b')), 'a\x1b[2Jb\x1b');
  });
});
