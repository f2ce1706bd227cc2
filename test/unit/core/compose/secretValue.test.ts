import assert from 'node:assert/strict';
import { passwordsIn } from '../../../../src/core/compose/secretsInText';
import {
  credentialIn,
  holdsSecret,
  isPlaceholder,
  kindByName,
  secretKind,
} from '../../../../src/core/compose/secretValue';

const OPEN = new Set(['sherpa', 'app']);
/** Put together, so that no scanner takes this file for a leak. */
const made = (...parts: readonly string[]) => parts.join('');

describe('names of variables', () => {
  it('tell which hold secrets', () => {
    for (const name of [
      'POSTGRES_PASSWORD',
      'PGPASSWORD',
      'dbPassword',
      'SECRET_KEY_BASE',
      'api_key',
      'JWT_KEY',
      'TOKEN',
    ]) {
      assert.ok(holdsSecret(name), name);
    }
  });

  it('that only tell about secrets hold none', () => {
    const names = [
      'POSTGRES_PASSWORD_FILE',
      'KEYCLOAK_URL',
      'TOKEN_LIFETIME',
      'PUBLIC_KEY',
      'MYSQL_ALLOW_EMPTY_PASSWORD',
    ];
    for (const name of [...names, 'AWS_ACCESS_KEY_ID', 'PARTITION_KEY', 'AUTH_BYPASS', 'NEXT_PUBLIC_API_KEY']) {
      assert.ok(!holdsSecret(name), name);
    }
  });
});

describe('names between marks', () => {
  it('are no secrets: something puts the value in', () => {
    for (const value of ['__JWT_SECRET__', '%DB_PASSWORD%', '@DB_PASSWORD@', '<db-password>', '{{ db_password }}']) {
      assert.equal(secretKind('JWT_SECRET', value, new Set()), undefined, value);
      assert.ok(isPlaceholder('JWT_SECRET', value), value);
      assert.deepEqual(passwordsIn(`postgres://app:${value.replaceAll(' ', '')}@db/app`, OPEN), []);
    }
  });

  it('are told from passwords with such marks', () => {
    for (const value of ['@winter15warm@', '__JWT_SECRET__9f', '%winter%']) {
      assert.equal(secretKind('JWT_SECRET', value, new Set()), 'plain', value);
    }
  });
});

describe('numbers that somebody types', () => {
  const kind = (name: string, value: string) => kindByName(name, value, new Set());

  it('are secrets under the name of a PIN', () => {
    for (const name of ['ADMIN_PIN', 'PIN', 'app_admin_pin', 'UNLOCK_PASSCODE']) {
      assert.equal(kind(name, '4821'), 'plain', name);
      assert.equal(kind(name, '1234'), 'placeholder', name);
    }
    assert.equal(kind('UNLOCK_PASSCODE', 'winter-is-warm'), 'plain');
    assert.equal(kind('KIOSK_PIN', '12349876'), 'plain');
    assert.equal(kind('KIOSK_PIN', '01234567'), 'placeholder');
  });

  it('are none as pins of a board or of a version, postal codes, and what tells of a PIN', () => {
    for (const name of ['LED_PIN', 'RESET_PIN', 'GPIO_PIN', 'TORCH_PIN', 'PINCODE', 'PIN_CODE_LENGTH', 'SPIN']) {
      assert.equal(kind(name, '4821'), undefined, name);
    }
    assert.equal(kind('ADMIN_PIN', '17'), undefined);
    assert.equal(kind('ADMIN_PIN', 'GPIO17'), undefined);
  });
});

