import { Transform } from 'node:stream';

/** "Erase the line": Compose begins each log line with it, wherever the lines go. */
const ERASE_LINE = '\x1b[2K';

/** Takes "erase the line" out of what passes; every other byte stays as it is. */
export function withoutEraseSequences(): Transform {
  let held = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // As Latin-1 every byte is a character, and stays what it is.
      const text = (held + chunk.toString('latin1')).replaceAll(ERASE_LINE, '');
      // The sequence may be cut in two.
      held = [3, 2, 1].map((length) => ERASE_LINE.slice(0, length)).find((start) => text.endsWith(start)) ?? '';
      done(null, Buffer.from(text.slice(0, text.length - held.length), 'latin1'));
    },
    flush(done) {
      done(null, Buffer.from(held, 'latin1'));
    },
  });
}
