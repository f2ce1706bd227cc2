// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { requiredInTexts, saysUnset, unsetInTexts, unsetVariables } from '../../../../src/core/compose/unsetVariables';

/** As Compose 2.26 prints it. */
const complaint = (name: string) =>
  `time="2026-01-01T00:00:00Z" level=warning msg="The "${name}" variable is not set. Defaulting to a blank string."\n`;

/** Where the use of `FOO` is found in the texts of some files. */
async function place(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const [warning] = await unsetVariables(complaint('FOO'), async () => files);
  const found = warning?.place;
  return found && `${found.file}:${found.line}:${found.column}`;
}

describe('variables that are not set', () => {
  it('are told once each, with what to do', async () => {
    const stderr = complaint('BAR') + complaint('FOO') + complaint('FOO');
    const warnings = await unsetVariables(stderr, async () => [{ path: '/c.yaml', text: 'a: $BAR\nb: $FOO' }]);
    assert.deepEqual(warnings, [
      {
        code: 'unset-variable',
        message: 'The variable BAR is not set, and so counts as empty.',
        remedy: 'Give it a value in the ".env" file, or a default: ${BAR:-…}.',
        place: { file: '/c.yaml', line: 1, column: 4 },
        variable: 'BAR',
      },
      {
        code: 'unset-variable',
        message: 'The variable FOO is not set, and so counts as empty.',
        remedy: 'Give it a value in the ".env" file, or a default: ${FOO:-…}.',
        place: { file: '/c.yaml', line: 2, column: 4 },
        variable: 'FOO',
      },
    ]);
  });

  it('are not named where they may be a part of a value of an env file, and nothing says that a variable is meant', async () => {
    const told = async (text: string) => {
      const [warning] = await unsetVariables(complaint('FOO'), async () => [{ path: '/.env', text }]);
      return warning?.message ?? '';
    };
    for (const text of ['PASS=a!$FOO', 'A=1\nPASS=$FOO', 'PASS="a\nb$FOO\n"', 'PASS="a\\"b$FOO"']) {
      assert.match(await told(text), /^The value of PASS in \.env loses a part: [^F]+$/, text);
    }
    for (const text of ['PASS=a${FOO}', 'PASS=$FOO\n# FOO=1']) assert.match(await told(text), /variable FOO is/, text);
  });

  it('are not named where no text has them: then they may be parts of values, too', async () => {
    assert.deepEqual(await unsetVariables(complaint('FOO'), async () => [{ path: '/c.yaml', text: 'a: $BAR' }]), [
      {
        code: 'unset-variable',
        message: 'A value loses a part: Compose takes what stands behind "$" for a variable that is not set.',
        remedy: 'Set that variable, or write "$$" where the value is to have the dollar sign.',
        parts: ['FOO'],
      },
    ]);
  });

  it('are told once for a value that loses several parts, at the first', async () => {
    const envFile = { path: '/.env', text: 'A=1\nPASS=x$FOO-y$BAR' };
    assert.deepEqual(await unsetVariables(complaint('BAR') + complaint('FOO'), async () => [envFile]), [
      {
        code: 'unset-variable',
        message:
          'The value of PASS in .env loses parts: Compose takes what stands behind "$" for variables that are not set.',
        remedy: 'Set those variables, or write "$$" where the value is to have the dollar sign.',
        place: { file: '/.env', line: 2, column: 7 },
        parts: ['FOO', 'BAR'],
      },
    ]);
  });

  it('are named where they are plainly meant: as variables are called, in what is no secret by its name', async () => {
    const told = async (text: string, name: string) => {
      const [warning] = await unsetVariables(complaint(name), async () => [{ path: '/.env', text }]);
      return warning?.message ?? '';
    };
    for (const text of ['URL=pg://$DB_HOST/x', 'URL="$DB_HOST"', 'A=x:$DB_HOST@y', 'A=b=$DB_HOST', 'A=x $DB_HOST']) {
      assert.equal(await told(text, 'DB_HOST'), 'The variable DB_HOST is not set, and so counts as empty.', text);
    }
    for (const text of ['A=$HOME/x', 'A=$HOME', 'A=$HOME\r\nB=1', 'A="x\n$HOME\n"', 'A=x?y=$HOME&z', 'A=($HOME)']) {
      assert.match(await told(text, 'HOME'), /variable HOME is/, text);
    }
    const inUrls = [
      'URL=pg://u:pa$DB_HOST@h',
      'URL=pg://u:x9-$DB_HOST@h',
      'URL=pg://u:x_$DB_HOST@h',
      'U="pg://u:$DB_HOST!w@h"',
    ];
    for (const text of [
      'DB_PASSWORD=$DB_HOST',
      'A=x!$DB_HOST',
      'A=x-$DB_HOST',
      'A=$DB_HOST-x',
      'A=$DB_HOST.x',
      ...inUrls,
    ]) {
      assert.match(await told(text, 'DB_HOST'), /loses a part/, text);
    }
    assert.match(await told('URL=pg://u:$ECRET@h', 'ECRET'), /loses a part/);
  });

  it('are told by a line of their own, which nobody is to see', () => {
    for (const line of [complaint('FOO'), 'WARN[0000] The "FOO" variable is not set. Defaulting to a blank string.']) {
      assert.ok(saysUnset(line), line);
      assert.ok(saysUnset(line.replace('"FOO"', '\\"FOO\\"')), line);
    }
    assert.ok(
      saysUnset('{"level":"warning","msg":"The \\"FOO\\" variable is not set. Defaulting to a blank string."}'),
    );
    assert.ok(saysUnset('\u001b[33mWARN\u001b[0m[0000] The "FOO" variable is not set. Defaulting to a blank string.'));
    const ofBuild = 'ERROR: The "SECRET_KEY" variable is not set';
    for (const line of ['web The variable is not set', ofBuild, `0.615 ${ofBuild}`, `#5 0.6 ${complaint('FOO')}`]) {
      assert.ok(!saysUnset(line), line);
    }
  });

  it('are looked for in files only when Compose warns', async () => {
    const never = () => assert.fail('files were read');
    assert.deepEqual(await unsetVariables('time="" level=warning msg="version is obsolete"', never), []);
  });

  it('are found where their value is taken, in the first file that does', async () => {
    assert.equal(await place({ '/a.yaml': 'a: 1', '/b.yml': 'b:\n  - "x-${FOO}"' }), '/b.yml:2:8');
    assert.equal(await place({ '/a.yaml': 'a: |\n  one\n  two ${FOO}\n' }), '/a.yaml:3:7');
    assert.equal(await place({ '/a.yaml': 'a: ${BAR:-${FOO}}' }), '/a.yaml:1:11');
    assert.equal(await place({ '/a.yaml': 'a: $$$FOO' }), '/a.yaml:1:6');
  });

  it('are not found where it is none', async () => {
    for (const text of ['# ${FOO}\na: 1', 'a: $${FOO}', '${FOO}: 1', 'a: $FOOD', 'a: ${FOO:-x}', 'a: {']) {
      assert.equal(await place({ '/a.yaml': text }), undefined, text);
    }
  });

  it('are found in env files, which are no YAML', async () => {
    assert.equal(await place({ '/a.yaml': 'a: 1', '/.env': '# $FOO\nA=1\nB=x$FOO\n' }), '/.env:3:4');
  });
});

