#!/bin/bash
# Does what the documentation of the official postgres image promises: the same variables, the same order of steps.
set -Eeo pipefail

# Takes a variable's value from itself, from the file that NAME_FILE names, or from a default.
from_variable_or_file() {
  local name="$1" file="${1}_FILE"
  if [ -n "${!file:-}" ]; then
    export "$name"="$(<"${!file}")"
    unset "$file"
  else
    export "$name"="${!name:-${2:-}}"
  fi
}

sql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password --dbname "$@"
}

become_postgres() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  chmod 2777 /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
}

require_password() {
  if [ -n "$POSTGRES_PASSWORD" ] || [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then return; fi
  cat >&2 <<'END'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".
END
  exit 1
}

run_initialisation_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh)
        if [ -x "$file" ]; then
          echo "$0: running $file"
          "$file"
        else
          echo "$0: sourcing $file"
          . "$file"
        fi
        ;;
      *.sql)
        echo "$0: running $file"
        sql "$POSTGRES_DB" -f "$file"
        ;;
      *.sql.gz)
        echo "$0: running $file"
        gunzip -c "$file" | sql "$POSTGRES_DB"
        ;;
      */\*) ;; # nothing in there
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

initialise() {
  require_password
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"

  # For its own set-up the server listens on no network, so that nobody takes it for ready.
  PGUSER="$POSTGRES_USER" pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
  export PGPASSWORD="$POSTGRES_PASSWORD"
  if [ "$POSTGRES_DB" != postgres ]; then
    sql postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db" ;'
  fi
  run_initialisation_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi

if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then become_postgres "$@"; fi
  from_variable_or_file POSTGRES_PASSWORD
  from_variable_or_file POSTGRES_USER postgres
  from_variable_or_file POSTGRES_DB "$POSTGRES_USER"
  from_variable_or_file POSTGRES_INITDB_ARGS
  from_variable_or_file POSTGRES_HOST_AUTH_METHOD
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
  else
    initialise
  fi
fi

exec "$@"
