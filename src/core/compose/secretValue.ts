/**
 * What the value of a secret looks like, worst first: the key of a known service, a text made at random, words, or what only stands for a
 * secret.
 */
export type SecretKind = 'credential' | 'random' | 'plain' | 'placeholder';

/**
 * Forms that only real keys have. Sources: docs.github.com "About authentication to GitHub", docs.aws.amazon.com "IAM identifiers",
 * api.slack.com "Token types" and "Sending messages using incoming webhooks", docs.stripe.com "API keys", docs.gitlab.com "Token overview", docs.npmjs.com "About access tokens",
 * docs.sendgrid.com "API keys", cloud.google.com "API keys overview", platform.openai.com and docs.anthropic.com.
 */
const CREDENTIAL =
  /(?<![A-Za-z0-9_/+-])(?:(?:AKIA|ASIA)[A-Z2-7]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20}|xox[abposr]-[A-Za-z0-9-]{20,}|[sr]k_live_[A-Za-z0-9]{20,}|sk-(?:proj-|svcacct-|ant-(?:api\d\d-)?)?[A-Za-z0-9_-]{32,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}|https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{24}|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/;

/** Names of variables whose values are secrets, by custom. What names a file holds none itself. */
const SECRET_NAME = /PASS|SECRET|TOKEN|KEY|CREDENTIAL|_(?:PWD|PW|AUTH|DSN)$|^(?:PW|DSN)$/i;
const NAMES_A_FILE = /_(?:FILE|PATH|DIR)$/i;

/** Variables whose values are the few digits that somebody types. Pins of a board, of versions and of post have other names, or fewer digits. */
const HOLDS_PIN =
  /(?:^|(?:^|_)(?:ACCESS|ADMIN|ALARM|AUTH|CARD|DOOR|KIOSK|LOGIN|MANAGER|MASTER|OPERATOR|OWNER|PAIRING|PARENTAL|SECURITY|SETUP|SIM|STAFF|SUPERVISOR|UNLOCK|USER)_?)PIN$|PASSCODE$/i;
const PIN = /^\d{4,8}$/;
/** The first that everybody tries: `0000`, `1234`. */
const GUESSED_PIN = /^(\d)\1+$|^0?1234(?:5(?:6(?:78?)?)?)?$/;

/** Whether the value of a variable is a secret, going by the variable's name. */
export function isSecretName(name: string): boolean {
  return (SECRET_NAME.test(name) || HOLDS_PIN.test(name)) && !NAMES_A_FILE.test(name);
}

/** Whether the value of a variable is a PIN that not everybody would try: digits that are a secret nevertheless. */
export function isPin(name: string, value: string): boolean {
  return HOLDS_PIN.test(name) && PIN.test(value) && !GUESSED_PIN.test(value);
}

/**
 * Whether the value of a variable is a PIN that is likely to stand for nothing else where it is met: neither a year nor a port.
 * @param ports those of the project, as texts.
 */
export function isPinAnywhere(name: string, value: string, ports: ReadonlySet<string>): boolean {
  return isPin(name, value) && !/^(?:19|20)\d\d$/.test(value) && !ports.has(value);
}

/** Names whose values are passwords, tokens and the like themselves. */
const HOLDS_SECRET =
  /(?:PASS(?:WORD|WD|PHRASE|CODE)?|PWD|(?<![A-Z])PW|SECRET|TOKEN|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET|ENCRYPTION|SIGNING|MASTER|AUTH|ACCOUNT|APP|JWT|LICEN[CS]E)_?KEY|KEY_?BASE)$/i;
/** What only tells of a secret: how it is used, or that it may be left out. */
const TELLS_OF_SECRET =
  /BYPASS|PUBLIC|PUBLISHABLE|ANON_?KEY|(?:ALLOW|RANDOM|ENABLE|DISABLE|REQUIRE|USE|IGNORE|SKIP|HAS|NO)_|(?:^|_)KEY_?(?:ID|NAME)$/i;

