import type { StoreKind } from '../model/storeKind';

/**
 * These scripts are run inside the container of a data store, by its own `sh`. So its credentials are taken from where the
 * container has them, its variables and the files that they name, and stand on no command line. They are meant for every
 * POSIX shell, that of BusyBox too.
 */

/** Becomes the store's own client, for a person at a terminal or for what comes on standard input. */
export function clientScript(kind: StoreKind): string {
  return scriptOf(kind, CLIENTS[kind]);
}

/** Prints user, password and database, each ended by a zero byte. */
export function accessScript(kind: StoreKind): string {
  return scriptOf(kind, String.raw`printf '%s\0' "$user" "$password" "$database"`);
}

/** Sends the script's arguments to Redis as one command, and prints the answer. */
export function redisScript(): string {
  return scriptOf('redis', 'exec "$client" -p "$BERTH_PORT" "$@"');
}

/**
 * Prints the id that its client has as a process in the container, then runs the SQL that comes on standard input, up to
 * the first error, and last prints what the client ended with, see {@link SQL_ENDED}. The input must end with {@link SQL_END}.
 */
export function sqlScript(kind: SqlKind): string {
  const tellId = `sh -c 'echo "$$"; exec "$@"' sh`;
  // Else the client of MySQL keeps what it prints until it has much of it.
  const client = kind === 'postgres' ? '"$client" --no-psqlrc --set ON_ERROR_STOP=1 --file -' : '"$@" --unbuffered';
  const tellEnd = 'code=$?; echo "berth: ended with $code"; exit "$code"';
  return scriptOf(kind, `{ cat; ${STOP_UNLESS_ENDED}; } | ${tellId} ${client}\n${tellEnd}`);
}

/** The last line of a script for SQL. Without it nothing is known: Compose takes a connection that broke for a good end. */
export const SQL_ENDED = /^berth: ended with (\d+)$/;

export type SqlKind = Extract<StoreKind, 'postgres' | 'mysql'>;

function scriptOf(kind: StoreKind, action: string): string {
  return [HELPERS, CREDENTIALS[kind], action].join('\n');
}

/**
 * What a script for SQL wants to hear after the last byte, and only then. Both `psql` and `mysql` run what they have of a
 * statement when their input ends; so when that is cut off, because the engine or Berth ended, a `DELETE` may have lost its
 * `WHERE`. Therefore the script always adds a backslash command that there is not, at which they stop without running
 * anything, out of a comment if need be; this here has them end before it.
 */
export const SQL_END = '\n\\q\n';
const STOP_UNLESS_ENDED = String.raw`printf '\n*/ \\000 (cut off)\n'`;

/** What clients say of the command that there is not. After {@link SQL_END} only a file makes them, that leaves something open. */
export const SQL_LEFT_OPEN = /invalid command \\000|Unknown command '\\0'/;

/**
 * `first A B` prints the value of the first of some variables that has one: itself, or in the file that its sibling
 * `A_FILE` names, as the images of all these stores have it. `client A B` finds the first program that there is.
 */
const HELPERS = String.raw`
first() {
  for name; do
    file_name="$name"_FILE
    eval "value=\$$name file=\$$file_name"
    if [ -z "$value" ] && [ -n "$file" ]; then value=$(cat "$file"); fi
    if [ -n "$value" ]; then printf %s "$value"; return; fi
  done
}
client() {
  for name; do client=$(command -v "$name") && return; done
  echo "This container has none of: $*" >&2
  exit 127
}`;

/**
 * Set `user`, `password`, `database`, and what the client needs of them. Sources: the documentation of the images postgres,
 * mysql, mariadb, mongo and redis, and of Bitnami's, whose variables have other names.
 */
