import { holdsSecret, type SecretKind, secretKind } from './secretValue';

/** A secret that is a part of a text. */
export interface TextSecret {
  /** As it is written. */
  readonly value: string;
  readonly kind: SecretKind;
  /** Offset in the text. */
  readonly start: number;
}

/** `postgres://app:…@db/app`. What holds a variable is none. */
const PASSWORD_IN_ADDRESS = /\b[a-z][a-z\d+.-]*:\/\/(?<user>[^\s/@:'"$]*):(?<password>[^\s/@'"${}]+)@/dgi;
/** `app:…@tcp(db:3306)/app`. Source: github.com/go-sql-driver/mysql, "DSN (Data Source Name)". */
const PASSWORD_IN_GO_DSN = /(?<![\w.-])(?<user>[\w.-]+):(?<password>[^\s:@'"${}()]+)@(?:tcp6?|unix)\(/dg;

/** The passwords of addresses and connection strings in a text. @param open as in {@link secretKind}. */
export function passwordsIn(text: string, open: ReadonlySet<string>): readonly TextSecret[] {
  const ofUsers = [PASSWORD_IN_ADDRESS, PASSWORD_IN_GO_DSN].flatMap((form) => [
    ...(text.includes('@') ? text.matchAll(form) : []),
  ]);
  return [
    ...ofUsers.flatMap((match) => {
      const { user = '', password = '' } = match.groups ?? {};
      const start = match.indices?.groups?.password?.[0] ?? match.index;
      return secretAt('', password, start, new Set([...open, user.toLowerCase()]));
    }),
    ...pairsIn(text).flatMap(({ name, value, start }) => secretAt(name, value, start, open)),
  ];
}

function secretAt(name: string, value: string, start: number, open: ReadonlySet<string>): readonly TextSecret[] {
  const kind = secretKind(name, value, open);
  return kind === undefined ? [] : [{ value, kind, start }];
}

/** `Password=…` behind a blank, or what parts the parameters of an address. What holds a variable is none. */
const PAIR = /(?<=^|[;?&\s])(?<name>[A-Za-z][\w.-]*)\s?=\s?(?<value>[^\s;&'"`$]+)(?=[\s;&'"]|$)/dg;
/** What a connection string has besides. Sources: learn.microsoft.com "Connection string syntax", postgresql.org "Connection strings". */
const CONNECTION = /(?:^|[;=\s])(?:host|server|data source|addr|endpoint|user(?:name| id)?|uid|dbname|database)\s?=/i;

/** The parameters of an address, and the parts of a connection string, that hold secrets by their names. */
function pairsIn(text: string): readonly { readonly name: string; readonly value: string; readonly start: number }[] {
  // Lines are of a program or a configuration, whose own form nobody knows here.
  if (!text.includes('=') || text.includes('\n')) return [];
  const isConnection = CONNECTION.test(text);
  return [...text.matchAll(PAIR)].flatMap((match) => {
    const { name = '', value = '' } = match.groups ?? {};
    // The storage account that Microsoft's emulator has on all machines.
    if ((!holdsSecret(name) && !/^pwd$/i.test(name)) || text.includes('devstoreaccount1')) return [];
    const isParameter = /:\/\/[^\s'"]*[?&;]$/.test(text.slice(0, match.index));
    const start = match.indices?.groups?.value?.[0] ?? match.index;
    return isParameter || isConnection ? [{ name, value, start }] : [];
  });
}

/** `{"password": "…"}`; between double quotes, those of JSON have a backslash. What holds a variable is none. */
const MEMBER = /"(?<name>[A-Za-z][\w.-]*)\\?"\s*:\s*\\?"(?<value>[^"\\$]+)\\?"/dg;

/** The members of JSON in a text that hold secrets by their names. @param open as in {@link secretKind}. */
export function membersIn(
  text: string,
  open: ReadonlySet<string>,
): readonly (TextSecret & { readonly name: string })[] {
  if (!text.includes('"')) return [];
  return [...text.matchAll(MEMBER)].flatMap((match) => {
    const { name = '', value = '' } = match.groups ?? {};
    const start = match.indices?.groups?.value?.[0] ?? match.index;
    return holdsSecret(name) ? secretAt(name, value, start, open).map((one) => ({ ...one, name })) : [];
  });
}

/** As `htpasswd` writes them: `admin:$$apr1$$…`, every dollar sign twice. Source: httpd.apache.org "Password Formats". */
const HASH =
  /(?<=(?:^|[\s,=:'"])(?<user>[\w.@-]+):)(?:(?:\$\$(?:apr1|1|5|6|2[abxy]))\$\$[\w./$]{20,}|\{SHA\}[A-Za-z\d+/]{27}=)/g;

/** Hashes of passwords in a text: from them, a password that somebody thought of can be guessed. */
export function hashesIn(text: string): readonly TextSecret[] {
  if (!text.includes('$$') && !text.includes('{SHA}')) return [];
  return [...text.matchAll(HASH)].map(({ 0: value, index, groups }) => {
    // So are those of manuals.
    const isExample = /^(?:test|user|example)\d?$/i.test(groups?.user ?? '');
    return { value, kind: isExample ? 'placeholder' : 'plain', start: index };
  });
}

const TOKEN = /(?<![\w.-])eyJ[\w-]{8,}\.(?<payload>eyJ[\w-]{8,})\.[\w-]{20,}(?![\w.-])/g;

/** Signed tokens in a text (RFC 7519, "JSON Web Token"), without those that are made for everybody to see. */
export function tokensIn(text: string): readonly TextSecret[] {
  if (!text.includes('eyJ')) return [];
  return [...text.matchAll(TOKEN)].flatMap(({ 0: value, index, groups }) => {
    const payload = Buffer.from(groups?.payload ?? '', 'base64url').toString();
    const isPublic = !payload.endsWith('}') || /"role"\s*:\s*"anon"/.test(payload);
    return isPublic ? [] : secretAt('', value, index, new Set());
  });
}
