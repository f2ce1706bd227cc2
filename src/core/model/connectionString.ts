import type { StoreKind } from './storeKind';

/** Where a data store is, and who may use it. */
export interface StoreAccess {
  readonly kind: StoreKind;
  /** As it is written in front of a port: IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** A URL that programs connect to a data store with. */
export interface ConnectionString {
  /** With the password, if there is one. */
  readonly text: string;
  /** The same to look at: without it. */
  readonly masked: string;
}

const SCHEMES: Readonly<Record<StoreKind, string>> = {
  postgres: 'postgresql',
  mysql: 'mysql',
  mongo: 'mongodb',
  redis: 'redis',
};

/** The port inside a container that each kind of store listens at unless told otherwise. */
export const STORE_PORTS: Readonly<Record<StoreKind, number>> = {
  postgres: 5432,
  mysql: 3306,
  mongo: 27017,
  redis: 6379,
};

/** Put in the place of a password: no character of it needs encoding in a URL. */
const MASK = '***';

/** The URL of a data store; user, password and database are percent-encoded. */
export function connectionString(access: StoreAccess): ConnectionString {
  const { kind, host, port, user, password, database } = access;
  const withPassword = (shown: string) => {
    const login = `${encode(user ?? '')}${password ? `:${shown}` : ''}`;
    // The user that MongoDB's image makes is known in the database "admin" alone.
    const options = kind === 'mongo' && user ? '?authSource=admin' : '';
    const path = database || options ? `/${encode(database ?? '')}` : '';
    return `${SCHEMES[kind]}://${login ? `${login}@` : ''}${host}:${port}${path}${options}`;
  };
  return { text: withPassword(encode(password ?? '')), masked: withPassword(MASK) };
}

/** Also of what `encodeURIComponent` leaves as it is, but some programs' readers of URLs do not: `'`, `(`, `)`, `*`, `!`. */
function encode(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
