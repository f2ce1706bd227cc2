import assert from 'node:assert/strict';
import { FramedLogLines, type LogLine, TerminalLogLines } from '../../../../src/core/engine/logLines';

const TIME = '2026-01-31T12:00:00.000000001Z';
const LATER = '2026-01-31T12:00:00.000000002Z';

function frame(stream: number, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** What comes of some bytes, however they are cut into pieces. */
function linesOf(make: (onLine: (line: LogLine) => void) => { push(chunk: Buffer): void; end(): void }, bytes: Buffer) {
  const cut = (size: number) => {
    const lines: LogLine[] = [];
    const reader = make((line) => lines.push(line));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    reader.end();
    return lines;
  };
  const whole = cut(bytes.length);
  for (const size of [1, 7]) assert.deepEqual(cut(size), whole);
  return whole;
}

describe('lines of logs', () => {
  const framed = (...frames: Buffer[]) => linesOf((onLine) => new FramedLogLines(onLine), Buffer.concat(frames));

  it('are as the container wrote them, of both its outputs', () => {
    assert.deepEqual(framed(frame(1, `${TIME} one\rä\r\n`), frame(2, `${TIME} \n`), frame(1, `${LATER}   | two\n`)), [
      { time: TIME, text: 'one\rä\r' },
      { time: TIME, text: '' },
      { time: LATER, text: '  | two' },
    ]);
  });

  it('are put together where the engine cut them, also within a character', () => {
    const [first, second] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
    assert.deepEqual(
      framed(
        frame(1, Buffer.concat([Buffer.from(`${TIME} long `), first])),
        frame(2, `${TIME} other\n`),
        frame(1, Buffer.concat([Buffer.from(`${TIME} `), second, Buffer.from(' end\n')])),
      ),
      [
        { time: TIME, text: 'other' },
        { time: TIME, text: 'long ä end' },
      ],
    );
  });

  it('are there also without an end, of both outputs, and where the container went on later', () => {
    assert.deepEqual(framed(frame(1, `${TIME} fatal`), frame(1, `${LATER} again\n`), frame(2, `${LATER} no ä`)), [
      { time: TIME, text: 'fatal' },
      { time: LATER, text: 'again' },
      { time: LATER, text: 'no ä' },
    ]);
    assert.deepEqual(framed(), []);
  });

  it('of a container with a terminal are there also without an end', () => {
    const terminal = (text: string) => linesOf((onLine) => new TerminalLogLines(onLine), Buffer.from(text));
    assert.deepEqual(terminal(`${TIME} one\r\n${LATER} no ä`), [
      { time: TIME, text: 'one' },
      { time: LATER, text: 'no ä' },
    ]);
  });

  it('of a container with a terminal end as that ends them', () => {
    const bytes = Buffer.from(`${TIME} one ä\r\n${LATER} \r\n`);
    assert.deepEqual(
      linesOf((onLine) => new TerminalLogLines(onLine), bytes),
      [
        { time: TIME, text: 'one ä' },
        { time: LATER, text: '' },
      ],
    );
  });
});
