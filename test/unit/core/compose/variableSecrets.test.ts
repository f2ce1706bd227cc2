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

  it('are PINs, also those that stand in the files otherwise than as ports', () => {
    const pins = (text: string) => variableSecrets(file(`services:\n  web:\n${text}`), file('ADMIN_PIN=4821\n'), {});
    const open = [
      "    ports: ['4821:80']\n",
      '    ports:\n    - 80:80\n\n    # the other\n    - "4821:4821"\n',
      '    expose:\r\n      - 80\r\n\r\n      - 4821\r\n',
      '    ports:\n      - target: 80\n        published: "4821"\n',
      '    ports: [\n      "80:80",\n    "4821:81"\n    ]\n',
      '    { image: x, ports: ["4821:80"] }\n',
    ];
    for (const text of open) assert.deepEqual(pins(text), [], text);
    const closed = [
      '    # the PIN is 4821\n',
      "    ports: ['80:80'] # not 4821\n",
      '    ports:\n      - 80:80\n      # - 4821:80\n    mem_limit: 4821\n',
      '    ports:\n    - 80:80\n  other:\n    x-limit: 4821\n',
      '    labels:\n      room: 4821\n',
    ];
    for (const text of closed) assert.deepEqual(pins(text), ['4821'], text);
  });

  it('are struck out of a text, also in part, and short ones as whole words', () => {
    assert.equal(withoutSecrets('bad: xgreen-applesx', ['green-apples']), 'bad: x***x');
    assert.equal(withoutSecrets('bad port: green', ['green-apples:green']), 'bad port: green');
    assert.equal(withoutSecrets('bad port: greens', ['apples:greens']), 'bad port: ***');
    assert.equal(withoutSecrets('pearl is bad: pear', ['pear']), 'pearl is bad: ***');
  });
});
