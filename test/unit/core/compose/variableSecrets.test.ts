import assert from 'node:assert/strict';
import { variableSecrets, withoutSecrets } from '../../../../src/core/compose/variableSecrets';

const file = (text: string) => [{ path: '/w/file', text }];

describe('secrets among the values of variables', () => {
  it('are those of env files, and of the shell as far as a file names them', () => {
    const shell = { SHELL_TOKEN: 'green-pears', GIT_ASKPASS: 'echo' };
    const used = 'services:\n  web:\n    image: x:$' + '{SHELL_TOKEN}\n';
    assert.deepEqual(variableSecrets(file(used), file("A_SECRET='green-apples'\nNAME=pears\n"), shell), [
      'green-apples',
      'green-pears',
    ]);
    assert.deepEqual(variableSecrets(file('services: {}\n'), [], shell), []);
  });

  it('are passwords in addresses, and none that stand openly in the files, are numbers or paths', () => {
    const variables =
      'DB=postgres://app:green-apples@db/app\nDB_PASSWORD=postgres\nPORT_KEY=8080\nTLS_KEY=/run/key.pem\nADMIN_PIN=4821\n';
    assert.deepEqual(variableSecrets(file('services:\n  db:\n    image: postgres:16\n'), file(variables), {}), [
      'green-apples',
      '4821',
    ]);
  });

  it('are PINs, but not those that are a year or a port', () => {
    const text = "services:\n  web:\n    image: x\n    ports: ['8080:80']\n";
    const variables = 'ADMIN_PIN=8080\nLOGIN_PIN=2026\nDOOR_PIN=9090\nWEB_PORT=9090\nSIM_PIN=4821\n';
    assert.deepEqual(variableSecrets(file(text), file(variables), {}), ['4821']);
  });

  it('are struck out of a text, also in part, and short ones as whole words', () => {
    assert.equal(withoutSecrets('bad: xgreen-applesx', ['green-apples']), 'bad: x***x');
    assert.equal(withoutSecrets('bad port: green', ['green-apples:green']), 'bad port: green');
    assert.equal(withoutSecrets('bad port: greens', ['apples:greens']), 'bad port: ***');
    assert.equal(withoutSecrets('pearl is bad: pear', ['pear']), 'pearl is bad: ***');
  });
});