describe('the line of a variable that is not set', () => {
  it('is right in an env file with line ends of Windows', async () => {
    assert.equal(await place({ '/.env': 'A=1\r\n\r\nB=$FOO\r\n' }), '/.env:3:3');
  });

  it('is none of a value in single quotes', async () => {
    assert.equal(await place({ '/.env': "A='$FOO'\nB=$FOO\n" }), '/.env:2:3');
  });
});

describe('variables that are not set where Compose has not told of all', () => {
  const names = async (text: string, envFile = '', shell: NodeJS.ProcessEnv = {}) => {
    const warnings = await unsetInTexts([{ path: '/c.yaml', text }], [{ path: '/.env', text: envFile }], { shell });
    return warnings.map(({ variable, place }) => `${variable}:${place?.line}:${place?.column}`);
  };

  it('are those that neither shell nor env file sets', async () => {
    assert.deepEqual(await names('a: $A ${B}\nc: "${C}"\nd: $D', 'B=\n', { C: '' }), ['A:1:4', 'D:3:4']);
  });

  it('are also those of env files, of which Compose has warned', async () => {
    const told = await unsetInTexts(
      [{ path: '/c.yaml', text: 'a: $A ${B:-${C}}' }],
      [{ path: '/.env', text: 'P=x$y\n' }],
      { stderr: 'The "y" variable is not set. The "A" variable is not set. The "C" variable is not set.', shell: {} },
    );
    assert.deepEqual(
      told.map(({ variable, parts, place }) => [variable ?? parts?.join(), place?.file]),
      [
        ['A', '/c.yaml'],
        ['y', '/.env'],
      ],
    );
  });

  it('are none where there is a default, a dollar sign is meant, or only another default has it', async () => {
    assert.deepEqual(await names('a: ${A:-x} ${B-} ${C:?no} ${D:+x} $$E ${F:-${G}}\n# $H'), []);
  });
});

describe('variables that files require and nobody sets', () => {
  const required = async (text: string, envFile = '', shell: NodeJS.ProcessEnv = {}) => {
    const found = await requiredInTexts([{ path: '/c.yaml', text }], [{ path: '/.env', text: envFile }], shell);
    return found.map(({ name, place }) => `${name}:${place.line}:${place.column}`);
  };

  it('are told each at its first place, in the order of the text', async () => {
    assert.deepEqual(await required('a: "${B:?no} ${A?}"\nc: ${B:?}\n# ${C:?}'), ['B:1:5', 'A:1:14']);
  });

  it('are those that are empty, too, where the file says so', async () => {
    const text = 'a: ${A:?}\nb: ${B?}\nc: ${C:?}\nd: ${D?}\ne: ${E:?}';
    assert.deepEqual(await required(text, 'A=\nB=\nE=1', { C: '', D: '' }), ['A:1:4', 'C:3:4']);
  });

  it('are none in what only a default has', async () => {
    assert.deepEqual(await required('a: ${A:-${B:?}} ${C} ${D:-x} $${E:?}'), []);
  });
});