describe('keys of known services', () => {
  const DIGITS = '0123456789';
  const HEX = `${DIGITS}abcdef`;
  const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const ALL = DIGITS + LETTERS;
  const UPPER = LETTERS.slice(26) + DIGITS;
  let state = 7;
  /** Always the same, in the same order. Source: Numerical Recipes, "An Even Quicker Generator". */
  const random = (length: number, from = ALL) =>
    Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return from[Math.floor((state / 2 ** 32) * from.length)];
    }).join('');
  const kinds: readonly [name: string, make: () => string][] = [
    ['of a Slack bot', () => made('xoxb-', random(12, DIGITS), '-', random(13, DIGITS), '-', random(24))],
    ['of a Slack user', () => made('xoxp-', `${random(12, DIGITS)}-`.repeat(3), random(32, HEX))],
    [
      'of a Slack webhook',
      () => made('https://hooks.slack', '.com/services/T', random(8, UPPER), '/B', random(8, UPPER), '/', random(24)),
    ],
    ['of GitLab', () => made('glpat-', random(20, `${ALL}_-`))],
    ['of Stripe', () => made('sk_live_', random(24))],
    ['of Stripe, restricted', () => made('rk_live_', random(24))],
    ['of GitHub', () => made('ghp_', random(36))],
    ['of npm', () => made('npm_', random(36))],
    ['of Google', () => made('AIza', 'Sy', random(33, `${ALL}_-`))],
    ['of SendGrid', () => made('SG.', random(22), '.', random(43))],
    ['of AWS', () => made('AKIA', random(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'))],
  ];
  for (const [name, make] of kinds) {
    it(`are found: ${name}`, () => {
      const keys = Array.from({ length: 2000 }, make);
      const found = keys.filter((key) => credentialIn(key) === key);
      assert.ok(found.length >= 0.98 * keys.length, `${found.length} of ${keys.length}`);
    });
  }

  it('are not what only shows their form', () => {
    for (const text of [
      made('xoxb-', 'your-token-goes-right-here'),
      made('xoxb-', 'xxxxxxxxxxxx-xxxxxxxxxxxxx-', 'x'.repeat(24)),
      made('xoxb-', '000000000000-0000000000000-', '0'.repeat(24)),
      made('xoxb-', '123456789012-1234567890123-', 'abcdefghijklmnopqrstuvwx'),
      made('xoxb-', '123456789012-1234567890123-', 'AbCdEfGhIjKlMnOpQrStUvWx'),
      made('xoxb-', '210483726519-1837465920183-', 'thisisnotatokenofanybody'),
      made('xoxb-', '210483726519-1837465920183-', 'A'.repeat(24)),
      made('glpat-', 'your-gitlab-token-01'),
      made('glpat-', 'aaaaaaaaaaaaaaaaaaaa'),
      made('glpat-', 'ABCDEFGHIJ1234567890'),
      made('sk_live_', 'mysecretkeyofstripe1234'),
      made('sk_live_', 'yourStripeLiveKey123456'),
      made('ghp_', 'x'.repeat(36)),
      made('ghp_', '1234567890abcdefghijklmnopqrstuvwxyz'),
      made('npm_', 'a1'.repeat(18)),
    ]) {
      assert.equal(credentialIn(text), undefined, text);
    }
  });
});

describe('values of keys', () => {
  const kind = (name: string, value: string) => kindByName(name, value, new Set());
  const hex = made('d13e60724269fb0a', 'eaeccf241a81b143', '87480f2e8b42f366', '9f10ac3bc2581396');

  it('are names where a key may be one, and are a short word', () => {
    for (const name of ['DEFAULT_CHILD_APP_KEY', 'STORAGE_ACCOUNT_KEY']) {
      assert.equal(kind(name, 'vault'), undefined, name);
      assert.equal(kind(name, 'vault-9-doors'), 'plain', name);
    }
    for (const name of [
      'APP_SECRET',
      'ENCRYPTION_KEY',
      'JWT_KEY',
      'STRIPE_API_KEY',
      'AWS_SECRET_ACCESS_KEY',
      'SECRET_APP_KEY',
    ])
      assert.equal(kind(name, 'vault'), 'plain', name);
  });

  it('are made at random under any name of a key that is not public', () => {
    for (const name of ['APP_SECRETBOX_KEY', 'COOKIE_KEY']) assert.equal(kind(name, hex), 'random', name);
    for (const name of ['PUB_KEY', 'PUBLIC_KEY', 'ADMIN_PUBKEY', 'IMAGE_SHA', 'RECAPTCHA_SITE_KEY']) {
      assert.equal(kind(name, hex), undefined, name);
    }
    assert.equal(kind('COOKIE_KEY', hex.slice(0, 40)), undefined);
  });
});

describe('values of secrets', () => {
  const kind = (value: string) => secretKind('A_SECRET', value, OPEN);

  it('are what services give out', () => {
    const values = [
      made('AKIA', 'QYLPMN5HFIQR7XYA'),
      made('github_pat_', '11AKDQEXG0a1b2c3d4e5f6', '_', 'g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6A7B8C9D0E1F2G3H4I5J'),
      made('xoxb-', '2104837265-9182736450a', '-kD8fj3Ks92LmQ0pZx7Vt5R'),
      made('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'),
      made('sk-', 'proj-Zt7Kq2Xv9Lm4Pw8Rb5Yd1HsQf6Nj3Gc0Aa2Ee4'),
      made('AIza', 'SyD4x8Kq2Zt7Vb9Lm3Pw5Rc1Yd6Hs0QfNj'.padEnd(35, '7')),
      made('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIE'),
    ];
    for (const value of values) assert.equal(kind(value), 'credential', value.slice(0, 8));
    assert.equal(credentialIn(`--token=${values[3]} --verbose`), values[3]);
  });

  it('are made at random', () => {
    for (const value of [
      made('a8f5f167f44f4964', 'e6c998dee827110c'),
      made('dc447559-996d-4761', '-a306-f47a5eab1623'),
      made('UpNVntn3cDxHJpq99Y', 'Mc1T1AQgQpc8kfYTuRgB'),
    ]) {
      assert.equal(kind(value), 'random', value.slice(0, 8));
    }
  });

  it('are words that somebody thought of', () => {
    for (const value of [
      'sherpa_dev_password',
      'SuperSecretPassword123',
      'a-secret-of-at-least-32-characters',
      'h4rdT0Gu',
    ]) {
      assert.equal(kind(value), 'plain', value);
    }
  });

  it('only stand for one', () => {
    const values = [
      'sherpa',
      'Sherpa',
      'a_secret',
      'change-me',
      '!ChangeMe!',

      'your-key-here',
      'xxxxxxxx',
      'postgres',
    ];
    const more = [
      '0123456789abcdef0123456789abcdef',
      '00000000000000000000000000000000',
      'AKIAIOSFODNN7EXAMPLE',
      'test1234',
    ];
    for (const value of [...values, ...more]) assert.equal(kind(value), 'placeholder', value);
  });

  it('are none: numbers, paths, names of files, addresses', () => {
    for (const value of ['', '300', '15m', '/run/secrets/key', './key', 'C.pem', 'https://example.com/a']) {
      assert.equal(kind(value), undefined, value);
    }
  });

  it('of tokens that are the same in all demonstrations only stand for one', () => {
    const jwt = (payload: object) =>
      `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.dc_X5iR_VP_qT0zsiyj_I_OZ2T9FtRU2BBNWN8Bu4GE`;
    assert.equal(kind(jwt({ iss: 'supabase-demo', role: 'anon' })), 'placeholder');
    assert.equal(kind(jwt({ iss: 'us', role: 'anon', exp: 1983812996 })), 'random');
  });
});

describe('passwords in addresses', () => {
  const found = (text: string) => passwordsIn(text, OPEN).map(({ value, kind }) => `${value} ${kind}`);

  it('are found, with what they look like', () => {
    assert.deepEqual(found('amqp://me:green-apples@mq redis://:pears%40x@cache'), [
      'green-apples plain',
      'pears%40x plain',
    ]);
    assert.deepEqual(found('postgres://jane:jane@db/x'), ['jane placeholder']);
  });

  it('are none where a variable stands, or nothing', () => {
    assert.deepEqual(found('postgres://app:${PASSWORD}@db https://example.com/@x http://host:8080/a@b'), []);
  });
});

describe('what stands for a value in an example', () => {
  it('goes by the words that say so, and of a secret by its own', () => {
    assert.ok(isPlaceholder('NAME', 'your-name'));
    assert.ok(isPlaceholder('DB_PASSWORD', 'postgres'));
    assert.ok(!isPlaceholder('DB_NAME', 'postgres'));
    assert.ok(!isPlaceholder('PORT', '8080'));
  });
});