const PLACEHOLDER =
  /change|replace|example|sample|dummy|placeholder|your[-_ ]|insert|todo|fixme|xxx|\*\*\*|\.\.\.|^my[-_]|^<.*>$|^\[.*\]$|^_.*_$|\{\{|^(?:my|some|any|the|a)?[-_]?(?:very[-_]?)?(?:super[-_]?)?(?:secret|secure|password|passwd|pass|token|key)s?(?:[-_]?(?:key|password|pass|token|here|value|string|\d{1,4}))?!?$|^p[a@]ssw[o0]rd|(?<![a-z])(?:test(?:ing)?|fake|mock|demo|default)(?![a-z])|insecure|unsafe|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|secure|safe)|^(?:root|admin|administrator|user|username|guest|postgres(?:ql)?|mysql|maria(?:db)?|mongo(?:db)?|redis|rabbit(?:mq)?|minio(?:admin)?|elastic|neo4j|sa|dev|devel|develop|development|local|docker|app|db|none|null|nil|undefined|true|false|yes|no|on|off|empty|public|cafebabe|deadbeef|foo|bar|baz|foobar|qwerty|letmein|abc|abcd|asdf)\d{0,4}$|^(?:0?1234567890?|12345+6?|abc123)|^(?:0+|1+)$/i;

/** Values that are no secrets, whatever they are called: numbers, paths, addresses of elsewhere, file names, durations. */
const NO_SECRET =
  /^(?:.{0,3}|true|false|none|null|\d{1,5}|\d+(?:ms|s|m|h|d)|\.{0,2}[\\/~].*|[a-z][a-z\d+.-]*:\/\/.*|[\w.-]+\.(?:pem|key|crt|cer|jks|p12|pfx|json|ya?ml|txt|env|gpg))$/is;

/** A name between marks, which something puts the value in for: `__NAME__`, `%NAME%`, `@NAME@`, `<NAME>`, `{{NAME}}`. */
const TO_FILL_IN =
  /^(?:__[A-Z][A-Z\d_]*__|%[A-Z][A-Z\d_]*%|@[A-Z][A-Z\d_]*@|<[A-Za-z][\w.-]*>|\{\{\s*\.?[A-Za-z][\w.-]*\s*\}\})$/;

/** What says of itself that it opens nothing. */
const NOT_REAL = /(?<![a-z])(?:demo|dummy|fake|mock)(?![a-z])|not[-_ ]?(?:a[-_ ]?)?real/i;

/** Whether a text that stands for a secret says so itself, whatever it is for: `demo-secret-not-real`. */
export function saysNotReal(value: string): boolean {
  return NOT_REAL.test(value);
}

/** Whether a variable holds a secret by its name, and not only something about one. */
export function holdsSecret(name: string): boolean {
  return isSecretName(name) && HOLDS_SECRET.test(name) && !TELLS_OF_SECRET.test(name);
}

/** Whether a variable only says something about a secret, or has what is for everybody to see, going by its name. */
export function tellsOfSecret(name: string): boolean {
  return TELLS_OF_SECRET.test(name);
}

/** The key of a known service, or a private key, in a text; undefined where there is none. */
export function credentialIn(text: string): string | undefined {
  if (PRIVATE_KEY.test(text)) return text;
  const found = CREDENTIAL.exec(text)?.[0];
  if (found === undefined || PLACEHOLDER.test(found)) return undefined;
  return isMade(found) ? found : undefined;
}

/** What no other text begins with, up to what is made; in those of Slack, numbers of the team and the like stand before that. */
const SURE_START = /^(?:xox[a-z]-(?:.*-)?|gh[pousr]_|github_pat_|glpat-|[sr]k_live_|AIza|npm_|https:.*\/|SG\.)/;

/** Whether a key of a known form was made, and is not there to show the form. */
function isMade(key: string): boolean {
  if (hasSequence(key)) return false;
  // Those of AWS have capitals, and hardly a digit.
  if (/^A[KS]IA/.test(key)) return new Set(key).size > 8;
  const made = key.replace(SURE_START, '');
  // By chance, one kind of characters may follow itself for long: with a digit among them, they are hardly words.
  return isRandom(key) || isRandom(made, made !== key && /\d/.test(made) ? 8 : USUAL_LENGTH);
}

/** Whether six characters follow each other in their order: `abcdef`, `123456`, `AbCdEf`. */
function hasSequence(text: string): boolean {
  const codes = [...text.toLowerCase()].map((one) => one.charCodeAt(0));
  let length = 1;
  return codes.some((code, index) => {
    length = code - 1 === codes[index - 1] ? length + 1 : 1;
    return length >= 6;
  });
}

/** Whether a text has a private key in it. */
export function hasPrivateKey(text: string): boolean {
  return PRIVATE_KEY.test(text);
}

/**
 * What the value of a variable that is secret by its name looks like; undefined when it is none.
 * @param value without quotes.
 * @param open what stands openly beside it, in lower case: names of users, databases and services.
 */
export function secretKind(name: string, value: string, open: ReadonlySet<string>): SecretKind | undefined {
  const text = value.trim();
  if (credentialIn(text) !== undefined) return 'credential';
  if (NO_SECRET.test(text) || TO_FILL_IN.test(text)) return undefined;
  const lower = text.toLowerCase();
  const isName = open.has(lower) || lower === name.toLowerCase();
  if (isName || PLACEHOLDER.test(text) || new Set(lower).size < 4 || isDemoToken(text)) return 'placeholder';
  return isRandom(text) ? 'random' : 'plain';
}

/** Variables whose values are a user's name and a password: `BASIC_AUTH=admin:…`, `NEO4J_AUTH=neo4j/…`. */
const HOLDS_USER = /(?:BASIC|HTTP|NEO4J)_?AUTH$/i;
const USER_AND_PASSWORD = /^(?<user>[\w.@-]+)[:/](?<password>[^\s$]+)$/;

/** Keys that may be names: of an application, of an account. */
const MAY_BE_NAME = /^(?!.*(?:SECRET|PRIVATE|TOKEN|PASS)).*(?:APP|ACCOUNT)_?KEY$/i;
const SHORT_WORD = /^[a-z]{1,12}$/;
/** Keys of 32 bytes, under any name of a key that is not a public one. */
const KEY_NAME = /(?<!PUB)_KEY$/i;
const KEY_OF_32_BYTES = /^(?:[\da-f]{64}|[A-Za-z\d+/]{43}=)$/i;

/** What the value of any variable looks like: see {@link secretKind}. Undefined also where its name says nothing of a secret. */
export function kindByName(name: string, value: string, open: ReadonlySet<string>): SecretKind | undefined {
  if (HOLDS_PIN.test(name) && PIN.test(value)) return isPin(name, value) ? 'plain' : 'placeholder';
  if (holdsSecret(name)) {
    const kind = secretKind(name, value, open);
    return kind === 'plain' && MAY_BE_NAME.test(name) && SHORT_WORD.test(value) ? undefined : kind;
  }
  if (KEY_NAME.test(name) && KEY_OF_32_BYTES.test(value) && looksMade(name, value)) return 'random';
  if (!HOLDS_USER.test(name) || TELLS_OF_SECRET.test(name)) return undefined;
  const { user = '', password = '' } = USER_AND_PASSWORD.exec(value)?.groups ?? {};
  return secretKind('', password, new Set([...open, user.toLowerCase()]));
}

/** Names of what looks made at random and is for everybody to see: what something is called, what it was made from, how it is checked. */
const NO_SECRET_NAME =
  /(?:^|[_.-])(?:U?U?ID|GUID|IDS?|SHA\d*|SUM|CHECKSUM|HASH|DIGEST|COMMIT|REV(?:ISION)?|REF|VERSION|BUILD|TAG|IMAGE|SITE_?KEY|NAME|ADDRESS|CONTRACT|CERT(?:IFICATE)?|FINGERPRINT|THUMBPRINT|JWKS?|COLOU?RS?|NONCE|CLUSTER|NODE|PEERS?)S?$|PUBLIC|ANON|CHECKSUM|ETAG/i;

/**
 * Whether the value of a variable is made at random, though its name does not say that it is a secret. Ids, checksums, commits and public
 * keys are none.
 */
export function looksMade(name: string, value: string): boolean {
  if (
    !/^(?:[A-Za-z\d+/_-]{24,}={0,2}|base64:\S{24,})$/.test(value) ||
    NO_SECRET_NAME.test(name) ||
    TELLS_OF_SECRET.test(name)
  )
    return false;
  const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) || /^(?:0x)?[\da-f]{24,40}$/i.test(value);
  // Certificates and public keys begin so.
  const isPublic = /^(?:MI[IG]|AAAA[BCE]|LS0t)/.test(value);
  return !isId && !isPublic && /\d/.test(value) && !PLACEHOLDER.test(value) && isRandom(value);
}

