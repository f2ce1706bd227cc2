import assert from 'node:assert/strict';
import { lackingTool } from '../../../../src/core/operations/healthReasons';

describe('why a health check failed, as what it printed tells', () => {
  const told = (printed: string) => lackingTool('web', printed)?.message;

  it('a program that the image lacks', () => {
    for (const printed of [
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown',
      'crun: executable file `curl` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      '/bin/sh: 1: curl: not found',
      '/bin/sh: curl: not found',
      'sh: curl: not found',
      'checking\n/bin/bash: line 1: curl: command not found',
      'bash: curl: command not found',
    ]) {
      assert.equal(told(printed), 'The health check of "web" needs "curl", which its image does not have.', printed);
    }
  });

  it('nothing where that is not what it says', () => {
    for (const printed of [
      '',
      'HTTP/1.1 404 Not Found',
      'wget: server returned error: not found',
      'user "sh": not found',
    ]) {
      assert.equal(told(printed), undefined, printed);
    }
    assert.equal(told('exec: "curl -f http://localhost": executable file not found in $PATH'), undefined);
  });
});
