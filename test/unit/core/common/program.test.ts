import assert from 'node:assert/strict';
import os from 'node:os';
import { Readable } from 'node:stream';
import { LineSplitter, type OutputStream, runProgram } from '../../../../src/core/common/program';

describe('LineSplitter', () => {
  const linesOf = (...chunks: (string | Buffer)[]) => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const chunk of chunks) splitter.push(chunk);
    const before = [...lines];
    splitter.end();
    return { before, all: lines };
  };

  it('puts lines together from pieces, and gives out the last one at the end', () => {
    assert.deepEqual(linesOf('a', 'b\nc', '\nd'), { before: ['ab', 'c'], all: ['ab', 'c', 'd'] });
  });

  it('splits at every kind of line end, and leaves empty lines out', () => {
    assert.deepEqual(linesOf('a\r\nb\rc\n\n\nd\r', '\ne\n').all, ['a', 'b', 'c', 'd', 'e']);
  });

  it('keeps characters whole that were cut in two', () => {
    const bytes = Buffer.from('Grüße ⚓\n');
    assert.deepEqual(linesOf(...Array.from(bytes, (byte) => Buffer.from([byte]))).all, ['Grüße ⚓']);
  });
});

/** A program that is there wherever these tests run: Node itself. */
const node = (script: string, env?: Record<string, string>) => ({
  command: process.execPath,
  args: ['-e', script],
  cwd: os.tmpdir(),
  env,
});

describe('runProgram', () => {
  it('hands over what it is to read, byte by byte, and none when there is none', async () => {
    const count = 'let n = 0; process.stdin.on("data", (d) => (n += d.length)).on("end", () => console.log(n))';
    const input = Readable.from([Buffer.alloc(1_000_000, 0xff), 'end']);
    assert.equal((await runProgram(node(count), { input })).stdout, '1000003\n');
    assert.equal((await runProgram(node(count))).stdout, '0\n');
  });

  it('takes it well that a program does not read everything', async () => {
    const input = Readable.from(endless());
    const { exitCode } = await runProgram(node('process.exit(5)'), { input });
    assert.deepEqual([exitCode, input.destroyed], [5, true]);
  });

  it('gives exit code and output, and tells each line as it comes', async () => {
    const lines: [string, OutputStream][] = [];
    const script = 'console.log("one"); console.error("two"); process.stdout.write("three"); process.exitCode = 3;';
    const result = await runProgram(node(script), { onLine: (line, stream) => lines.push([line, stream]) });
    assert.deepEqual(result, { exitCode: 3, stdout: 'one\nthree', stderr: 'two\n' });
    assert.deepEqual(lines.sort(), [
      ['one', 'stdout'],
      ['three', 'stdout'],
      ['two', 'stderr'],
    ]);
  });

  it('adds variables to its own, and gives no standard input', async () => {
    const script =
      'let n = 0; process.stdin.on("data", (c) => n += c.length).on("end", () => console.log(n, process.env.BERTH_X, !!process.env.PATH))';
    assert.equal((await runProgram(node(script, { BERTH_X: 'y z' }))).stdout, '0 y z true\n');
  });

  it('has an exit code for a signal too', async function () {
    if (process.platform === 'win32') this.skip();
    assert.equal((await runProgram(node('process.kill(process.pid, "SIGKILL")'))).exitCode, 137);
    assert.equal((await runProgram(node('process.kill(process.pid, "SIGTERM")'))).exitCode, 143);
  });

  it('interrupts the program when aborted, and waits for its end', async function () {
    if (process.platform === 'win32') this.skip();
    const exitListeners = process.listenerCount('exit');
    const cancel = new AbortController();
    const lines: string[] = [];
    const script = `setInterval(() => {}, 1000);
      process.on("SIGINT", () => { console.log("interrupted"); setTimeout(() => { console.log("done"); process.exit(0); }, 50); });
      console.log("ready");`;
    const running = runProgram(node(script), {
      signal: cancel.signal,
      onLine: (line) => {
        lines.push(line);
        if (line === 'ready') cancel.abort();
      },
    });
    await assert.rejects(running, { name: 'AbortError' });
    assert.deepEqual(lines, ['ready', 'interrupted', 'done']);
    assert.equal(process.listenerCount('exit'), exitListeners, 'nothing stays behind');
  });

  it('stops what the program has started with it, where that is wanted', async function () {
    if (process.platform === 'win32') this.skip();
    const stop = new AbortController();
    // It has the same output, which ends once nobody has it: if it were not stopped, that would be too late for this test.
    const script = 'require("child_process").spawn("sleep", ["100"], { stdio: "inherit" }); console.log("begun")';
    const running = runProgram(node(script), { signal: stop.signal, withChildren: true, onText: () => stop.abort() });
    await assert.rejects(running, { name: 'AbortError' });
  });

  it('starts nothing when it is aborted already', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(runProgram({ ...node(''), command: '/no/such/program' }, { signal }), { name: 'AbortError' });
  });

  it('rejects with the reason when the program is missing', async () => {
    await assert.rejects(runProgram({ ...node(''), command: 'no-such-program-of-berth' }), { code: 'ENOENT' });
  });
});

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}
