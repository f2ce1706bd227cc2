import assert from 'node:assert/strict';
import os from 'node:os';
import { LogsTerminal } from '../../../src/extension/logsTerminal';

describe('a terminal that follows logs', () => {
  /** A program that says a word and goes on running. */
  const saying = (word: string) => ({
    command: process.execPath,
    args: ['-e', `console.log('${word}'); setInterval(() => {}, 1000)`],
    cwd: os.tmpdir(),
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });

  it('goes over to what it is to follow from now on, without a word of an end', async () => {
    const terminal = new LogsTerminal(saying('one'));
    let written = '';
    let onWritten = () => {};
    terminal.onDidWrite((text) => {
      written += text;
      onWritten();
    });
    const untilWritten = (text: string) =>
      new Promise<void>((resolve) => {
        onWritten = () => written === text && resolve();
        onWritten();
      });
    try {
      terminal.open();
      await untilWritten('one\r\n');
      terminal.follow(saying('one'));
      terminal.follow(saying('two'));
      await untilWritten('one\r\ntwo\r\n');
    } finally {
      terminal.close();
    }
    assert.equal(written, 'one\r\ntwo\r\n');
  });
});
