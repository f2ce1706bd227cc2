// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase, type Files } from '../support/checkCases';

const WEB =
  'services:\n  web:\n    image: shop:1\n    env_file: web.env\n    environment: { A: "${PASSWORD}", B: "${OTHER:-b}" }\n';
const nearly = (line: string): Files => ({
  'compose.yaml': WEB,
  '.env': `PASSWORD=x\n${line}\n`,
  'web.env': `${line}\n`,
});

describeCase({
  about: 'a dollar sign in an env file',
  code: 'unset-variable',
  has: {
    'compose.yaml': WEB,
    '.env': '# mine\r\nPASSWORD=pa$word # ours\r\nexport OTHER="$2y$10$hash/x"\r\n',
    'web.env': 'HASH: x$word#y\nAPI_KEY=aB3$XYZ',
  },
  found: [
    'warning unset-variable .env:2 (dev)',
    'warning unset-variable .env:3 (dev)',
    'warning unset-variable web.env:1 (dev)',
    'warning unset-variable web.env:2 (dev)',
  ],
  nearly: [
    nearly("MORE='pa$word'"),
    nearly('MORE=pa$$word'),
    nearly('MORE="pa\\$word"'),
    nearly('MORE=pa$1word'),
    nearly('# MORE=pa$word'),
    nearly('word=1\nMORE=pa$word'),
    nearly('MORE=${word:-x}'),
  ],
  fixed: {
    '.env': "# mine\r\nPASSWORD='pa$word' # ours\r\nexport OTHER='$2y$10$hash/x'\r\n",
    'web.env': "HASH: 'x$word#y'\nAPI_KEY='aB3$XYZ'",
  },
});

describe('unset-variable: a dollar sign in an env file', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  /** What is told of a line of `.env`: message, remedy and what fixes there are. */
  const told = async (line: string) => {
    folder = new CheckedFolder({ 'compose.yaml': WEB, '.env': `${line}\n`, 'web.env': '' });
    const { findings } = await folder.check();
    folder.dispose();
    const [one] = findings.filter(({ places: [place] }) => place?.file.endsWith('.env') && place.line === 1);
    return [one?.message, one?.remedy, ...(one?.fixes.map(({ title }) => title) ?? [])];
  };

  it('is told of without the part that is lost', async () => {
    assert.deepEqual(await told('PASSWORD=pa$word'), [
      'The value of PASSWORD in .env loses a part: Compose takes what stands behind "$" for a variable that is not set.',
      'Write the value in single quotes: then it stays as it is.',
      'Write the value in single quotes',
    ]);
  });

  it('is to be doubled where single quotes would change more', async () => {
    for (const line of ["PASSWORD=it's$word", 'PASSWORD="a\\nb$word"', 'PASSWORD=a$$b$word', 'PASSWORD=$HOME/b$word']) {
      assert.deepEqual((await told(line)).slice(1), ['Write "$$" where the value is to have the dollar sign.'], line);
    }
  });

  it('never has the part that is lost told, also where a variable may be meant, and behind quotes and line ends', async () => {
    for (const line of [
      'PASSWORD=hunter!$QZ7XK',
      'PASSWORD=$QZ7XK',
      'OTHER=a$QZ7XK',
      'PASSWORD="a\\"b$QZ7XK"',
      'OTHER="a\nb$QZ7XK\nc"',
    ]) {
      folder = new CheckedFolder({ 'compose.yaml': WEB, '.env': `${line}\n`, 'web.env': '' });
      const { findings } = await folder.check();
      folder.dispose();
      assert.doesNotMatch(JSON.stringify(findings), /QZ7XK/, line);
      assert.match(findings.map(({ message }) => message).join('\n'), /^The value of \w+ in \.env loses a part/m, line);
    }
  });

  it('may be a variable or a part that is lost', async () => {
    assert.deepEqual((await told('OTHER=$WORD')).slice(1), [
      'Set that variable, or write "$$" where the value is to have the dollar sign.',
    ]);
  });

  it('is a variable where it is written like one', async () => {
    for (const line of [
      'PASSWORD=a${word}',
      'OTHER=$WORD\n# WORD=x',
      'OTHER=http://$APP_HOST/x',
      'OTHER="$APP_NAME"',
    ]) {
      assert.match((await told(line))[0] ?? '', /^The variable \w+ is not set/, line);
    }
  });

  /** Code and place of each finding, and all that is said. */
  const all = async (files: Files) => {
    folder = new CheckedFolder(files);
    const { findings } = await folder.check();
    folder.dispose();
    const found = findings.filter(({ code }) => code === 'unset-variable');
    return found.map(({ message, places }) => [message, ...places.map(({ line, column }) => `${line}:${column}`)]);
  };

  it('is told where it stands, and several of a value as one thing', async () => {
    const line =
      'DATABASE_URL=postgres://$DB_USER:$DB_PASS@$DB_HOST/app\nPASSWORD="a\nb$xx$yy"\nURL=http://u:pa$ZZ_X@h\n';
    assert.deepEqual(await all({ 'compose.yaml': WEB, '.env': line, 'web.env': '' }), [
      ['The variable DB_USER is not set, and so counts as empty.', '1:25'],
      ['The variable DB_PASS is not set, and so counts as empty.', '1:34'],
      ['The variable DB_HOST is not set, and so counts as empty.', '1:43'],
      [
        'The value of PASSWORD in .env loses parts: Compose takes what stands behind "$" for variables that are not set.',
        '3:2',
        '3:5',
      ],
      [
        'The value of URL in .env loses a part: Compose takes what stands behind "$" for a variable that is not set.',
        '4:16',
      ],
    ]);
  });

  it('is told without its part also of an env file that is named by a variable', async () => {
    const compose = WEB.replace('web.env', 'cfg/${STAGE:-dev}.env');
    const found = await all({
      'compose.yaml': compose,
      '.env': 'PASSWORD=x\n',
      'cfg/dev.env': 'DB_PASSWORD=pa$zebra77\n',
    });
    assert.deepEqual(found, [
      [
        'The value of DB_PASSWORD in cfg/dev.env loses a part: Compose takes what stands behind "$" for a variable that is not set.',
        '1:15',
      ],
    ]);
  });
});
