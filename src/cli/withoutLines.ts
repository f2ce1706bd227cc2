import { Transform } from 'node:stream';

/** Takes lines out of what passes; every byte of the others stays as it is. A line is held until it ends. */
export function withoutLines(isLeftOut: (line: string) => boolean): Transform {
  let held = '';
  const kept = (lines: readonly string[]) => Buffer.from(lines.filter((line) => !isLeftOut(line)).join(''), 'latin1');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // As Latin-1 every byte is a character, and stays what it is.
      const lines = (held + chunk.toString('latin1')).split(/(?<=\n)/);
      held = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
      done(null, kept(lines));
    },
    flush(done) {
      done(null, kept([held]));
    },
  });
}