const CREDENTIALS: Readonly<Record<StoreKind, string>> = {
  postgres: `
client psql
user=$(first POSTGRES_USER POSTGRESQL_USERNAME)
[ -n "$user" ] || user=postgres
password=$(first POSTGRES_PASSWORD POSTGRESQL_PASSWORD)
database=$(first POSTGRES_DB POSTGRESQL_DATABASE)
[ -n "$database" ] || database=$user
export PGUSER="$user" PGDATABASE="$database"
[ -z "$password" ] || export PGPASSWORD="$password"
[ -z "$BERTH_PORT" ] || export PGPORT="$BERTH_PORT"`,
  mysql: `
client mariadb mysql
user=$(first MARIADB_USER MYSQL_USER)
password=$(first MARIADB_PASSWORD MYSQL_PASSWORD)
# A user without a password is made by Bitnami's images alone, and when this is set.
if [ -z "$user" ] || [ -z "$password$ALLOW_EMPTY_PASSWORD" ]; then
  user=root
  password=$(first MARIADB_ROOT_PASSWORD MYSQL_ROOT_PASSWORD)
fi
database=$(first MARIADB_DATABASE MYSQL_DATABASE)
[ -z "$password" ] || export MYSQL_PWD="$password"
set -- "$client" --user="$user"
[ -z "$database" ] || set -- "$@" --database="$database"`,
  mongo: `
client mongosh mongo
user=$(first MONGO_INITDB_ROOT_USERNAME MONGODB_INITDB_ROOT_USERNAME MONGODB_ROOT_USER)
password=$(first MONGO_INITDB_ROOT_PASSWORD MONGODB_INITDB_ROOT_PASSWORD MONGODB_ROOT_PASSWORD)
database=$(first MONGO_INITDB_DATABASE MONGODB_INITDB_DATABASE MONGODB_DATABASE)
[ -n "$BERTH_PORT" ] || BERTH_PORT=27017
export BERTH_PORT BERTH_USER="$user" BERTH_PASSWORD="$password" BERTH_DATABASE="$database"
[ -n "$database" ] || BERTH_DATABASE=test`,
  // A password only where one is wanted: a server without complains of it, and programs stop at that.
  redis: String.raw`
client redis-cli valkey-cli keydb-cli
user= password= database=
[ -n "$BERTH_PORT" ] || BERTH_PORT=6379
if "$client" -p "$BERTH_PORT" ping 2>&1 | grep -q NOAUTH; then
  password=$BERTH_PASSWORD
  [ -z "$BERTH_PASSWORD_WORD" ] || eval "password=$BERTH_PASSWORD_WORD"
  if [ -z "$password" ] && [ -n "$BERTH_CONFIG" ]; then
    password=$(sed -n 's/^[[:space:]]*requirepass[[:space:]]*"*\([^"]*\)"*[[:space:]]*$/\1/p' "$BERTH_CONFIG" | tail -n 1)
  fi
  [ -n "$password" ] || password=$(first REDIS_PASSWORD VALKEY_PASSWORD KEYDB_PASSWORD)
  export REDISCLI_AUTH="$password" VALKEYCLI_AUTH="$password"
  # The name of the user whom "requirepass" is about: older clients fail with a password in a URL that has none.
  user=default
fi`,
};

/** The user that MongoDB's image makes is known in the database "admin" alone. */
const MONGO_URL = `((v) => "mongodb://"
  + (v.BERTH_USER ? encodeURIComponent(v.BERTH_USER) + ":" + encodeURIComponent(v.BERTH_PASSWORD) + "@" : "")
  + "127.0.0.1:" + v.BERTH_PORT + "/" + encodeURIComponent(v.BERTH_DATABASE) + "?directConnection=true"
  + (v.BERTH_USER ? "&authSource=admin" : ""))(process.env)`;

const CLIENTS: Readonly<Record<StoreKind, string>> = {
  postgres: 'exec "$client"',
  mysql: 'exec "$@"',
  // The older shell of MongoDB can't read variables; it wipes the password from its command line by itself.
  mongo: `
case $client in
*mongosh) exec "$client" --quiet --nodb --shell --eval 'db = connect(${MONGO_URL})' ;;
esac
set -- --port "$BERTH_PORT" "$BERTH_DATABASE"
[ -z "$user" ] || set -- "$@" --username "$user" --password "$password" --authenticationDatabase admin
exec "$client" "$@"`,
  redis: 'exec "$client" -p "$BERTH_PORT"',
};