/**
 * Whether a variable has its value for everybody to see, so that the same text is no secret elsewhere either. What is made at random is
 * not, under a name that does not say what else it is.
 */
export function isOpenValue(name: string, value: string): boolean {
  return !holdsSecret(name) && (NO_SECRET_NAME.test(name) || TELLS_OF_SECRET.test(name) || !isRandom(value));
}

/** What is to be replaced in an example, whatever it is the value of. */
const TO_REPLACE = /change|replace|your[-_ ]|placeholder|insert|todo|fixme|xxx|^<.*>$|\.\.\./i;

/** Whether the value of a variable only stands for the one that is to be there. @param value without quotes. */
export function isPlaceholder(name: string, value: string): boolean {
  const isToReplace = TO_REPLACE.test(value) || TO_FILL_IN.test(value);
  return isToReplace || (holdsSecret(name) && secretKind(name, value, new Set()) === 'placeholder');
}

/** Shorter texts are no keys that a program has made. */
const SHORTEST_RANDOM = 16;

/** How many characters of one kind mostly follow each other in what is made, at most. */
const USUAL_LENGTH = 4;

/** Whether a text is no word that somebody thought of: letters of both cases and digits follow each other all the time. */
function isRandom(text: string, length = USUAL_LENGTH): boolean {
  if (text.length < SHORTEST_RANDOM || /\s/.test(text) || new Set(text).size < 10) return false;
  const kinds = [...text.replace(/[^A-Za-z0-9]/g, '')].map((one) => (/\d/.test(one) ? 0 : /[a-z]/.test(one) ? 1 : 2));
  // A capital before a small letter begins a word.
  const changes = kinds.filter((kind, index) => {
    const before = kinds[index - 1] ?? kind;
    return kind !== before && !(before === 2 && kind === 1);
  });
  return changes.length >= kinds.length / length;
}

/** Tokens of demonstrations are the same everywhere: `supabase-demo` issues those of Supabase's own examples. */
function isDemoToken(text: string): boolean {
  const payload = /^eyJ[\w-]*\.(eyJ[\w-]*)\.[\w-]*$/.exec(text)?.[1];
  return payload !== undefined && /demo|test|example/i.test(Buffer.from(payload, 'base64url').toString());
}
